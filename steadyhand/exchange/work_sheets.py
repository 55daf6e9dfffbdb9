"""A table of work, from the file somebody hands us to the client's links, content, advice or scores (R3).

`look` says what importing would do and writes nothing; `bring_in` does it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from steadyhand.clients.models import Client
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.work.lists import Lists
from steadyhand.delivery.work.tables import PART, SCORES, TABLES, WorkTable
from steadyhand.delivery.work.taking_in import Line, Taken, take_in
from steadyhand.exchange.columns import MONTH_FIRST
from steadyhand.exchange.fields import DateColumn
from steadyhand.exchange.tables import Row, Table, open_table, unquoted

#: The day's columns, as rows call them.
DAY = "day"


@dataclass(frozen=True, slots=True)
class Look:
    """What a file holds, as which table it is read, what each column is, and what importing would do."""

    table: Table
    kind: WorkTable
    roles: list[str]
    taken: Taken
    dates: str


def guess(headings: Sequence[str], kind: WorkTable, lists: Lists) -> list[str]:
    """What each column is, by its heading; empty where nothing is like it."""
    names = {column.key: column.key for column in kind.columns}
    for column in kind.columns:
        names |= dict.fromkeys((column.label.casefold(), *column.also), column.key)
    if kind is SCORES:
        names |= {one.word.casefold(): f"{PART}{one.word}" for one in lists.words("score_part")}
    roles: list[str] = []
    for heading in headings:
        role = names.get(" ".join(heading.replace("_", " ").split()).casefold(), "")
        roles.append("" if role in roles else role)
    return roles


def guess_kind(headings: Sequence[str], lists: Lists) -> WorkTable:
    """The table whose needed columns are there, with the most of its columns."""

    def fits(kind: WorkTable) -> tuple[int, int]:
        roles = {role for role in guess(headings, kind, lists) if role}
        return -sum(1 for one in kind.columns if one.needed and one.key not in roles), len(roles)

    return max(TABLES.values(), key=fits)


def look(
    client: Client, path: Path, name: str, *, by: Actor, kind: str = "", roles: Sequence[str] | None = None
) -> Look:
    """Check a file against what the client has; nothing is written."""
    return _through(client, path, name, by, kind, roles, dry=True)


def bring_in(
    client: Client, path: Path, name: str, *, by: Actor, kind: str = "", roles: Sequence[str] | None = None
) -> Look:
    """Bring a file's lines in; those that cannot be read are left out and told. Refuses where none can."""
    done = _through(client, path, name, by, kind, roles, dry=False)
    if done.taken.lines == done.taken.refused_count:
        first = done.taken.refused[0] if done.taken.refused else None
        raise Refusal(
            f"{name} holds no line that can be brought in as {done.kind.label.lower()}."
            + (f" Line {first.line}: {first.sentence}" if first else ""),
            remedy="Nothing was changed.",
            field="file",
        )
    return done


def _through(
    client: Client,
    path: Path,
    name: str,
    by: Actor,
    kind: str,
    roles: Sequence[str] | None,
    *,
    dry: bool,
) -> Look:
    lists = Lists()
    table = open_table(path, name)
    chosen = TABLES[kind] if kind in TABLES else guess_kind(table.headings, lists)
    named = list(roles) if roles else guess(table.headings, chosen, lists)
    dates = _dates(table, named)
    taken = take_in(client, chosen, _lines(table, named, dates), by=by, dry=dry)
    return Look(table, chosen, named, taken, dates.why)


def _dates(table: Table, roles: Sequence[str]) -> DateColumn:
    place = roles.index(DAY) if DAY in roles else None
    cells = [] if place is None else [(row.line, _cell(row, place)) for row in table.rows()]
    country = Agency.get().country
    return DateColumn.of("Date", cells, month_first_country=country in MONTH_FIRST)


def _lines(table: Table, roles: Sequence[str], dates: DateColumn) -> Iterator[Line]:
    for row in table.rows():
        cells = {role: _cell(row, place) for place, role in enumerate(roles) if role}
        if cells.get(DAY):
            try:
                day = dates.read(cells[DAY])
            except Refusal:
                day = None  # read as it stands, and refused with its line
            cells[DAY] = day.isoformat() if day else cells[DAY]
        yield row.line, cells


def _cell(row: Row, place: int) -> str:
    return unquoted(row.cells[place]).strip() if place < len(row.cells) else ""
