"""The one place figures come from: page, PDF, mail, API and export all read them here (R1, R2).

Days come from the client's file (store.py) by one child run; what they add up to is worked out in Decimal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from steadyhand.clients.models import Client
from steadyhand.core import clock
from steadyhand.core.recurrence import Period
from steadyhand.reporting.metrics import periods, store
from steadyhand.reporting.metrics.definitions import METRICS, Good, Metric, MetricKind, parts
from steadyhand.reporting.models.source import Source

EPOCH = dt.date(1970, 1, 1)

#: A comparison counts where it has at least this share of the days the period itself has.
ENOUGH_DAYS = Decimal("0.75")


@dataclass(frozen=True, slots=True)
class Daily:
    """One day of one metric, sources already put together. `provisional` days may still change."""

    metric: str
    dims: str
    day: dt.date
    value: float | None
    numerator: float | None
    denominator: float | None
    source: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric over one period, as every face shows it.

    `value`, `month_before` and `year_before` are None where nothing was measured: that is not zero. Where
    the period is not measured to its end, both comparisons stop at the same day (`until`). `cut_off` is when
    the latest of its rows arrived, `source` names where they came from, `zone` whose days they are.
    """

    metric: Metric
    period: Period
    value: Decimal | None
    month_before: Decimal | None
    year_before: Decimal | None
    currency: str
    source: str
    cut_off: dt.datetime
    zone: str
    provisional: bool
    sampled: bool
    until: dt.date | None

    @property
    def month_change(self) -> Decimal | None:
        """The change on the month before as a share: 0.12 is 12% more."""
        return change(self.value, self.month_before)

    @property
    def year_change(self) -> Decimal | None:
        """The change on the same period a year before, as a share."""
        return change(self.value, self.year_before)

    def as_json(self) -> dict[str, Any]:
        """What is frozen into a report or answered by the API; `of_json` reads it."""
        return {
            "metric": self.metric.key,
            "label": self.metric.label,
            "period": self.period.key,
            "from": self.period.start.isoformat(),
            "to": self.period.end.isoformat(),
            "value": _text(self.value),
            "month_before": _text(self.month_before),
            "year_before": _text(self.year_before),
            "currency": self.currency,
            "source": self.source,
            "cut_off": self.cut_off.isoformat(),
            "zone": self.zone,
            "provisional": self.provisional,
            "sampled": self.sampled,
            "until": self.until.isoformat() if self.until else None,
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Figure:
        """The figure that `as_json` wrote."""
        return cls(
            metric=METRICS[kept["metric"]],
            period=Period(
                kept["period"], dt.date.fromisoformat(kept["from"]), dt.date.fromisoformat(kept["to"])
            ),
            value=_number(kept["value"]),
            month_before=_number(kept["month_before"]),
            year_before=_number(kept["year_before"]),
            currency=kept["currency"],
            source=kept["source"],
            cut_off=dt.datetime.fromisoformat(kept["cut_off"]),
            zone=kept["zone"],
            provisional=kept["provisional"],
            sampled=kept["sampled"],
            until=dt.date.fromisoformat(kept["until"]) if kept["until"] else None,
        )


def figures(
    client: Client, keys: Iterable[str], period: Period, *, as_of: dt.datetime | None = None
) -> list[Figure]:
    """The figures of these metrics, in this order; one child run, or none where the answer is known.

    With `as_of`, what was known at that moment: later arrivals and revisions do not count.
    """
    wanted = list(keys)
    book = Book.open(client, wanted, *reach(period), as_of=as_of)
    return [book.figure(METRICS[key], period) for key in wanted]


def daily(
    client: Client,
    keys: Iterable[str],
    start: dt.date,
    end: dt.date,
    dims: str | None = None,
    *,
    as_of: dt.datetime | None = None,
) -> list[Daily]:
    """Days of these metrics from start to end (both included), by metric, slice and day.

    `dims`: None for totals, "channel" for the slices of one dimension, "*" for everything there is.
    """
    book = Book.open(client, list(keys), start, end, dims=dims, as_of=as_of, with_parts=False)
    return [row for key in sorted(book.rows) for row in book.rows[key]]


def reach(period: Period) -> tuple[dt.date, dt.date]:
    """The days that must be read for a period and what it is compared with."""
    return min(periods.year_before(period).start, periods.before(period).start), period.end


def change(now: Decimal | None, then: Decimal | None) -> Decimal | None:
    """How much more it is, as a share of what it was; None where there is nothing to compare with."""
    if now is None or then is None or then == 0:
        return None
    return ((now - then) / abs(then)).quantize(Decimal("0.0001"))


def better(metric: Metric, difference: Decimal | None) -> bool | None:
    """Whether a change is good news; None where it is neither."""
    if not difference:
        return None
    return (difference > 0) == (metric.good is Good.UP)


@dataclass(slots=True)
class Book:
    """The days of some metrics of a client, read at once; figures are worked out of it."""

    client: Client
    rows: dict[str, list[Daily]]
    sources: dict[str, Source]
    arrived: dict[str, dt.datetime]
    currency: str
    as_of: dt.datetime | None

    @classmethod
    def open(
        cls,
        client: Client,
        keys: Sequence[str],
        start: dt.date,
        end: dt.date,
        *,
        dims: str | None = None,
        as_of: dt.datetime | None = None,
        with_parts: bool = True,
    ) -> Book:
        """Read these days; a client without sources costs no child run."""
        question = _question(parts(keys) if with_parts else keys, start, end, dims, as_of)
        sources = _sources(client)
        answer = store.answer(client.pk, question) if sources else []
        return cls._of(client, answer, sources, as_of)

    @classmethod
    def with_slices(
        cls,
        client: Client,
        keys: Sequence[str],
        start: dt.date,
        end: dt.date,
        sliced: Mapping[str, Sequence[str]],
    ) -> tuple[Book, dict[str, Book]]:
        """Totals of these metrics, and by dimension the slices of some of them, in one child run."""
        return Wish(client, tuple(keys), start, end, sliced).books()

    @classmethod
    def _of(
        cls,
        client: Client,
        answer: list[list[Any]],
        sources: dict[str, Source],
        as_of: dt.datetime | None,
    ) -> Book:
        rows, arrived = _together(answer, sources)
        return cls(client, rows, sources, arrived, currency_of(sources.values()), as_of)

    def figure(self, metric: Metric, period: Period) -> Figure:
        """One metric over one period, with what it is compared to."""
        value, used = self._value(metric, period)
        names = sorted({name for row in used for name in row.source.split("+")})
        mine = [self.sources[name] for name in names if name in self.sources]
        until = self._until(period, used, mine)
        arrivals = [self.arrived[name] for name in names if name in self.arrived]
        return Figure(
            metric=metric,
            period=period,
            value=value,
            month_before=self._compared(metric, period, periods.before(period), until, len(used)),
            year_before=self._compared(metric, period, periods.year_before(period), until, len(used)),
            currency=self.currency if metric.money else "",
            source=", ".join(self.sources[n].label if n in self.sources else n for n in names),
            cut_off=max(arrivals, default=self.as_of or clock.now()),
            zone=mine[0].zone if mine else self.client.zone,
            provisional=any(row.provisional for row in used) or bool(until and until < period.end),
            sampled=any(source.sampled for source in mine),
            until=until,
        )

    def value(self, metric: Metric, period: Period) -> Decimal | None:
        """The metric over a period, alone."""
        return self._value(metric, period)[0]

    def days(self, metric: Metric, period: Period) -> list[Daily]:
        """The metric's days in a period; a ratio without days of its own is divided day by day."""
        mine = _within(self.rows.get(metric.key, ()), period)
        if mine or metric.kind is not MetricKind.RATIO:
            return mine
        top = {row.day: row for row in _within(self.rows.get(metric.numerator, ()), period)}
        bottom = _within(self.rows.get(metric.denominator, ()), period)
        return [
            replace(
                row,
                metric=metric.key,
                value=float(_exact(top[row.day].value) / _exact(row.value)),
                numerator=top[row.day].value,
                denominator=row.value,
            )
            for row in bottom
            if row.value and row.day in top
        ]

    def _until(self, period: Period, used: Sequence[Daily], sources: Iterable[Source]) -> dt.date | None:
        """The last day of the period that was measured; a source that went further saw a quiet day."""
        if not used:
            return None
        known = [used[-1].day] + [source.last_day for source in sources if source.last_day]
        if self.as_of:
            latest = self.as_of.astimezone(clock.zone_info(self.client.zone)).date()
            known = [min(day, latest) for day in known]
        return min(period.end, max(known))

    def _compared(
        self, metric: Metric, period: Period, earlier: Period, until: dt.date | None, days: int
    ) -> Decimal | None:
        """The value of the comparison, cut off at the same day; None where too few days of it are there."""
        if until and until < period.end:
            earlier = periods.days(earlier.start, min(earlier.end, earlier.start + (until - period.start)))
        value, used = self._value(metric, earlier)
        sparse = days * 2 < (period.end - period.start).days
        return value if sparse or len(used) >= days * ENOUGH_DAYS else None

    def _value(self, metric: Metric, period: Period) -> tuple[Decimal | None, list[Daily]]:
        """The value, and the days it comes from (one row a day)."""
        mine = _within(self.rows.get(metric.key, ()), period)
        if metric.summed:
            return _total(mine, metric), mine
        if any(row.denominator for row in mine):
            over = sum((_exact(row.numerator) for row in mine if row.denominator), Decimal(0))
            under = sum((_exact(row.denominator) for row in mine), Decimal(0))
            return _rounded(over / under, metric), mine
        if metric.kind is MetricKind.RANK:
            return self._weighed(metric, mine, period), mine
        top = _within(self.rows.get(metric.numerator, ()), period)
        bottom = _within(self.rows.get(metric.denominator, ()), period)
        if top and bottom:
            under = sum((_exact(row.value) for row in bottom), Decimal(0))
            over = sum((_exact(row.value) for row in top), Decimal(0))
            return _rounded(over / under if under else None, metric), max(top, bottom, key=len)
        return _mean(mine, metric), mine

    def _weighed(self, metric: Metric, mine: Sequence[Daily], period: Period) -> Decimal | None:
        """The mean, each day weighed by its denominator; the plain mean where no weights are known."""
        weighing = _within(self.rows.get(metric.denominator, ()), period)
        weights = {row.day: _exact(row.value) for row in weighing}
        total = sum((weights.get(row.day, Decimal(0)) for row in mine), Decimal(0))
        if not total:
            return _mean(mine, metric)
        over = sum((_exact(row.value) * weights.get(row.day, Decimal(0)) for row in mine), Decimal(0))
        return _rounded(over / total, metric)


@dataclass(frozen=True, slots=True)
class Wish:
    """What will be read of a client: totals of some metrics, by dimension slices of some of them.

    Slices are read from `sliced_from` on where it is said, else from `start`.
    """

    client: Client
    keys: tuple[str, ...]
    start: dt.date
    end: dt.date
    sliced: Mapping[str, Sequence[str]]
    sliced_from: dt.date | None = None

    def question(self) -> dict[str, Any]:
        """As the client's file is asked."""
        first = self.sliced_from or self.start
        questions = [_question(parts(self.keys), self.start, self.end, None, None)]
        questions += [
            _question(some, first, self.end, dimension, None) for dimension, some in self.sliced.items()
        ]
        return {"do": "several", "questions": questions}

    def books(self) -> tuple[Book, dict[str, Book]]:
        """The totals, and the slices by dimension; one child run, or none where it was read ahead."""
        sources = _sources(self.client)
        said = store.answer(self.client.pk, self.question()) if sources else []
        answers = said or [[]] * (1 + len(self.sliced))
        totals, *slices = (Book._of(self.client, one, sources, None) for one in answers)
        return totals, dict(zip(self.sliced, slices, strict=True))


def read_ahead(wishes: Iterable[Wish]) -> None:
    """Read what is wished of many clients in one child run, so that asking for it later costs none."""
    store.ask_ahead((wish.client.pk, wish.question()) for wish in wishes)


def _question(
    keys: Iterable[str], start: dt.date, end: dt.date, dims: str | None, as_of: dt.datetime | None
) -> dict[str, Any]:
    return {
        "do": "daily",
        "metrics": sorted(keys),
        "start": start.isoformat(),
        "end": end.isoformat(),
        "dims": dims,
        "as_of": as_of.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if as_of else None,
    }


def _sources(client: Client) -> dict[str, Source]:
    return {source.key: source for source in Source.objects.filter(client=client)}


def currency_of(sources: Iterable[Source]) -> str:
    """The currency a client's money is in, fixed by the first source that brought some; "" before."""
    return next((source.currency for source in sources if source.currency), "")


def _together(
    answer: list[list[Any]], sources: Mapping[str, Source]
) -> tuple[dict[str, list[Daily]], dict[str, dt.datetime]]:
    """Rows by metric, a day once: sources added where they add up, else the first in rank that has it."""
    arrived: dict[str, dt.datetime] = {}
    found: dict[str, dict[tuple[str, dt.date], Daily]] = {}

    def rank(line: list[Any]) -> tuple[int, str]:
        source = sources.get(line[2])
        return (source.rank if source else 99, line[2])

    for key, dims, name, days, values, tops, bottoms, moment in sorted(answer, key=rank):
        adds_up = key in METRICS and METRICS[key].adds_up
        complete = sources[name].complete_until if name in sources else None
        at = dt.datetime.fromisoformat(moment)
        arrived[name] = max(arrived.get(name, at), at)
        mine = found.setdefault(key, {})
        for number, value, top, bottom in zip(days, values, tops, bottoms, strict=True):
            day = EPOCH + dt.timedelta(days=number)
            late = complete is not None and day > complete
            row = Daily(key, dims, day, value, top, bottom, name, late)
            earlier = mine.get((dims, day))
            if earlier is None:
                mine[dims, day] = row
            elif adds_up:
                mine[dims, day] = _added(earlier, row)
    return {key: [rows[place] for place in sorted(rows)] for key, rows in found.items()}, arrived


def _added(one: Daily, other: Daily) -> Daily:
    return Daily(
        one.metric,
        one.dims,
        one.day,
        _sum(one.value, other.value),
        _sum(one.numerator, other.numerator),
        _sum(one.denominator, other.denominator),
        f"{one.source}+{other.source}",
        one.provisional or other.provisional,
    )


def _sum(one: float | None, other: float | None) -> float | None:
    if one is None or other is None:
        return other if one is None else one
    return float(_exact(one) + _exact(other))


def _within(rows: Iterable[Daily], period: Period) -> list[Daily]:
    return [row for row in rows if period.start <= row.day <= period.end and row.value is not None]


def _total(rows: Sequence[Daily], metric: Metric) -> Decimal | None:
    return _rounded(sum((_exact(row.value) for row in rows), Decimal(0)), metric) if rows else None


def _mean(rows: Sequence[Daily], metric: Metric) -> Decimal | None:
    if not rows:
        return None
    return _rounded(sum((_exact(row.value) for row in rows), Decimal(0)) / len(rows), metric)


def _exact(number: float | None) -> Decimal:
    """The decimal somebody wrote: 0.1 is a tenth."""
    return Decimal(repr(number)) if number else Decimal(0)


def _rounded(value: Decimal | None, metric: Metric) -> Decimal | None:
    """To the decimals the metric is shown with; a share to one more than its percentage shows."""
    if value is None:
        return None
    places = metric.decimals + (3 if metric.percent else 0)
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
