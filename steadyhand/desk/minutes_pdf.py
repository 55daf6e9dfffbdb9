"""The minutes of a meeting as a PDF: what was said, decided and agreed, and nothing internal."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from steadyhand.comms.meetings.minutes import who_acts
from steadyhand.comms.models import Meeting
from steadyhand.core.models import Agency
from steadyhand.core.typesetting import as_pdf

PAPER = Path(__file__).parent / "papers" / "minutes.typ"

#: Where paper is cut another way.
LETTER = frozenset({"US", "CA", "MX", "PH"})


def minutes_pdf(meeting: Meeting) -> bytes:
    """A tagged PDF. Takes a second and a process; never called inside a transaction."""
    return as_pdf(PAPER, contents(meeting))


def contents(meeting: Meeting) -> dict[str, Any]:
    """What the paper says, in plain values."""
    agency = Agency.get()
    language, _, region = agency.language.partition("-")
    expected = meeting.attendees.filter(removed_at=None).select_related("member", "contact")
    entries = list(meeting.entries.filter(internal=False).exclude(text="").select_related("item"))
    actions = meeting.actions.filter(dropped_at=None, internal=False).select_related("owner", "client")
    return {
        "paper": "us-letter" if agency.country in LETTER else "a4",
        "lang": language or "en",
        "region": region.upper() or "GB",
        "agency": agency.name,
        "kicker": f"{agency.name} · minutes" + (f" · {meeting.client.name}" if meeting.client else ""),
        "title": meeting.title,
        "when": _when(meeting),
        "place": meeting.place,
        "ours": [one.shown_name for one in expected if one.is_ours],
        "theirs": [one.shown_name for one in expected if not one.is_ours],
        "general": next((entry.text.strip() for entry in entries if entry.item is None), ""),
        "points": [
            {"title": entry.item.title, "text": entry.text.strip()}
            for entry in entries
            if entry.item is not None
        ],
        "decisions": [one.text for one in meeting.decisions.filter(dropped_at=None)],
        "actions": [
            {"text": one.text, "who": who_acts(one), "by": _day(one.due_on) if one.due_on else ""}
            for one in actions
        ],
        "words": {
            "ours": agency.name,
            "theirs": meeting.client.name if meeting.client else "Guests",
            "said": "What we talked about",
            "decided": "What we decided",
            "actions": "What happens next",
            "what": "Action",
            "who": "Who",
            "by": "By",
        },
    }


def _when(meeting: Meeting) -> str:
    local = meeting.local
    ends = meeting.ends_at.astimezone(local.tzinfo)
    return f"{local:%A} {local.day} {local:%B %Y}, {local:%H:%M} to {ends:%H:%M}"


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B}"
