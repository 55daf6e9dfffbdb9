"""Flags, ratings and opportunities in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Told = tuple[str, str, str]

OF_CARE: dict[str, Callable[[dict[str, Any]], Told]] = {
    "flag.raised": lambda d: ("Flag raised", str(d.get("text", "")), ""),
    "flag.settled": lambda d: ("Flag settled", str(d.get("text", "")), str(d.get("how", ""))),
    "flag.withdrawn": lambda d: ("Flag taken back", str(d.get("text", "")), ""),
    "opportunity.noted": lambda d: ("Opportunity", str(d.get("text", "")), ""),
    "opportunity.dropped": lambda d: ("Opportunity dropped", str(d.get("text", "")), ""),
}
