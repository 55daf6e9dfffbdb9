"""Handovers, kickoffs, goals and onboarding forms, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Told = tuple[str, str, str]


def _quoted(data: dict[str, Any]) -> str:
    return f"“{data.get('text', '')}”"


def _begun(data: dict[str, Any]) -> Told:
    return (
        "Won and handed over",
        f"{data.get('won_by', '')} won them, {data.get('lead', '')} looks after them",
        str(data.get("engagement", "")),
    )


def _goal(data: dict[str, Any]) -> Told:
    because = f"as it stands, because: {data['override']}" if data.get("override") else ""
    return "Goal agreed", _quoted(data), because


OF_ONBOARDING: dict[str, Callable[[dict[str, Any]], Told]] = {
    "handover.begun": _begun,
    "handover.answered": lambda d: ("Answered the good news", f"by telephone, {d.get('member', '')}", ""),
    "handover.deck_attached": lambda d: ("Pitch deck attached", str(d.get("name", "")), ""),
    "handover.deck_removed": lambda d: ("Pitch deck taken off", str(d.get("name", "")), ""),
    "handover.enclosed": lambda d: ("Papers enclosed in the reply", ", ".join(d.get("papers", [])), ""),
    "handover.closed": lambda d: ("Handover closed", str(d.get("name", "")), str(d.get("reason", ""))),
    "handover.reopened": lambda d: ("Handover opened again", str(d.get("name", "")), ""),
    "kickoff.waived": lambda d: (
        "Client kickoff may come first",
        "before the internal one",
        str(d.get("reason", "")),
    ),
    "kickoff.unwaived": lambda d: ("Internal kickoff comes first again", "", ""),
    "pitch.promised": lambda d: ("Promised in the pitch", _quoted(d), ""),
    "pitch.unpromised": lambda d: ("Not promised in the pitch after all", _quoted(d), ""),
    "success.heard": lambda d: ("What success is to them", _quoted(d), str(d.get("contact", ""))),
    "success.unheard": lambda d: ("Not their words after all", _quoted(d), ""),
    "goal.set": _goal,
    "goal.settled": lambda d: (
        "Goal reached" if d.get("reached") else "Goal missed",
        _quoted(d),
        str(d.get("outcome", "")),
    ),
    "goal.reopened": lambda d: ("Goal open again", _quoted(d), ""),
    "goal.dropped": lambda d: ("Goal taken back", _quoted(d), ""),
}
