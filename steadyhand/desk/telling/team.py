"""The team's own meetings, wins and feedback in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from steadyhand.comms.models import Channel

Told = tuple[str, str, str]


def _told(data: dict[str, Any]) -> Told:
    how = str(data.get("how", ""))
    by = f" by {Channel(how).label}" if how in Channel.values else ""
    return f"Told them{by}", str(data.get("text", "")), ""


OF_TEAM: dict[str, Callable[[dict[str, Any]], Told]] = {
    "win.noted": lambda d: ("Win", str(d.get("text", "")), ""),
    "win.told": _told,
    "win.untold": lambda d: ("Not told after all", str(d.get("text", "")), ""),
    "win.offered": lambda d: (
        "Offered to the all-hands" if d.get("offered") else "Kept from the all-hands",
        str(d.get("text", "")),
        "",
    ),
    "win.referral_moment": lambda d: ("A moment to ask for a referral", str(d.get("text", "")), ""),
    "win.dropped": lambda d: ("Win taken back", str(d.get("text", "")), ""),
    "win.restored": lambda d: ("Win stands again", str(d.get("text", "")), ""),
    "feedback.given": lambda d: ("Feedback given", f"to {d.get('about', '')}", ""),
    "feedback.withdrawn": lambda d: ("Feedback taken back", f"to {d.get('about', '')}", ""),
    "feedback.restored": lambda d: ("Feedback stands again", f"to {d.get('about', '')}", ""),
    "series.set_up": lambda d: ("Recurring meeting set up", str(d.get("title", "")), ""),
    "series.changed": lambda d: ("Recurring meeting changed", str(d.get("title", "")), ""),
    "series.ended": lambda d: ("Recurring meeting ended", str(d.get("title", "")), ""),
    "series.resumed": lambda d: ("Recurring meeting comes again", str(d.get("title", "")), ""),
}
