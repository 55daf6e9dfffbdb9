"""The paths of a client in a period, as the page shows them: figures in whole sentences and ready rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings

from steadyhand.clients.models import Client
from steadyhand.core import clock
from steadyhand.core.refusals import Refusal
from steadyhand.reporting.attribution.asking import ask_once
from steadyhand.reporting.attribution.importing import FILES, folder_of, newest
from steadyhand.reporting.attribution.questions import (
    HALF_LIFE_DAYS,
    LOOKBACK_DAYS,
    MODELS,
    Question,
)
from steadyhand.reporting.models import JourneyImport
from steadyhand.setting_values import Warehouse

#: Days that are shown where nobody chooses.
USUAL = 90
TOP = 15
#: Classes of days and of touches; the last is open.
LAGS = ((0, 0), (1, 1), (2, 3), (4, 7), (8, 14), (15, 30), (31, None))
LONG_PATH = 8


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a client's paths come from: the agency's own database where one is set, else what was brought
    in.
    """

    client: Client
    source: JourneyImport | Warehouse

    @property
    def taken(self) -> JourneyImport | None:
        """What was brought in."""
        return self.source if isinstance(self.source, JourneyImport) else None

    def question(self, **more: Any) -> Question:
        """What is asked of it; refuses where the files are gone."""
        source = self.source
        if isinstance(source, Warehouse):
            tables = (source.touchpoints, source.conversions)
            return Question(*tables, engine=source.url, client=self.client.ref, **more)
        folder = folder_of(source)
        if not folder.is_dir():
            raise Refusal(
                f"The files of “{source.name}” are not there any more.", remedy="Bring them in again."
            )
        return Question(str(folder / FILES["touches"]), str(folder / FILES["conversions"]), **more)

    @property
    def last_at(self) -> dt.datetime:
        """Until when there is something, as far as is known."""
        return (self.taken and self.taken.last_at) or clock.now()


def origin_of(client: Client) -> Origin | None:
    """Where the client's paths come from; nothing where nothing was brought in."""
    source = settings.ANALYTICS or newest(client)
    return None if source is None else Origin(client, source)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the reader asks: both days count; `by_value` shows money instead of conversions."""

    start: dt.date
    end: dt.date
    lookback: float = LOOKBACK_DAYS
    half_life: float = HALF_LIFE_DAYS
    by_value: bool = False

    def __post_init__(self) -> None:
        """Refuse days the wrong way round."""
        if self.end < self.start:
            raise Refusal("The last day is before the first.", remedy="Choose it again.", field="end")


@dataclass(frozen=True, slots=True)
class Cell:
    """One model's share for one channel; `low` and `high` where it is unsure."""

    model: str
    label: str
    amount: Decimal
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class Line:
    """A labelled amount, with what its bar is measured against."""

    label: str
    conversions: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True)
class Assist:
    """What a channel does before the end of paths."""

    channel: str
    assisted: Decimal
    value: Decimal
    first: Decimal
    last: Decimal
    ratio: Decimal | None


@dataclass(frozen=True, slots=True)
class TopPath:
    """The channels in order, each with how often in a row."""

    steps: list[tuple[str, int]]
    conversions: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True)
class PathsPage:
    """Everything the page shows of one period."""

    origin: Origin
    choice: Choice
    conversions: int
    unattributed: int
    null_paths: int
    is_unsure: bool
    rows: list[tuple[str, list[Cell]]]
    most: Decimal
    assists: list[Assist]
    top: list[TopPath]
    lengths: list[Line]
    lags: list[Line]
    notices: list[str]

    @property
    def with_path(self) -> int:
        """Conversions that have a path."""
        return self.conversions - self.unattributed


def usual_choice(origin: Origin) -> Choice:
    """The last ninety days there is anything of."""
    last = origin.last_at.astimezone(clock.zone_info(origin.client.zone)).date()
    return Choice(last - dt.timedelta(days=USUAL - 1), last)


