"""Leads, from the first word to the win, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

OF_NEWBUSINESS: dict[str, Callable[[dict[str, Any]], tuple[str, str, str]]] = {}
