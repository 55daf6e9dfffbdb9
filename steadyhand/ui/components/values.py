"""Money, durations, and dates in the reader's zone."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from steadyhand.core import clock
from steadyhand.core.money import Money, show
from steadyhand.ui import formats
from steadyhand.ui.components.library import register


@register.filter
def money(amount: Decimal | int | Money | None, currency: str = "") -> str:
    """“£2,400”: `{{ amount|money:currency }}`, or a `core.money.Money` alone; pence only where any are."""
    if amount is None or amount == "":
        return ""
    if isinstance(amount, Money):
        return show(amount.amount, amount.currency)
    return show(Decimal(amount), currency or "GBP")


register.filter("duration", formats.duration)


def reader_zone(context: Context) -> dt.tzinfo:
    """`reader_zone` in the context, else the zone of the request's member, else the one activated."""
    member = getattr(context.get("request"), "member", None)
    zone = context.get("reader_zone") or getattr(member, "zone", None)
    if isinstance(zone, str) and zone:
        return clock.zone_info(zone)
    return zone or timezone.get_current_timezone()


@register.simple_tag(takes_context=True)
def when(
    context: Context, value: dt.date | None, length: formats.Length = "short", zone: Any = None
) -> SafeString:
    """A date or moment in the reader's zone, the relative one on hover.

    `length`: short “Thu 26 Nov, 10:00”, day, time, long. `zone` is where the thing happens: where clocks
    differ there, the reader's zone is named and the hover gives the time over there. Empty for None.
    """
    if value is None:
        return mark_safe("")
    here = reader_zone(context)
    now = clock.now()
    today = now.astimezone(here).date()
    if not isinstance(value, dt.datetime):
        return format_html(
            '<time datetime="{}" title="{}">{}</time>',
            value.isoformat(),
            formats.relative_day(value, today),
            formats.day_text(value, today, length),
        )
    local = value.astimezone(here)
    there = clock.zone_info(zone) if isinstance(zone, str) and zone else zone
    named, elsewhere = "", ""
    if there and value.astimezone(there).utcoffset() != local.utcoffset():
        named = "" if length == "day" else f" ({formats.place(here)})"
        elsewhere = f"{formats.moment_text(value.astimezone(there), today)} in {formats.place(there)}"
    hover = " · ".join(part for part in (formats.relative(value, now, today, here), elsewhere) if part)
    return format_html(
        '<time datetime="{}" title="{}" data-relative{}>{}{}</time>',
        value.isoformat(),
        hover,
        format_html(' data-elsewhere="{}"', elsewhere) if elsewhere else "",
        formats.moment_text(local, today, length),
        named,
    )
