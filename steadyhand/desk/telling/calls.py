"""Calls, chases, questions and actions in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Told = tuple[str, str, str]

OUTCOMES = {"no_answer": "no answer", "voicemail": "left a voicemail", "reached": "reached them"}


def _quoted(data: dict[str, Any]) -> str:
    return f"“{data.get('text', '')}”"


def _tried(data: dict[str, Any]) -> Told:
    outcome = OUTCOMES.get(str(data.get("outcome")), "")
    return "Rang", f"{_quoted(data)}: {outcome}", f"next attempt {data.get('next_on', '')}"


OF_CALLS: dict[str, Callable[[dict[str, Any]], Told]] = {
    "action.dropped": lambda d: ("Action dropped", f"“{d.get('text', '')}”", ""),
    "call.resumed": lambda d: ("Call opened again", str(d.get("whom", "")), ""),
    "call.dropped": lambda d: ("Call opened by mistake", str(d.get("whom", "")), ""),
    "call.recording_attached": lambda d: ("Recording attached", f"with consent: {d.get('consent', '')}", ""),
    "call.recording_removed": lambda d: ("Recording removed", "", ""),
    "chase.begun": lambda d: ("Asked of them, by telephone first", _quoted(d), ""),
    "chase.tried": _tried,
    "chase.untried": lambda d: ("Did not ring after all", _quoted(d), ""),
    "chase.answered": lambda d: ("They answered", _quoted(d), str(d.get("answer", ""))),
    "chase.dropped": lambda d: ("No longer needed", _quoted(d), str(d.get("reason", ""))),
    "chase.reopened": lambda d: ("Needed after all", _quoted(d), ""),
    "question.asked": lambda d: ("We promised to find out", f"“{d.get('text', '')}”", ""),
    "question.answered": lambda d: ("Answered", f"“{d.get('text', '')}”", str(d.get("answer", ""))),
    "question.reopened": lambda d: ("Not answered after all", f"“{d.get('text', '')}”", ""),
    "question.dropped": lambda d: (
        "Question closed without an answer",
        f"“{d.get('text', '')}”",
        str(d.get("reason", "")),
    ),
}
