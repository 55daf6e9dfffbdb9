"""Deliverables, strategies and introductions, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

Told = tuple[str, str, str]
Data = dict[str, Any]


def _day(text: object) -> str:
    try:
        day = dt.date.fromisoformat(str(text))
    except ValueError:
        return ""
    return f"{day.day} {day:%b %Y}"


def _title(data: Data) -> str:
    return f"“{data.get('title', '')}”"


def _planned(data: Data) -> Told:
    manager, day = str(data.get("manager", "")), _day(data.get("starts_on"))
    said = ", ".join(filter(None, (manager, f"starts {day}" if day else "")))
    return f"{data.get('service', 'A service')} planned", said, str(data.get("reason", ""))


def _of_service(deed: str, field: str = "note") -> Callable[[Data], Told]:
    return lambda d: (f"{deed}: {d.get('service', '')}", str(d.get(field, "")), "")


def _strategy(deed: str) -> Callable[[Data], Told]:
    return lambda d: (deed, f"version {d.get('number', '')}", "")


def _shown(data: Data) -> Told:
    final = data.get("showing") == "final"
    said = "for their sign-off" if final else "for a first view"
    return "Strategy shown to them", f"version {data.get('number', '')}, {said}", ""


def _tested(data: Data) -> Told:
    return (
        "Strategy tested",
        "it is still right" if data.get("still_right") else "it is to be changed",
        str(data.get("note", "")),
    )


def _word(deed: str) -> Callable[[Data], Told]:
    return lambda d: (deed, f"“{d.get('word', '')}”", f"asked of {d['of']}" if d.get("of") else "")


def _need(deed: str, *fields: str) -> Callable[[Data], Told]:
    return lambda d: (
        deed,
        str(d.get("need", "")),
        ": ".join(str(d[field]) for field in fields if d.get(field)),
    )


def _partner(deed: str) -> Callable[[Data], Told]:
    return lambda d: (deed, str(d.get("name", "")), str(d.get("trade", "")))


OF_DELIVERY: dict[str, Callable[[Data], Told]] = {
    "setup.planned": _planned,
    "setup.contacted": _of_service("Spoke to the deliverable manager"),
    "setup.chased": _of_service("Chased"),
    "setup.confirmed": lambda d: (f"{d.get('service', 'A service')} is set up", "", ""),
    "setup.reopened": lambda d: (f"{d.get('service', 'A service')} is not set up after all", "", ""),
    "task.added": _of_service("Task added", "title"),
    "task.done": _of_service("Task done", "title"),
    "task.reopened": _of_service("Task not done after all", "title"),
    "task.removed": _of_service("Task taken out", "title"),
    "timeline.asked": lambda d: ("Asked when it can be ready", _title(d), f"of {d.get('of', '')}"),
    "timeline.given": lambda d: (
        "Honest timeline",
        f"{_title(d)} by {_day(d.get('ready_on'))}",
        f"given by {d.get('giver', '')}",
    ),
    "timeline.dropped": lambda d: ("Timeline not needed", _title(d), str(d.get("reason", ""))),
    "deliverable.promised": lambda d: (
        "Promised to deliver",
        f"{_title(d)} by {_day(d.get('due_on'))}",
        str(d.get("reason", "")),
    ),
    "deliverable.moved": lambda d: (
        "Deliverable moved",
        f"{_title(d)} from {_day(d.get('from_day'))} to {_day(d.get('to_day'))}",
        str(d.get("reason", "")),
    ),
    "deliverable.delivered": lambda d: ("Delivered late" if d.get("late") else "Delivered", _title(d), ""),
    "deliverable.taken_back": lambda d: ("Not delivered after all", _title(d), ""),
    "deliverable.shared": lambda d: ("Shown to the client", _title(d), ""),
    "deliverable.unshared": lambda d: ("Kept to ourselves", _title(d), ""),
    "deliverable.dropped": lambda d: ("Will not be delivered", _title(d), str(d.get("reason", ""))),
    "deliverable.restored": lambda d: ("Owed after all", _title(d), ""),
    "term.heard": _word("A word nobody knew"),
    "term.explained": _word("Explained"),
    "term.improved": _word("Explained better"),
    "term.dropped": _word("Taken out of the glossary"),
    "channel.lead_named": lambda d: (
        "Who leads a channel",
        f"{d.get('channel', '')}: {d.get('name') or 'nobody'}",
        "",
    ),
    "introduction.promised": _need("Introduction promised", "partner"),
    "introduction.made": _need("Introduced them", "partner"),
    "introduction.followed": _need("Asked what came of it", "outcome", "note"),
    "introduction.dropped": _need("No introduction", "reason"),
    "partner.added": _partner("Added to our network"),
    "partner.changed": _partner("Changed in our network"),
    "partner.retired": _partner("No longer recommended"),
    "partner.restored": _partner("Recommended again"),
    "strategy.written": _strategy("Strategy written"),
    "strategy.rewritten": _strategy("Strategy changed"),
    "strategy.shown": _shown,
    "strategy.commented": lambda d: (
        "They commented on the strategy",
        str(d.get("text", "")),
        str(d.get("contact", "")),
    ),
    "strategy.signed_off": lambda d: (
        "Strategy signed off",
        f"version {d.get('number', '')}",
        f"by {d.get('contact', '')}",
    ),
    "strategy.review_set": lambda d: ("Next look at the strategy", _day(d.get("on")), ""),
    "strategy.tested": _tested,
    "strategy.presented": _strategy("Strategy presented to everybody"),
}
