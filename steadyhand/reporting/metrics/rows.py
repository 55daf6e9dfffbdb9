"""From the rows of a table to observations: which column is what, what each cell says, what is refused.

Two shapes are read. Long: date, metric, value[, numerator, denominator, any dimensions]. Wide: a date, and a
column for each metric. Nothing is written here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from steadyhand.core.money import check_currency
from steadyhand.core.refusals import Refusal
from steadyhand.reporting.metrics.definitions import METRICS, Metric, MetricKind
from steadyhand.reporting.metrics.store import Observation, canonical

#: What a column may be; beside these `metric:<key>` for a metric's own column.
ROLES = {
    "date": "the day",
    "metric": "which metric",
    "value": "its value",
    "numerator": "numerator of a rate",
    "denominator": "denominator of a rate",
    "currency": "the currency",
    "dimension": "a dimension (channel, device …)",
    "": "leave it out",
}

#: Other names that exports of well-known tools give to our metrics and columns.
ALIASES = {
    "day": "date",
    "datum": "date",
    "avg position": "position",
    "average position": "position",
    "amount spent": "cost",
    "bounce": "",
    "click through rate": "ctr",
    "conv": "conversions",
    "goal completions": "conversions",
    "key events": "conversions",
    "organic clicks": "clicks",
    "organic impressions": "impressions",
    "orders": "transactions",
    "page views": "pageviews",
    "purchases": "transactions",
    "reach": "social_reach",
    "screen page views": "pageviews",
    "spend": "cost",
    "total revenue": "revenue",
    "total users": "users",
    "unique visitors": "users",
    "views": "pageviews",
    "visitors": "users",
    "visits": "sessions",
}
SIGNS = {"£": "GBP", "€": "EUR", "$": "USD"}
_NAME = re.compile(r"[^a-z0-9]+")
_CODE = re.compile(r"\(([A-Z]{3}|[£€$])\)")
_EARLIEST = dt.date(2000, 1, 1)

#: Refusals that are told one by one; the rest is counted.
TOLD = 200


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that is left out, and why."""

    line: int
    sentence: str


@dataclass(slots=True)
class Checked:
    """What a table holds: observations that may be written, and what is refused with line and reason."""

    observations: list[Observation] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    refused_count: int = 0
    lines: int = 0
    currency: str = ""
    notes: list[str] = field(default_factory=list)

    def refuse(self, line: int, sentence: str) -> None:
        """Leave a line out, saying why."""
        self.refused_count += 1
        if len(self.refused) < TOLD:
            self.refused.append(Refused(line, sentence))

    @property
    def first_day(self) -> dt.date | None:
        """The earliest day there is."""
        return min((seen.day for seen in self.observations), default=None)

    @property
    def last_day(self) -> dt.date | None:
        """The latest day there is."""
        return max((seen.day for seen in self.observations), default=None)

    @property
    def metrics(self) -> list[Metric]:
        """What is measured, in the order of the definitions."""
        found = {seen.metric for seen in self.observations}
        return [metric for key, metric in METRICS.items() if key in found]


def guess(headings: Sequence[str]) -> list[str]:
    """What each column probably is. An unknown one is a dimension in a long table, else left out."""
    roles = [_role_of(heading) for heading in headings]
    is_long = "metric" in roles and "value" in roles
    return [
        ("dimension" if role is None else role)
        if is_long
        else ("" if role is None or role in ("metric", "value") else role)
        for role in roles
    ]


def metric_named(text: str) -> Metric | None:
    """The metric of this key, label or well-known other name."""
    name = _plain(text)
    return _BY_NAME.get(_plain(ALIASES.get(name, name)))


