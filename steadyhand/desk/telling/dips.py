"""Acts of dips, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

Told = tuple[str, str, str]


def _noticed(data: dict[str, Any]) -> Told:
    change = float(data.get("change") or 0)
    way = "below" if change < 0 else "above"
    return (
        f"Dip noticed in {_metric(data)}",
        f"{abs(change):.0%} {way} what was to be expected{_since(data)}",
        "",
    )


def _everybody(data: dict[str, Any]) -> Told:
    return "Every client's figures fell", f"by {abs(float(data.get('change') or 0)):.0%}{_since(data)}", ""


def _since(data: dict[str, Any]) -> str:
    first = str(data.get("first_day") or "")
    return f" from {dt.date.fromisoformat(first):%d %B} on" if first else ""


def _metric(data: dict[str, Any]) -> str:
    return str(data.get("metric") or "a figure").lower()


OF_DIPS: dict[str, Callable[[dict[str, Any]], Told]] = {
    "dip.noticed": _noticed,
    "dip.settled": lambda d: (
        f"Dip in {_metric(d)} explained",
        str(d.get("explanation", "")),
        str(d.get("cause", "")),
    ),
    "dip.reopened": lambda d: (f"Dip in {_metric(d)} is open again", "", ""),
    "dip.told": lambda d: (
        f"Client told of the dip in {_metric(d)}",
        "before they asked" if d.get("first") else "after they asked",
        "",
    ),
    "dip.untold": lambda d: (f"Not told of the dip in {_metric(d)} after all", "", ""),
    "dip.cleared": lambda d: (f"No dip in {_metric(d)} after all", "later figures show none", ""),
    "shock.noticed": _everybody,
}
