"""The picture of a dip: what was measured, what was to be expected, and the band around it, as plain SVG."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from steadyhand.reporting.models import Incident

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 56, 8, 10, 26


@dataclass(frozen=True, slots=True)
class Tick:
    """A label on an axis, and where it stands."""

    at: str
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """One day, as the table beneath the picture says it."""

    day: dt.date
    measured: str
    expected: str
    band: str
    in_dip: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything the template draws: coordinates as SVG takes them, and the same numbers as rows."""

    band: str
    expected: str
    measured: str
    dots: list[tuple[str, str]]
    dip_from: str
    dip_width: str
    across: list[Tick]
    up: list[Tick]
    rows: list[Row]
    sentence: str

    @property
    def size(self) -> str:
        """The view box."""
        return f"0 0 {WIDTH} {HEIGHT}"

    @property
    def edges(self) -> dict[str, int]:
        """Where the plot begins and ends."""
        return {"left": LEFT, "right": WIDTH - RIGHT, "top": TOP, "bottom": HEIGHT - BOTTOM}


def picture_of(row: Incident) -> Picture:
    """The last ten weeks up to the newest day, with the days of the dip marked."""
    lines = [(dt.date.fromisoformat(day), *values) for day, *values in row.picture]
    numbers = [value for _, *values in lines for value in values if value is not None]
    top = _round_up(max(numbers, default=1.0) * 1.04)
    step = (WIDTH - LEFT - RIGHT) / max(len(lines) - 1, 1)

    def x(number: int) -> float:
        return LEFT + number * step

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * min(value / top, 1)

    def path(place: int) -> str:
        return _line(
            [(x(n), None if line[place] is None else y(line[place])) for n, line in enumerate(lines)]
        )

    known = [(n, line) for n, line in enumerate(lines) if line[3] is not None and line[4] is not None]
    edge = [f"{x(n):.1f},{y(line[4]):.1f}" for n, line in known]
    edge += [f"{x(n):.1f},{y(line[3]):.1f}" for n, line in reversed(known)]
    last = row.last_day or (lines[-1][0] if lines else row.first_day)
    inside = [n for n, line in enumerate(lines) if row.first_day <= line[0] <= last]
    begins = x(inside[0]) - step / 2 if inside else float(LEFT)
    digits = 0 if top >= 20 else (2 if top >= 0.5 else 4)
    return Picture(
        band=" ".join(edge),
        expected=path(2),
        measured=path(1),
        dots=[(f"{x(n):.1f}", f"{y(lines[n][1]):.1f}") for n in inside if lines[n][1] is not None],
        dip_from=f"{begins:.1f}",
        dip_width=f"{min(step * len(inside), WIDTH - RIGHT - begins):.1f}",
        across=[
            Tick(f"{x(n):.1f}", f"{line[0].day} {line[0]:%b}") for n, line in enumerate(lines) if n % 14 == 3
        ],
        up=[Tick(f"{y(top * part):.1f}", f"{top * part:,.{digits}f}") for part in (0, 0.5, 1)],
        rows=[_row(line, digits, row.first_day, last) for line in reversed(lines)],
        sentence=f"{row.label} day by day: {abs(row.change):.0%} {'below' if row.change < 0 else 'above'} "
        f"what was expected from {row.first_day.day} {row.first_day:%B %Y} on.",
    )


def _row(line: Sequence[object], digits: int, first: dt.date, last: dt.date) -> Row:
    day = line[0] if isinstance(line[0], dt.date) else first
    measured, expected, low, high = (None if v is None else float(str(v)) for v in line[1:5])
    return Row(
        day=day,
        measured="not known" if measured is None else f"{measured:,.{digits}f}",
        expected="–" if expected is None else f"{expected:,.{digits}f}",
        band="–" if low is None or high is None else f"{low:,.{digits}f} to {high:,.{digits}f}",
        in_dip=first <= day <= last,
    )


def _line(points: Sequence[tuple[float, float | None]]) -> str:
    """A path that breaks where a day is not known."""
    drawn, pen = [], "M"
    for across, up in points:
        if up is None:
            pen = "M"
            continue
        drawn.append(f"{pen}{across:.1f} {up:.1f}")
        pen = "L"
    return " ".join(drawn)


def _round_up(value: float) -> float:
    """The next number that looks well at the top of an axis."""
    if value <= 0:
        return 1.0
    scale = 10.0 ** math.floor(math.log10(value))
    return float(
        next(step * scale for step in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * scale >= value)
    )
