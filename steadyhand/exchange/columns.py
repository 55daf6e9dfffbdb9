"""One file's columns: which holds what, and how each writes its days and amounts."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from steadyhand.core.models import Agency
from steadyhand.core.refusals import Refusal
from steadyhand.exchange.fields import AmountColumn, DateColumn
from steadyhand.exchange.presets import FileKind
from steadyhand.exchange.spoken import DurationColumn
from steadyhand.exchange.tables import Row, Table

DATES = ("start", "end", "closed", "at")
AMOUNTS = ("amount",)
DURATIONS = ("minutes",)
#: So many different cells decide how a column is written.
DIFFERENT = 20_000
#: Countries that write the month first.
MONTH_FIRST = frozenset({"US", "PH", "FM", "MH", "PW", "BZ"})


class Columns:
    """Reads a row of one file by field. Looks at the whole file once, to decide formats."""

    def __init__(self, table: Table, kind: FileKind, mapping: dict[str, str], agency: Agency) -> None:
        self.table = table
        self.width = len(table.headings)
        self._places = {field: table.headings.index(heading) for field, heading in mapping.items()}
        self._headings = {
            column.field: mapping.get(column.field, column.headings[0]) for column in kind.columns
        }
        self.dates: dict[str, DateColumn] = {}
        self.amounts: dict[str, AmountColumn] = {}
        self.durations: dict[str, DurationColumn] = {}
        self.rows = 0
        self._decide(month_first=agency.country in MONTH_FIRST)

    def heading(self, field: str) -> str:
        """What the file calls a field."""
        return self._headings.get(field, field)

    def cells(self, row: Row) -> dict[str, str]:
        """The row by field; refuses one with more cells than there are headings."""
        if len(row.cells) > self.width and any(row.cells[self.width :]):
            raise Refusal(
                f"This line has {len(row.cells)} cells under {self.width} headings.",
                remedy="Put quotation marks around a cell that holds the separator.",
            )
        return {
            field: row.cells[place] if place < len(row.cells) else "" for field, place in self._places.items()
        }

    @property
    def notices(self) -> list[str]:
        """What was decided about formats, where it could be read otherwise."""
        said = [
            f"Days in “{column.heading}” of {self.table.name} are read {column.why}."
            for column in self.dates.values()
            if column.why
        ]
        said += [
            f"In “{column.heading}” of {self.table.name} the comma marks the decimals (2.400,50)."
            for column in self.amounts.values()
            if column.comma_decimals
        ]
        said += [
            f"“{column.heading}” of {self.table.name} is read {why}."
            " Where that is wrong, put the unit into its heading."
            for column in self.durations.values()
            for why in column.whys
        ]
        return said

    def _decide(self, *, month_first: bool) -> None:
        formatted = {*DATES, *AMOUNTS, *DURATIONS}
        wanted = {field: place for field, place in self._places.items() if field in formatted}
        # Each different cell once, with the line it is first on: a large file stays on disk.
        samples: dict[str, dict[str, int]] = {field: {} for field in wanted}
        for row in self.table.rows():
            self.rows += 1
            for field, place in wanted.items():
                cell = row.cells[place] if place < len(row.cells) else ""
                decides = cell and len(cell) < 40 and not (field in DATES and cell[:4].isdigit())
                if decides and len(samples[field]) < DIFFERENT:
                    samples[field].setdefault(cell, row.line)
        found = {field: [(line, cell) for cell, line in cells.items()] for field, cells in samples.items()}
        for field in DATES:
            if field in wanted:
                self.dates[field] = DateColumn.of(
                    self.heading(field), found[field], month_first_country=month_first
                )
        for field in AMOUNTS:
            if field in wanted:
                self.amounts[field] = AmountColumn.of(self.heading(field), found[field])
        for field in DURATIONS:
            if field in wanted:
                self.durations[field] = DurationColumn.of(self.heading(field), found[field])


@dataclass(slots=True)
class Profile:
    """What one column holds: how much of it is filled, in per cent, and up to three different values."""

    heading: str
    filled: int
    samples: list[str]


def profiles(table: Table, *, rows: int = 2000) -> list[Profile]:
    """Every column with a heading, from the first `rows` rows."""
    counts = [0] * len(table.headings)
    samples: list[list[str]] = [[] for _ in table.headings]
    seen = 0
    for row in islice(table.rows(), rows):
        seen += 1
        for place, cell in enumerate(row.cells[: len(counts)]):
            if cell:
                counts[place] += 1
                if len(samples[place]) < 3 and cell[:60] not in samples[place]:
                    samples[place].append(cell[:60])
    return [
        Profile(heading, round(100 * counts[place] / max(seen, 1)), samples[place])
        for place, heading in enumerate(table.headings)
        if heading
    ]
