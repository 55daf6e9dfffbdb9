"""Meetings, invitations and minutes in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

Told = tuple[str, str, str]
Data = dict[str, Any]

ANSWERS = {"accepted": "comes", "tentative": "comes perhaps", "declined": "does not come"}


def _title(data: Data) -> str:
    return f"“{data.get('title', '')}”"


def _moment(text: object) -> str:
    try:
        at = dt.datetime.fromisoformat(str(text))
    except ValueError:
        return ""
    return f"{at.day} {at:%b %Y, %H:%M} UTC" if at.tzinfo else f"{at.day} {at:%b %Y}"


def _with(data: Data, words: str) -> str:
    return f"{_title(data)}{words}"


def _answered(data: Data) -> Told:
    said = ANSWERS.get(str(data.get("answer")), "has not answered")
    return (
        "Meeting answered",
        f"{data.get('attendee', '')} {said}: {_title(data)}",
        str(data.get("comment", "")),
    )


def _closed(data: Data) -> Told:
    count = int(data.get("actions", 0))
    actions = f", {count} action{'' if count == 1 else 's'}" if count else ""
    return "Meeting held", f"{_title(data)}, {data.get('minutes', 0)} min{actions}", ""


def _named(names: object) -> str:
    known = [str(name) for name in names] if isinstance(names, list) else []
    return ", ".join(known[:5]) + (f" and {len(known) - 5} more" if len(known) > 5 else "")


def _prepared(data: Data) -> Told:
    return "Meeting prepared for", _with(data, f": {len(data.get('steps', []))} preparations planned"), ""


OF_MEETINGS: dict[str, Callable[[Data], Told]] = {
    "meeting.planned": lambda d: ("Meeting planned", _with(d, f", {_moment(d.get('starts_at'))}"), ""),
    "meeting.moved": lambda d: (
        "Meeting moved",
        _with(d, f" to {_moment(d.get('starts_at'))}"),
        str(d.get("reason", "")),
    ),
    "meeting.changed": lambda d: ("Meeting changed", _title(d), ", ".join(d.get("changed", {}))),
    "meeting.handed_over": lambda d: ("Meeting handed over", _with(d, f" to {d.get('leader', '')}"), ""),
    "meeting.cancelled": lambda d: ("Meeting called off", _title(d), str(d.get("reason", ""))),
    "meeting.revived": lambda d: ("Meeting on after all", _title(d), ""),
    "meeting.begun": lambda d: ("Meeting begun", _title(d), ""),
    "meeting.closed": _closed,
    "meeting.reopened": lambda d: ("Meeting opened again", _title(d), ""),
    "meeting.attendee_added": lambda d: ("Asked to a meeting", _with(d, f": {d.get('attendee', '')}"), ""),
    "meeting.attendee_removed": lambda d: (
        "Not needed at a meeting",
        _with(d, f": {d.get('attendee', '')}"),
        "",
    ),
    "meeting.attendees_agreed": lambda d: ("Who comes is agreed", _title(d), ""),
    "meeting.invited": lambda d: ("Invited", _title(d), _named(d.get("names"))),
    "meeting.answered": _answered,
    "meeting.time_proposed": lambda d: (
        "Another time asked for",
        f"{d.get('attendee', '')} asks for {_moment(d.get('starts_at'))}: {_title(d)}",
        str(d.get("comment", "")),
    ),
    "meeting.proposal_declined": lambda d: (
        "Other time declined",
        f"{_title(d)} stays; {d.get('attendee', '')} asked for {_moment(d.get('starts_at'))}",
        "",
    ),
    "meeting.point_added": lambda d: (
        "The client asked to talk about",
        f"“{d.get('point', '')}”",
        str(d.get("attendee", "")),
    ),
    "meeting.declined": lambda d: (
        "Meeting declined by the client",
        _with(d, f", {d.get('attendee', '')}"),
        "",
    ),
    "meeting.agenda_sent": lambda d: ("Agenda sent", _title(d), _named(d.get("recipients"))),
    "meeting.prepared": _prepared,
    "meeting.department_asked": lambda d: (
        "Department asked to prepare",
        f"{d.get('member', '')}: “{d.get('what', '')}”",
        str(d.get("title", "")),
    ),
    "meeting.minutes_circulated": lambda d: ("Minutes circulated", _title(d), _named(d.get("recipients"))),
    "meeting.minutes_called_back": lambda d: ("Minutes called back", _title(d), "before they left"),
    "booking.needed": lambda d: ("To be booked", f"{d.get('what', '')} for {_title(d)}", ""),
    "booking.confirmed": lambda d: (
        "Booked",
        f"{d.get('what', '')} for {_title(d)}",
        str(d.get("reference", "")),
    ),
    "booking.unconfirmed": lambda d: ("Not booked after all", f"{d.get('what', '')} for {_title(d)}", ""),
    "booking.dropped": lambda d: ("Not to be booked", f"{d.get('what', '')} for {_title(d)}", ""),
    "report.asked": lambda d: (
        "Report asked for",
        f"“{d.get('wanted', '')}” of {d.get('asked_of', '')}",
        "",
    ),
    "report.handed_in": lambda d: (
        "Report handed in",
        f"“{d.get('wanted', '')}”",
        str(d.get("found_at", "")),
    ),
    "report.reopened": lambda d: ("Report owed again", f"“{d.get('wanted', '')}”", ""),
    "report.dropped": lambda d: (
        "Report not needed",
        f"“{d.get('wanted', '')}”",
        str(d.get("reason", "")),
    ),
}
