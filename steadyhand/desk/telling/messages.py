"""Mail we write to clients, and its review, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Told = tuple[str, str, str]


def _mail(data: dict[str, Any]) -> str:
    to = ", ".join(str(address) for address in data.get("to") or [])
    return f"“{data.get('title', '')}”" + (f" to {to}" if to else "")


def _approved(data: dict[str, Any]) -> Told:
    how = "Approved with changes" if data.get("changed") else "Approved without a change"
    return how, _mail(data), str(data.get("comment", ""))


def _reviewer(data: dict[str, Any]) -> str:
    return f"by {data['reviewer']}" if data.get("reviewer") else ""


OF_MESSAGES: dict[str, Callable[[dict[str, Any]], Told]] = {
    "message.queued": lambda d: ("E-mail on its way", _mail(d), ""),
    "message.put_away": lambda d: ("E-mail put away", _mail(d), ""),
    "message.submitted": lambda d: ("Asked for a look", _mail(d), f"by {d.get('reviewer', '')}"),
    "message.approved": _approved,
    "message.returned": lambda d: ("E-mail returned to its writer", _mail(d), str(d.get("comment", ""))),
    "message.withdrawn": lambda d: ("E-mail taken back from review", _mail(d), ""),
    "message.rules_changed": lambda _: ("How we send mail was changed", "", ""),
    "member.put_under_review": lambda d: ("Under review", str(d.get("name", "")), _reviewer(d)),
    "member.released": lambda d: ("Released from review", str(d.get("name", "")), ""),
    "member.release_taken_back": lambda d: ("Under review again", str(d.get("name", "")), ""),
}
