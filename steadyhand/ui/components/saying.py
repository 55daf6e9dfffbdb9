"""What the page says: banners, empty pages, waiting, meters and progress."""

from __future__ import annotations

from decimal import Decimal

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from steadyhand.core.money import show
from steadyhand.ui import formats
from steadyhand.ui.components.library import register
from steadyhand.ui.components.marks import icon_svg

BANNERS = {
    "note": "information-circle",
    "well": "check-circle",
    "watch": "exclamation-triangle",
    "act": "exclamation-circle",
}


@register.simple_block_tag
def banner(content: str, kind: str = "note") -> SafeString:
    """A sentence above the page that stays: note, well, watch, act."""
    inside = mark_safe(content)  # noqa: S308
    drawn = icon_svg(BANNERS[kind])
    return format_html('<div class="banner banner--{}">{}<div>{}</div></div>', kind, drawn, inside)


@register.simple_tag
def empty(sentence: str, action: str = "", url: str = "", icon: str = "") -> SafeString:
    """An empty page: what goes here, and the one next step."""
    return render_to_string(
        "ui/empty.html", {"sentence": sentence, "action": action, "url": url, "icon": icon}
    )


@register.simple_tag
def skeleton(lines: int = 3) -> SafeString:
    """Grey lines while a part loads; invisible for the first 300 ms."""
    drawn = mark_safe("<span></span>" * lines)  # noqa: S308
    return format_html('<div class="skeleton" role="status" aria-label="Loading">{}</div>', drawn)


@register.simple_tag
def allowance(label: str, used: float, total: float, unit: str = "minutes") -> SafeString:
    """How much of an allowance is used: “20 m of 2 h”. `unit`: minutes, or a currency code, or a word."""
    return render_to_string(
        "ui/allowance.html",
        {
            "label": label,
            "used": used,
            "total": total,
            "most": max(float(total), 1),
            "nearly": float(total) * 0.85,
            "over": used > total,
            "used_text": _amount(used, unit),
            "total_text": _amount(total, unit),
        },
    )


def _amount(value: float, unit: str) -> str:
    if unit == "minutes":
        return formats.duration(value)
    if len(unit) == 3 and unit.isupper():
        return show(Decimal(str(value)), unit)
    return f"{value:g} {unit}"


@register.simple_tag
def progress(label: str, done: int, total: int | None, poll: str = "", note: str = "") -> SafeString:
    """Work with counts: “1,200 of 10,000”. `poll` is asked each second and answers with this tag again.

    The answer that says it is finished leaves `poll` out, and the asking stops. `total` None: not known yet.
    """
    counted = f"{done:,}" if total is None else f"{done:,} of {total:,}"
    return render_to_string(
        "ui/progress.html",
        {"label": label, "done": done, "total": total, "counted": counted, "poll": poll, "note": note},
    )
