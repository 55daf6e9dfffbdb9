"""Values in addresses."""

from __future__ import annotations

import datetime as dt


class DateConverter:
    """A day, as 2026-11-23."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        """ValueError, and so 404, for a day that does not exist."""
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date) -> str:
        """The day as an address has it."""
        return value.isoformat()
