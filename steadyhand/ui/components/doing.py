"""What one presses: acts, menus, dialogs."""

from __future__ import annotations

from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from steadyhand.ui.components.library import classes, element, register
from steadyhand.ui.components.marks import icon_svg


@register.simple_tag(takes_context=True)
def act(
    context: Context,
    label: str,
    url: str,
    *,
    kind: str = "",
    method: str = "post",
    key: str = "",
    target: str = "",
    swap: str = "outerHTML",
    icon: str = "",
    name: str = "",
    value: object = "",
    small: bool = False,
    menu: bool = False,
    title: str = "",
) -> SafeString:
    """A button that acts by POST, as a form: works without JavaScript, swaps with it.

    Options: `kind` (do, quiet, danger), `method` (post; put, patch and delete need JavaScript),
    `key` (single-key shortcut), `target` and `swap` (htmx; without a target the page answers as a whole),
    `icon`, `name` and `value` (one hidden field), `small`, `menu` (plain button for a menu),
    `title` (what a screen reader hears instead).
    """
    looks = classes("btn", kind and f"btn--{kind}", small and "btn--small")
    button = element(
        "button",
        icon and icon_svg(icon),
        label,
        menu and key and element("kbd", key, aria_hidden="true"),
        type="submit",
        cls=("danger" if kind == "danger" else "") if menu else looks,
        data_key=key,
        data_key_label=label if key else "",
        title=f"{label} ({key})" if key else "",
        aria_label=title,
    )
    token = context.get("csrf_token")
    swaps = {f"hx-{method}": url} if target or method != "post" else {}
    return element(
        "form",
        token and element("input", type="hidden", name="csrfmiddlewaretoken", value=token),
        name and element("input", type="hidden", name=name, attrs={"value": str(value) or None}),
        button,
        cls="act",
        action=url,
        method="post",
        attrs={**swaps, "hx-target": target, "hx-swap": swap if target else ""},
    )


@register.simple_block_tag
def menu(content: str, label: str = "More", text: str = "", icon: str = "", side: str = "") -> SafeString:
    """⋯ with links and `{% act … menu=True %}` inside. `text`: a word instead of dots; `side`: start, up."""
    drawn = icon_svg(icon) if icon else "" if text else icon_svg("ellipsis-horizontal")
    summary = element(
        "summary",
        drawn,
        text,
        text and not icon and icon_svg("chevron-down", small=True),
        cls="btn" if text else "btn btn--quiet btn--icon",
        aria_label="" if text else label,
    )
    items = element("div", content, cls="menu__items")
    return element("details", summary, items, cls=classes("menu", side and f"menu--{side}"))


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
