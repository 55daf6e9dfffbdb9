"""Flags, ratings and opportunities in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

Told = tuple[str, str, str]


def _rated(data: dict[str, Any]) -> Told:
    scores = data.get("scores") or {}
    said = ", ".join(f"{str(key).replace('-', ' ')} {score}" for key, score in scores.items())
    return f"Rated us{_month(data)}", said, f"said by {data['contact']}" if data.get("contact") else ""


def _month(data: dict[str, Any]) -> str:
    month = str(data.get("month", ""))
    return f" for {dt.date.fromisoformat(month):%B}" if month else ""


OF_CARE: dict[str, Callable[[dict[str, Any]], Told]] = {
    "flag.raised": lambda d: ("Flag raised", str(d.get("text", "")), ""),
    "flag.settled": lambda d: ("Flag settled", str(d.get("text", "")), str(d.get("how", ""))),
    "flag.withdrawn": lambda d: ("Flag taken back", str(d.get("text", "")), ""),
    "ratings.given": _rated,
    "ratings.skipped": lambda d: (f"Ratings not asked{_month(d)}", str(d.get("reason", "")), ""),
    "ratings.taken_back": lambda d: (f"Ratings taken back{_month(d)}", "", ""),
    "flag.reopened": lambda d: ("Flag stands again", str(d.get("text", "")), ""),
    "opportunity.noted": lambda d: ("Opportunity", str(d.get("text", "")), ""),
    "opportunity.dropped": lambda d: ("Opportunity dropped", str(d.get("text", "")), ""),
}
