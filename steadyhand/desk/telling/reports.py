"""Acts of reports, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Told = tuple[str, str, str]


def _title(data: dict[str, Any]) -> str:
    return f"“{data.get('title', '')}”"


def _sent(data: dict[str, Any]) -> Told:
    to = [str(name) for name in data.get("to") or []]
    return "Report sent", _title(data), f"to {', '.join(to)}" if to else ""


def _rated(data: dict[str, Any]) -> Told:
    who = data.get("contact") or "They"
    counts = ""
    if data.get("seen") is not None and data.get("counted") is not None:
        counts = f"they say {data['seen']} leads, we count {data['counted']}"
    return "Lead quality", f"{who}: {data.get('worth', '')} worth their time", counts


def _arranged(data: dict[str, Any]) -> Told:
    parts = ["approved by the account lead first" if data.get("approval") else "no approval asked"]
    if data.get("activity") is not None:
        parts.append("an activity report each week")
    return "Reports arranged", ", ".join(parts), ""


OF_REPORTS: dict[str, Callable[[dict[str, Any]], Told]] = {
    "report.drafted": lambda d: ("Report drafted", _title(d), ""),
    "report.taken_anew": lambda d: ("Figures taken anew", _title(d), ""),
    "report.approval_asked": lambda d: (
        "Approval of a report asked",
        _title(d),
        f"of {d['of']}" if d.get("of") else "",
    ),
    "report.approved": lambda d: ("Report approved", _title(d), str(d.get("note", ""))),
    "report.approval_taken_back": lambda d: ("Approval of a report taken back", _title(d), ""),
    "report.sent": _sent,
    "report.opened": lambda d: (
        "Report opened",
        _title(d),
        f"first by {d['contact']}" if d.get("contact") else "",
    ),
    "leads.rated": _rated,
    "reports.arranged": _arranged,
    "contact.reading_set": lambda d: (
        "How they read reports",
        str(d.get("name", "")),
        str(d.get("reading", "")),
    ),
}