def check(
    headings: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    roles: Sequence[str],
    *,
    source: str,
    today: dt.date,
    currency: str,
) -> Checked:
    """Read a table. `currency` is the one the client's figures are in, "" where there are none yet.

    Refuses the whole only where it could not be read at all; else each bad line with its reason.
    """
    columns = _columns(headings, roles)
    checked = Checked(currency=currency)
    seen: dict[tuple[str, str, dt.date], int] = {}
    for line, cells in rows:
        checked.lines += 1
        row = _Row(line, [*cells, *[""] * (len(headings) - len(cells))])
        try:
            day = day_of(row.cells[columns.date], today)
            for seen_here in _observations(row, columns, day, source, checked):
                place = (seen_here.metric, seen_here.dims, day)
                if place in seen:
                    label = METRICS[seen_here.metric].label
                    checked.refuse(line, f"{label} of {_said(day)} stands in line {seen[place]} already.")
                    continue
                seen[place] = line
                checked.observations.append(seen_here)
        except Refusal as refusal:
            checked.refuse(line, str(refusal))
    left_out = [heading for heading, role in zip(headings, roles, strict=False) if not role]
    if left_out:
        checked.notes.append(f"Left out: {', '.join(left_out[:8])}.")
    return checked


def day_of(text: str, today: dt.date) -> dt.date:
    """The day of a cell: 2026-01-31, 20260131 or 31/01/2026, day first. Refuses the future."""
    text = text.strip()
    try:
        if re.fullmatch(r"\d{1,2}[./]\d{1,2}[./]\d{4}", text):
            day = dt.date(*(int(part) for part in reversed(re.split(r"[./]", text))))
        else:
            day = dt.date.fromisoformat(text[:10])
    except ValueError as error:
        raise Refusal(f"“{text[:30]}” is not a day.", remedy="Write it as 2026-01-31.") from error
    if day > today:
        raise Refusal(f"{_said(day)} is in the future.")
    if day < _EARLIEST:
        raise Refusal(f"{_said(day)} is before 2000.", remedy="Check the year.")
    return day


@dataclass(frozen=True, slots=True)
class _Columns:
    date: int
    metric: int | None
    value: int | None
    numerator: int | None
    denominator: int | None
    currency: int | None
    dimensions: Mapping[str, int]
    own: Mapping[str, int]
    currencies: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: list[str]

    def cell(self, place: int | None) -> str:
        return "" if place is None else self.cells[place].strip()


def _columns(headings: Sequence[str], roles: Sequence[str]) -> _Columns:
    places = {role: place for place, role in reversed(list(enumerate(roles)))}
    twice = [role for role, count in Counter(roles).items() if count > 1 and role not in ("", "dimension")]
    if twice:
        name = METRICS[twice[0][7:]].label if twice[0].startswith("metric:") else ROLES[twice[0]]
        raise Refusal(f"Two columns are said to be “{name}”.", remedy="Choose one of them.", field="columns")
    own = {role[7:]: place for place, role in enumerate(roles) if role.startswith("metric:")}
    if "date" not in places:
        raise Refusal("No column holds the day.", remedy="Say which column is the date.", field="columns")
    if not own and not ("metric" in places and "value" in places):
        raise Refusal(
            "No column holds a figure.",
            remedy="Say which columns are metric and value, or name the metric that a column holds.",
            field="columns",
        )
    return _Columns(
        date=places["date"],
        metric=places.get("metric") if not own else None,
        value=places.get("value") if not own else None,
        numerator=places.get("numerator") if not own else None,
        denominator=places.get("denominator") if not own else None,
        currency=places.get("currency"),
        dimensions={headings[n]: n for n, role in enumerate(roles) if role == "dimension"},
        own=own,
        currencies={
            key: SIGNS.get(found[1], found[1])
            for key, place in own.items()
            if (found := _CODE.search(headings[place]))
        },
    )


def _observations(
    row: _Row, columns: _Columns, day: dt.date, source: str, checked: Checked
) -> Iterator[Observation]:
    dims = canonical({name: row.cell(place) for name, place in columns.dimensions.items()})
    if columns.metric is not None:
        name = row.cell(columns.metric)
        metric = metric_named(name)
        if metric is None:
            raise Refusal(
                f"“{name[:40]}” is not a metric we know.",
                remedy="docs/figures.md lists them with their keys.",
            )
        said = {part: row.cell(getattr(columns, part)) for part in ("value", "numerator", "denominator")}
        found = _observation(metric, said, row, columns, checked)
        if found is not None:
            yield Observation(source, metric.key, day, *found, dims)
        return
    for key, place in columns.own.items():
        try:
            found = _observation(METRICS[key], {"value": row.cell(place)}, row, columns, checked)
        except Refusal as refusal:
            checked.refuse(row.line, str(refusal))
            continue
        if found is not None:
            yield Observation(source, key, day, *found, dims)


