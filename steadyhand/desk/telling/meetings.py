"""Meetings, invitations and minutes in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Told = tuple[str, str, str]

OF_MEETINGS: dict[str, Callable[[dict[str, Any]], Told]] = {}