def paths_page(client: Client, choice: Choice | None = None) -> PathsPage | None:
    """The paths of a client; nothing where nothing was brought in."""
    origin = origin_of(client)
    if origin is None:
        return None
    choice = choice or usual_choice(origin)
    question = origin.question(
        lookback=choice.lookback,
        half_life=choice.half_life,
        start=_midnight(choice.start, client.zone),
        end=_midnight(choice.end + dt.timedelta(days=1), client.zone),
        top=TOP,
    )
    return _page(origin, choice, ask_once(question, Path(settings.DATA) / "cache" / "attribution"))


def _midnight(day: dt.date, zone: str) -> str:
    return dt.datetime.combine(day, dt.time(), clock.zone_info(zone)).astimezone(dt.UTC).isoformat()


def _page(origin: Origin, choice: Choice, said: dict[str, Any]) -> PathsPage:
    rows = _rows(said, "value" if choice.by_value else "credit")
    return PathsPage(
        origin=origin,
        choice=choice,
        conversions=round(said["conversions"]),
        unattributed=said["unattributed"],
        null_paths=round(said["null_paths"]),
        is_unsure=bool(said["intervals"]),
        rows=rows,
        most=max((cell.amount for _, cells in rows for cell in cells), default=Decimal(1)) or Decimal(1),
        assists=_assists(said["assisted"]),
        top=[
            TopPath(_steps(row["path"]), _amount(row["conversions"]), _amount(row["value"]))
            for row in said["paths"]
        ],
        lengths=_lengths(said["length"]),
        lags=_lags(said["lag"]),
        notices=said["notices"],
    )


def _rows(said: dict[str, Any], kind: str) -> list[tuple[str, list[Cell]]]:
    """A row a channel, the one the last touch favours first."""
    models = said["models"]
    unsure = said["intervals"] if kind == "credit" else {}
    order = sorted(models["last"][kind], key=lambda channel: (-models["last"][kind][channel], channel))
    return [
        (
            channel,
            [
                _cell(model, models[model][kind][channel], unsure.get(model, {}).get(channel))
                for model in MODELS
            ],
        )
        for channel in order
    ]


def _cell(model: str, amount: float, between: list[float] | None) -> Cell:
    low, high = (None, None) if between is None else map(_amount, between)
    return Cell(model, MODELS[model], _amount(amount), low, high)


def _assists(said: dict[str, dict[str, float | None]]) -> list[Assist]:
    rows = [
        Assist(
            channel,
            assisted=_amount(row["conversions"]),
            value=_amount(row["value"]),
            first=_amount(row["first"]),
            last=_amount(row["last"]),
            ratio=None if row["ratio"] is None else _amount(row["ratio"]),
        )
        for channel, row in said.items()
    ]
    return sorted(rows, key=lambda row: (-row.assisted, -row.last, row.channel))


def _steps(path: list[str]) -> list[tuple[str, int]]:
    steps: list[tuple[str, int]] = []
    for channel in path:
        if steps and steps[-1][0] == channel:
            steps[-1] = (channel, steps[-1][1] + 1)
        else:
            steps.append((channel, 1))
    return steps


def _lengths(said: list[dict[str, float]]) -> list[Line]:
    short = [row for row in said if row["touches"] < LONG_PATH]
    long = [row for row in said if row["touches"] >= LONG_PATH]
    lines = [
        _line("1 touch" if row["touches"] == 1 else f"{row['touches']:.0f} touches", [row]) for row in short
    ]
    return lines + ([_line(f"{LONG_PATH} or more", long)] if long else [])


def _lags(said: list[dict[str, float]]) -> list[Line]:
    lines = []
    for low, high in LAGS:
        rows = [row for row in said if row["days"] >= low and (high is None or row["days"] <= high)]
        if rows:
            lines.append(_line(_days(low, high), rows))
    return lines


def _days(low: int, high: int | None) -> str:
    if high is None:
        return f"{low} days or more"
    if low == high:
        return {0: "The same day", 1: "1 day"}.get(low, f"{low} days")
    return f"{low} to {high} days"


def _line(label: str, rows: list[dict[str, float]]) -> Line:
    return Line(label, _amount(sum(r["conversions"] for r in rows)), _amount(sum(r["value"] for r in rows)))


def _amount(number: float | None) -> Decimal:
    """To the hundredth; all of the page is shown from this."""
    return Decimal(str(round(number or 0.0, 2)))
