"""Acts about the work shown, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

Told = tuple[str, str, str]
Data = dict[str, Any]


def _entry(deed: str) -> Callable[[Data], Told]:
    return lambda d: (f"{d.get('what', 'Work')} {deed}".capitalize(), f"“{d.get('text', '')}”", "")


def _received(data: Data) -> Told:
    new, changed = int(data.get("new", 0)), int(data.get("changed", 0))
    parts = [f"{new:,} new"] if new else []
    parts += [f"{changed:,} changed"] if changed else []
    return "Work came in", f"{data.get('label', '')}: {', '.join(parts)}", ""


def _planned(data: Data) -> Told:
    try:
        month = f"{dt.date.fromisoformat(str(data.get('month', ''))):%B %Y}"
    except ValueError:
        month = ""
    when = f"a month from {month} on" if data.get("lasting") else f"in {month}"
    return "Work planned", f"{data.get('count', '')} × {data.get('what', '')}", when


def _answered(data: Data) -> Told:
    deed = "is done" if data.get("state") == "done" else "is not wanted"
    said = str(data.get("answer", ""))
    return f"The client says it {deed}", f"“{data.get('issue', '')}”", said


OF_WORK: dict[str, Callable[[Data], Told]] = {
    "work.entered": _entry("written down"),
    "work.changed": _entry("changed"),
    "work.dropped": _entry("taken out"),
    "work.restored": _entry("put back"),
    "work.received": _received,
    "work.planned": _planned,
    "work.unplanned": lambda d: (
        "Plan of work taken back",
        f"{d.get('count', '')} × {d.get('what', '')}",
        "",
    ),
    "work.list_changed": lambda d: (str(d.get("list", "List")), str(d.get("words", "")), ""),
    "recommendation.answered": _answered,
}