def _observation(
    metric: Metric, said: Mapping[str, str], row: _Row, columns: _Columns, checked: Checked
) -> tuple[float, float | None, float | None] | None:
    """Value, numerator and denominator; None for an empty cell, which is no zero."""
    if metric.money:
        _one_currency(metric, said.get("value", ""), row, columns, checked)
    top = number_of(said.get("numerator", ""), metric)
    bottom = number_of(said.get("denominator", ""), metric)
    value = number_of(said.get("value", ""), metric)
    if value is None and top is not None and bottom:
        value = top / bottom
    if value is None:
        return None
    if metric.kind is MetricKind.COUNT and value < 0:
        raise Refusal(f"{metric.label} cannot be {value.normalize():f}: a count is never below zero.")
    if bottom is not None and bottom < 0:
        raise Refusal(f"The denominator of {metric.label} is below zero.")
    if metric.percent and not bottom and not 0 <= value <= 1:
        raise Refusal(
            f"{metric.label} cannot be {value.normalize():f}.", remedy="Write 3.1% as 3.1% or as 0.031."
        )
    return float(value), _float(top), _float(bottom)


def number_of(text: str, metric: Metric) -> Decimal | None:
    """The number of a cell: “1,234.5”, “£20”, “3.1%”; None where it is empty. Refuses what is no number."""
    bare = text.strip().replace("\u00a0", "").replace(" ", "")
    if bare in ("", "-", "–", "n/a", "NA", "(notset)"):
        return None
    bare = bare.strip("".join(SIGNS))
    bare = re.sub(r"^[A-Z]{3}|[A-Z]{3}$", "", bare)
    share = bare.endswith("%")
    bare = bare.rstrip("%")
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", bare):
        bare = bare.replace(",", "")
    elif re.fullmatch(r"-?\d+,\d{1,2}", bare):
        bare = bare.replace(",", ".")
    try:
        number = Decimal(bare)
    except InvalidOperation as error:
        raise Refusal(f"“{text.strip()[:30]}” is not a number for {metric.label}.") from error
    if not number.is_finite() or abs(number) > Decimal(10) ** 15:
        raise Refusal(f"“{text.strip()[:30]}” is not a number for {metric.label}.")
    return number / 100 if share else number


def _one_currency(metric: Metric, cell: str, row: _Row, columns: _Columns, checked: Checked) -> None:
    """The client's money is in one currency; the first that is named is it."""
    code = row.cell(columns.currency).upper() or columns.currencies.get(metric.key, "")
    if not code:
        sign = next((SIGNS[letter] for letter in cell if letter in SIGNS), "")
        named = re.search(r"[A-Z]{3}", cell)
        code = named[0] if named else sign
    if not code:
        return
    code = check_currency(code)
    if not checked.currency:
        checked.currency = code
    elif code != checked.currency:
        raise Refusal(
            f"{metric.label} is in {code} here, and in {checked.currency} so far.",
            remedy=f"Convert it to {checked.currency}, or import it for a client of its own.",
        )


def _float(number: Decimal | None) -> float | None:
    return None if number is None else float(number)


def _role_of(heading: str) -> str | None:
    name = _plain(_CODE.sub("", heading))
    name = _plain(ALIASES.get(name, name))
    if name in ROLES:
        return name
    metric = _BY_NAME.get(name)
    return f"metric:{metric.key}" if metric else None


def _plain(text: str) -> str:
    return _NAME.sub(" ", text.lower()).strip()


def _said(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


_BY_NAME = {
    _plain(name): metric
    for metric in METRICS.values()
    for name in (metric.key, metric.label, metric.key + "s")
}
