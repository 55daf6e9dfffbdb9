"""A table of figures, from the file somebody hands us to the client's figures (R1).

`look` says what importing would do and writes nothing; `take_in` does it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from steadyhand.clients.models import Client
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.exchange.tables import Row, Table, open_table, unquoted
from steadyhand.reporting.metrics import receiving, rows, store
from steadyhand.reporting.metrics.reading import currency_of
from steadyhand.reporting.metrics.receiving import Received
from steadyhand.reporting.metrics.rows import Checked
from steadyhand.reporting.metrics.store import Written
from steadyhand.reporting.models import Source

UPLOAD = "Upload"

#: Hears how many lines were read.
type Heard = Callable[[int], None]

#: Cells of one file; more is a job for several files.
MAX_VALUES = 2_000_000


@dataclass(frozen=True, slots=True)
class Look:
    """What a file holds and what importing it would do. `written` is None where nothing can be."""

    table: Table
    roles: list[str]
    checked: Checked
    written: Written | None

    @property
    def more_replaced_days(self) -> int:
        """Days beside the first on which something is replaced."""
        return max(0, len(self.written.replaced_days) - 1) if self.written else 0


def look(
    client: Client,
    path: Path,
    name: str,
    *,
    label: str = UPLOAD,
    roles: Sequence[str] | None = None,
    heard: Heard | None = None,
) -> Look:
    """Check a file against what the client has; nothing is written. `heard` is told of each line's number."""
    table = open_table(path, name)
    chosen = list(roles) if roles else rows.guess(table.headings)
    checked = _checked(client, table, chosen, label, heard)
    written = None
    if checked.observations:
        written = store.write(client.pk, checked.observations, at=clock.now(), dry=True)
    return Look(table, chosen, checked, written)


def take_in(
    client: Client,
    path: Path,
    name: str,
    *,
    by: Actor,
    label: str = UPLOAD,
    roles: Sequence[str] | None = None,
    heard: Heard | None = None,
) -> tuple[Received, Checked]:
    """Bring a file's figures in; lines that cannot be read are left out and told."""
    table = open_table(path, name)
    checked = _checked(client, table, list(roles) if roles else rows.guess(table.headings), label, heard)
    if not checked.observations:
        first = checked.refused[0] if checked.refused else None
        raise Refusal(
            f"{name} holds no figure that can be brought in."
            + (f" Line {first.line}: {first.sentence}" if first else ""),
            remedy="Nothing was changed.",
            field="file",
        )
    received = receiving.receive(
        client,
        receiving.key_of(label),
        checked.observations,
        by=by,
        label=label,
        currency=checked.currency,
    )
    return received, checked


def told(seen: Look) -> dict[str, Any]:
    """What a look found, in plain values: what its page says, at once or after the worker has looked."""
    checked, written = seen.checked, seen.written
    days = written.replaced_days if written else ()
    return {
        "values": len(checked.observations),
        "first_day": _words(checked.first_day),
        "last_day": _words(checked.last_day),
        "currency": checked.currency,
        "metrics": [metric.label for metric in checked.metrics],
        "new": written.new if written else 0,
        "replaced": written.replaced if written else 0,
        "unchanged": written.unchanged if written else 0,
        "replaced_from": _words(days[0] if days else None),
        "more_replaced_days": seen.more_replaced_days,
        "notes": list(checked.notes),
        "refused_count": checked.refused_count,
        "refused": [{"line": one.line, "sentence": one.sentence} for one in checked.refused],
    }


def _words(day: dt.date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""


def _counted(table: Table, heard: Heard | None) -> Iterator[Row]:
    for number, row in enumerate(table.rows(), start=1):
        if heard is not None:
            heard(number)
        yield row


def _checked(client: Client, table: Table, roles: list[str], label: str, heard: Heard | None) -> Checked:
    lines = ((row.line, [unquoted(cell) for cell in row.cells]) for row in _counted(table, heard))
    known = Source.objects.filter(client=client)
    checked = rows.check(
        table.headings,
        lines,
        roles,
        source=receiving.key_of(label),
        today=clock.today(client.zone),
        currency=currency_of(known),
    )
    if len(checked.observations) > MAX_VALUES:
        raise Refusal(
            f"{table.name} holds {len(checked.observations):,} values, more than we take in at once.",
            remedy="Split it by year and bring the files in one after the other.",
            field="file",
        )
    return checked
