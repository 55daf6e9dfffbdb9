"""What surrounds a page: the reader's preferences, toasts of the last act."""

from __future__ import annotations

from typing import Any

from django.contrib.messages.storage.base import Message
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from steadyhand.ui.components.library import register

#: What a reader may prefer; the first of each is how it is for everybody else.
PREFERENCES = {
    "theme": ("system", "light", "dark"),
    "density": ("comfortable", "compact"),
    "shortcuts": ("on", "off"),
}


@register.simple_tag(takes_context=True)
def preferences(context: Context) -> SafeString:
    """Attributes of <html>: data-theme, data-density, data-shortcuts.

    What was chosen on this device (a cookie) goes before what the request's member keeps for all of them.
    """
    request = context.get("request")
    return format_html_join("", ' data-{}="{}"', ((name, _preferred(request, name)) for name in PREFERENCES))


def _preferred(request: Any, name: str) -> str:
    kept = getattr(getattr(request, "member", None), name, None)
    if isinstance(kept, bool):
        kept = "on" if kept else "off"
    here = request.COOKIES.get(f"steadyhand_{name}") if request else None
    allowed = PREFERENCES[name]
    return next((value for value in (here, kept) if value in allowed), allowed[0])


@register.simple_tag(takes_context=True)
def toast(context: Context, message: Message) -> SafeString:
    """A Django message as a toast; `ui.toasts.toast` gives it its Undo."""
    _, _, how = (message.extra_tags or "").partition("undo:")
    method, _, undo = how.partition(":")
    return render_to_string(
        "ui/toast.html",
        {
            "text": message.message,
            "level": message.level_tag,
            "undo": undo,
            "method": method,
            "csrf_token": context.get("csrf_token"),
        },
    )
