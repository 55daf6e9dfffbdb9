"""Messages, reviews and mailboxes in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Told = tuple[str, str, str]

OF_MAIL: dict[str, Callable[[dict[str, Any]], Told]] = {
    "dropbox.renewed": lambda _: ("Address for copies made anew", "", "Mail to the earlier one is refused."),
}
