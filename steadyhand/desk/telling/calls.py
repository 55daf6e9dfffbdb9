"""Calls, chases, questions and actions in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Told = tuple[str, str, str]

OF_CALLS: dict[str, Callable[[dict[str, Any]], Told]] = {
    "action.dropped": lambda d: ("Action dropped", f"“{d.get('text', '')}”", ""),
    "call.resumed": lambda d: ("Call opened again", str(d.get("whom", "")), ""),
    "call.dropped": lambda d: ("Call opened by mistake", str(d.get("whom", "")), ""),
    "call.recording_attached": lambda d: ("Recording attached", f"with consent: {d.get('consent', '')}", ""),
    "call.recording_removed": lambda d: ("Recording removed", "", ""),
    "question.asked": lambda d: ("We promised to find out", f"“{d.get('text', '')}”", ""),
    "question.answered": lambda d: ("Answered", f"“{d.get('text', '')}”", str(d.get("answer", ""))),
    "question.reopened": lambda d: ("Not answered after all", f"“{d.get('text', '')}”", ""),
    "question.dropped": lambda d: (
        "Question closed without an answer",
        f"“{d.get('text', '')}”",
        str(d.get("reason", "")),
    ),
}
