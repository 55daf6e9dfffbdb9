"""Acts of prompts, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Told = tuple[str, str, str]


def _text(data: dict[str, Any]) -> str:
    return str(data.get("text", ""))


OF_INSIGHTS: dict[str, Callable[[dict[str, Any]], Told]] = {
    "insight.found": lambda d: ("Something to ask", _text(d), str(d.get("says", ""))),
    "insight.planned": lambda d: ("To be asked on the next call", _text(d), ""),
    "insight.unplanned": lambda d: ("Not on the next call after all", _text(d), ""),
    "insight.used": lambda d: ("Asked in a call", _text(d), ""),
    "insight.dismissed": lambda d: ("Prompt dismissed", _text(d), str(d.get("reason", ""))),
    "insight.reopened": lambda d: ("Prompt may be asked again", _text(d), ""),
}
