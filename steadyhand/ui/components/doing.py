"""What one presses: acts, menus, dialogs."""

from __future__ import annotations

from typing import Any

from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from steadyhand.ui.components.library import register


@register.simple_tag(takes_context=True)
def act(context: Context, label: str, url: str, **options: Any) -> SafeString:
    """A button that acts by POST, as a form: works without JavaScript, swaps with it.

    Options: `kind` (do, quiet, danger), `method` (post; put, patch and delete need JavaScript),
    `key` (single-key shortcut), `target` and `swap` (htmx; without a target the page answers as a whole),
    `icon`, `name` and `value` (one hidden field), `small`, `menu` (plain button for a menu),
    `title` (what a screen reader hears instead).
    """
    return render_to_string(
        "ui/act.html",
        {"label": label, "url": url, "csrf_token": context.get("csrf_token"), "method": "post", **options},
    )


@register.simple_block_tag
def menu(content: str, label: str = "More", text: str = "", icon: str = "", side: str = "") -> SafeString:
    """⋯ with links and `{% act … menu=True %}` inside. `text`: a word instead of dots; `side`: start, up."""
    return render_to_string(
        "ui/menu.html", {"content": content, "label": label, "text": text, "icon": icon, "side": side}
    )


@register.simple_block_tag
def dialog(content: str, id: str, title: str, drawer: bool = False) -> SafeString:
    """A native <dialog>; `data-dialog="#id"` on a link or button opens it. `drawer` puts it at the side."""
    return render_to_string(
        "ui/dialog.html", {"content": content, "id": id, "title": title, "drawer": drawer}
    )


@register.simple_block_tag
def sheet(content: str, title: str, id: str = "sheet") -> SafeString:
    """The inside of one of the frame's two empty dialogs, `sheet` and `drawer` (at the side).

    Answer a request with `hx-target="#sheet"` with it, and the dialog opens; answer 422 to show errors in it;
    the response header `HX-Trigger: close-dialog` closes it.
    """
    return render_to_string("ui/sheet.html", {"content": content, "id": id, "title": title})
