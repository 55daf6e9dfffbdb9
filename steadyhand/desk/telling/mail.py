"""Messages, reviews and mailboxes in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Told = tuple[str, str, str]

OF_MAIL: dict[str, Callable[[dict[str, Any]], Told]] = {}
