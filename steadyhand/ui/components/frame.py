"""What surrounds a page: the reader's preferences, toasts of the last act."""

from __future__ import annotations

from django.contrib.messages.storage.base import Message
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from steadyhand.ui.components.library import register

PREFERENCES = {"theme": {"light", "dark"}, "density": {"compact"}, "shortcuts": {"off"}}


@register.simple_tag(takes_context=True)
def preferences(context: Context) -> SafeString:
    """Attributes of <html>: data-theme, data-density, data-shortcuts, from the reader's cookies."""
    request = context.get("request")
    chosen = {
        name: request.COOKIES.get(f"steadyhand_{name}") if request else None
        for name, allowed in PREFERENCES.items()
    }
    return format_html_join("", ' data-{}="{}"', ((n, v) for n, v in chosen.items() if v in PREFERENCES[n]))


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
