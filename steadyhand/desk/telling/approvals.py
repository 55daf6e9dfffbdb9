"""Approvals, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

Told = tuple[str, str, str]

VERDICTS = {
    "approved": "Approved",
    "with_changes": "Approved with changes",
    "change_wanted": "Change wanted",
}
STEPS = {"before": "before the deadline", "on": "on the day", "after": "after the deadline"}


def _title(data: dict[str, Any]) -> str:
    return str(data.get("title", ""))


def _piece(data: dict[str, Any]) -> str:
    number = data.get("number")
    version = f", version {number}" if number else ""
    return f"“{data.get('piece', '')}”{version} of {_title(data)}"


def _day(data: dict[str, Any]) -> str:
    day = data.get("due_on")
    return f"by {dt.date.fromisoformat(str(day)):%d %B %Y}" if day else ""


def _names(data: dict[str, Any]) -> str:
    return ", ".join(data.get("names") or ())


def _version(data: dict[str, Any]) -> Told:
    off = "what was scheduled is called off" if data.get("was_scheduled") else ""
    return "New version", _piece(data), str(data.get("note") or off)


def _comment(data: dict[str, Any]) -> Told:
    title = "Comment" if data.get("shared") else "Comment, internal"
    return title, _piece(data), str(data.get("text", ""))


OF_APPROVALS: dict[str, Callable[[dict[str, Any]], Told]] = {
    "approval.prepared": lambda d: ("Approval prepared", _title(d), ""),
    "approval.changed": lambda d: ("Approval changed", _title(d), ""),
    "approval.piece_added": lambda d: ("Piece added", _piece(d), ""),
    "approval.piece_removed": lambda d: ("Piece taken out", _piece(d), ""),
    "approval.version_added": _version,
    "approval.changes_put_in": lambda d: ("Agreed changes put in", _piece(d), str(d.get("note", ""))),
    "approval.asked": lambda d: (
        "Asked for approval",
        _title(d),
        ", ".join(filter(None, [_names(d), _day(d)])),
    ),
    "approval.asked_again": lambda d: ("Asked for approval again", _title(d), _day(d)),
    "approval.decided": lambda d: (
        VERDICTS.get(str(d.get("verdict")), "Decided"),
        _piece(d),
        str(d.get("words", "")),
    ),
    "approval.taken_back": lambda d: ("Decision taken back", _piece(d), ""),
    "approval.handed_over": lambda d: (
        "Approval handed over",
        _title(d),
        f"from {d.get('before', '')} to {d.get('name', '')}",
    ),
    "approval.withdrawn": lambda d: ("Approval taken back", _title(d), str(d.get("reason", ""))),
    "approval.reminded": lambda d: (
        "Reminder drafted",
        _title(d),
        ", ".join(filter(None, [_names(d), STEPS.get(str(d.get("step")), "")])),
    ),
    "approval.commented": _comment,
    "posting.scheduled": lambda d: ("Posting scheduled", _piece(d), ""),
    "posting.unscheduled": lambda d: ("Posting called off", _piece(d), str(d.get("reason", ""))),
}
