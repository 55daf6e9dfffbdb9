"""Approvals, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

OF_APPROVALS: dict[str, Callable[[dict[str, Any]], tuple[str, str, str]]] = {}
