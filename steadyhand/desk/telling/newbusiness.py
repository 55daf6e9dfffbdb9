"""Leads, from the first word to the win, in words."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from steadyhand.core.money import show

Told = tuple[str, str, str]


def _worth(data: dict[str, Any]) -> str:
    if "value" not in data:
        return ""
    worth = show(Decimal(str(data["value"])), str(data.get("currency", "GBP")))
    return f"{worth} a month" if data.get("kind") == "retainer" else f"{worth}, a project"


def _changed(data: dict[str, Any]) -> Told:
    lines = [
        f"{name.replace('_', ' ')}: {before or 'nothing'} → {after or 'nothing'}"
        for name, (before, after) in data.get("changed", {}).items()
        if name != "notes"
    ]
    return "Lead changed", "; ".join(lines) or "its notes", ""


def _tested(data: dict[str, Any]) -> Told:
    verdict = "We pitch" if data.get("verdict") == "go" else "We do not pitch"
    parts = (("score", "the test says {}%"), ("go_from", "go from {}%"))
    said = ", ".join(words.format(data[key]) for key, words in parts if key in data)
    return verdict, said, str(data.get("reason", ""))


def _priced(data: dict[str, Any]) -> Told:
    fee = show(Decimal(str(data.get("fee", 0))), str(data.get("currency", "GBP")))
    hours = f"{int(data.get('minutes', 0)) / 60:g} h"
    agreed = f"agreed with {data['agreed_with']}" if data.get("agreed_with") else "from the playbook"
    return "Client-services time priced", f"{hours} and {fee} a month, {agreed}", str(data.get("reason", ""))


def _offered(data: dict[str, Any]) -> str:
    number = f"number {data['number']}" if "number" in data else ""
    return ", ".join(part for part in (number, _worth(data)) if part)


OF_NEWBUSINESS: dict[str, Callable[[dict[str, Any]], Told]] = {
    "lead.added": lambda d: (
        "Lead",
        f"{_worth(d)}, brought by {d.get('owner', '')}",
        str(d.get("source", "")),
    ),
    "lead.changed": _changed,
    "lead.moved_on": lambda d: ("We pitch", _worth(d), ""),
    "lead.moved_back": lambda d: ("We do not pitch yet", "", ""),
    "lead.won": lambda d: ("Lead won", _worth(d), ""),
    "lead.lost": lambda d: ("Lead lost", str(d.get("reason", "")), ""),
    "lead.withdrawn": lambda d: ("Lead withdrawn", str(d.get("reason", "")), ""),
    "lead.reopened": lambda d: ("Lead taken up again", f"it was {d.get('before', '')}", ""),
    "pitch.tested": _tested,
    "pitch.consulted": lambda d: ("Client services asked", str(d.get("member", "")), ""),
    "pitch.answered": lambda d: ("Client services answered", str(d.get("member", "")), ""),
    "pitch.unasked": lambda d: ("Client services not asked after all", str(d.get("member", "")), ""),
    "pitch.planned": lambda d: ("Pitch planned", str(d.get("title", "")), ""),
    "pitch.deck_attached": lambda d: ("Pitch deck attached", str(d.get("name", "")), ""),
    "pitch.deck_removed": lambda d: ("Pitch deck removed", str(d.get("name", "")), ""),
    "proposal.drafted": lambda d: ("Proposal drafted", _offered(d), ""),
    "proposal.priced": _priced,
    "proposal.attached": lambda d: ("Proposal’s paper attached", str(d.get("name", "")), ""),
    "proposal.sent": lambda d: ("Proposal sent", _offered(d), ""),
    "proposal.unsent": lambda d: ("Proposal not sent after all", _offered(d), ""),
    "proposal.withdrawn": lambda d: ("Proposal withdrawn", _offered(d), ""),
    "pairing.proposed": lambda d: ("Pairing proposed", str(d.get("member", "")), str(d.get("reason", ""))),
    "style.described": lambda d: ("Says how they work", str(d.get("member", "")), ""),
}
