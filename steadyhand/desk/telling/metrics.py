"""Acts of metrics, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from steadyhand.core.refusals import Refusal
from steadyhand.reporting.metrics import periods

Told = tuple[str, str, str]


def _received(data: dict[str, Any]) -> Told:
    new, replaced = int(data.get("new", 0)), int(data.get("replaced", 0))
    parts = [f"{new:,} new"] if new else []
    parts += [f"{replaced:,} replaced what was there"] if replaced else []
    first, last = _day(data, "first"), _day(data, "last")
    days = first if first == last else f"{first} to {last}"
    return "Figures came in", f"from {data.get('source', '')}", f"{', '.join(parts)}; {days}"


def _day(data: dict[str, Any], name: str) -> str:
    try:
        day = dt.date.fromisoformat(str(data.get(name, "")))
    except ValueError:
        return ""
    return f"{day.day} {day:%b %Y}"


def _period(data: dict[str, Any]) -> str:
    try:
        return f"on {periods.said(periods.parse(str(data.get('period', ''))))}"
    except Refusal:
        return ""


def _text(data: dict[str, Any]) -> str:
    text = str(data.get("text", ""))
    return f"“{text}”" if text else ""


def _target(data: dict[str, Any]) -> str:
    return f"{data.get('label', '')}: {data.get('amount', '')} a month"


OF_METRICS: dict[str, Callable[[dict[str, Any]], Told]] = {
    "figures.received": _received,
    "figures.refused": lambda d: (
        "Figures did not come in",
        f"from {d.get('source', '')}",
        str(d.get("why", "")),
    ),
    "source.connected": lambda d: (
        "Tool connected",
        f"{d.get('tool', '')} {d.get('account', '')}",
        f"read since {_day(d, 'since')}",
    ),
    "source.renewed": lambda d: ("Access renewed", f"{d.get('tool', '')} {d.get('account', '')}", ""),
    "source.run_asked": lambda d: (
        "Read at once" if not d.get("whole") else "Read anew",
        str(d.get("tool", "")),
        "",
    ),
    "source.disconnected": lambda d: ("No longer read", str(d.get("tool", "")), "its figures stay"),
    "figures.forgotten": lambda d: ("Figures forgotten", f"all of {d.get('source', '')}", ""),
    "dashboard.arranged": lambda d: ("Figures arranged", str(d.get("what", "")), ""),
    "dashboard.shared": lambda d: ("Figures shared with the client", "", ""),
    "dashboard.closed": lambda d: ("Figures no longer shared", "", ""),
    "commentary.written": lambda d: ("Commentary", _text(d), _period(d)),
    "commentary.shown": lambda d: ("Commentary shown to the client", _text(d), ""),
    "commentary.hidden": lambda d: ("Commentary taken from the client's pages", _text(d), ""),
    "commentary.dropped": lambda d: ("Commentary taken back", _text(d), ""),
    "annotation.made": lambda d: ("Marked in the figures", _text(d), _day(d, "day")),
    "annotation.dropped": lambda d: ("Mark taken back", _text(d), ""),
    "target.agreed": lambda d: ("Target agreed", _target(d), ""),
    "target.dropped": lambda d: ("Target taken back", _target(d), ""),
    "tracking.agreed": lambda d: ("Agreed what is tracked", _text(d), ""),
}
