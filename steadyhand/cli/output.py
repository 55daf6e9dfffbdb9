"""What a command says: answers on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from datetime import time as clock_time
from decimal import Decimal
from typing import Any
from uuid import UUID


def say(text: str) -> None:
    """Tell the person something; never part of the answer."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201


def answer(text: str) -> None:
    """The answer, or a line of it."""
    print(text)  # noqa: T201


def answer_bytes(body: bytes) -> None:
    """The answer as it is, such as a calendar with its own line ends."""
    sys.stdout.flush()
    sys.stdout.buffer.write(body)
    sys.stdout.buffer.flush()


def answer_json(data: Any) -> None:
    """The answer as JSON: dates in ISO form, amounts of money as text (never a float)."""
    json.dump(data, sys.stdout, default=_plain, ensure_ascii=False, indent=2)
    print()  # noqa: T201


def answer_table(rows: Iterable[Iterable[object]]) -> None:
    """The answer in aligned columns; the last is not padded."""
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    for row in texts:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        answer("  ".join([*cells[:-1], row[-1]]).rstrip())


def _plain(value: object) -> str:
    if isinstance(value, date | datetime | clock_time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form.")


class Progress:
    """How far a long piece of work is, and how fast: one moving line on a terminal, else a line now and then.

    with Progress("Importing", total=1200, unit="rows") as progress:
        progress.advance(50)
    """

    def __init__(self, what: str, *, total: int | None = None, unit: str = "rows") -> None:
        self.what, self.total, self.unit = what, total, unit
        self.done = 0
        self._is_terminal = sys.stderr.isatty()
        self._pause = 0.1 if self._is_terminal else 5.0
        self._started = self._shown = time.monotonic()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self.done:
            self._show(last=True)

    def advance(self, count: int = 1) -> None:
        """This many more are done."""
        self.done += count
        if time.monotonic() - self._shown >= self._pause:
            self._show()

    def through[T](self, items: Iterable[T]) -> Iterator[T]:
        """The same items, counting each one after it was dealt with."""
        for item in items:
            yield item
            self.advance()

    def _show(self, last: bool = False) -> None:
        self._shown = time.monotonic()
        rate = self.done / max(self._shown - self._started, 0.001)
        share = f" of {self.total:,} ({self.done / self.total:.0%})" if self.total else ""
        line = f"{self.what}: {self.done:,}{share} {self.unit}, {rate:,.0f} a second"
        if self._is_terminal:
            sys.stderr.write(f"\r\x1b[K{line}" + ("\n" if last else ""))
            sys.stderr.flush()
        else:
            say(line)
