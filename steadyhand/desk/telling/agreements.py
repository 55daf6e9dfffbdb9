"""Agreements, from draft to signature, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

OF_AGREEMENTS: dict[str, Callable[[dict[str, Any]], tuple[str, str, str]]] = {}
