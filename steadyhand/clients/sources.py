"""Where something was said, by value: a room above names its own row (“comms.call”, 12)."""

from __future__ import annotations

from typing import TypedDict

Source = tuple[str, int]


class SourceFields(TypedDict):
    """The two columns that name a source."""

    source_type: str
    source_id: int | None


def fields_of(source: Source | None) -> SourceFields:
    """The columns of a source; empty for none."""
    label, pk = source or ("", None)
    return {"source_type": label, "source_id": pk}
