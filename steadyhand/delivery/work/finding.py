"""Which line of a table is which: by its address, else by its name and day (R3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from steadyhand.delivery.models import Entry
from steadyhand.delivery.work.tables import ADVICE, SCORES, WorkTable


class Known:
    """The standing entries of one client in one table, to be found by what a line says of itself.

    A link or a piece of content is its URL; where either has none yet, its domain (title) and day. A
    recommendation is its page and issue, a score its day.
    """

    def __init__(self, table: WorkTable, entries: Iterable[Entry]) -> None:
        self._table = table
        self._by_url: dict[Any, Entry] = {}
        self._by_name: dict[Any, list[Entry]] = {}
        for entry in entries:
            self.note(entry)

    def note(self, entry: Entry) -> None:
        """Find this one, too, from now on."""
        said = {
            name: getattr(entry, name, "") for name in ("url", "issue", "day", self._table.names or "day")
        }
        if key := self._address(said):
            self._by_url[key] = entry
        elif self._table.names:
            self._by_name.setdefault(self._name(said), []).append(entry)
        if said.get("url") and self._table not in (ADVICE, SCORES):
            self._by_name.setdefault(self._name(said), []).append(entry)

    def find(self, values: Mapping[str, Any]) -> Entry | None:
        """The entry that a line is about."""
        key = self._address(values)
        if key and key in self._by_url:
            return self._by_url[key]
        if self._table in (ADVICE, SCORES):
            return None
        named = self._by_name.get(self._name(values), [])
        if key:  # it has its address only now
            return next((one for one in named if not getattr(one, "url", "")), None)
        return named[0] if named else None

    def is_unclear(self, values: Mapping[str, Any]) -> bool:
        """Whether a line without an address could be about several entries."""
        if self._table in (ADVICE, SCORES) or self._address(values):
            return False
        return len(self._by_name.get(self._name(values), [])) > 1

    def _address(self, said: Mapping[str, Any]) -> Any:
        if self._table is SCORES:
            return said.get("day")
        if self._table is ADVICE:
            return (said.get("url"), str(said.get("issue", "")).casefold())
        return said.get("url") or None

    def _name(self, said: Mapping[str, Any]) -> tuple[str, Any]:
        return str(said.get(self._table.names, "")).casefold(), said.get("day")
