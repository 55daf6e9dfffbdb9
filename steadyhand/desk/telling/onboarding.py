"""Handovers, forms and kickoffs, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

OF_ONBOARDING: dict[str, Callable[[dict[str, Any]], tuple[str, str, str]]] = {}
