"""Mail we write to clients, and its review, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Told = tuple[str, str, str]


def _mail(data: dict[str, Any]) -> str:
    to = ", ".join(str(address) for address in data.get("to") or [])
    return f"“{data.get('title', '')}”" + (f" to {to}" if to else "")


OF_MESSAGES: dict[str, Callable[[dict[str, Any]], Told]] = {
    "message.queued": lambda d: ("E-mail on its way", _mail(d), ""),
    "message.put_away": lambda d: ("E-mail put away", _mail(d), ""),
}
