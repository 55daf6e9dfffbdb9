"""Every client's figures as one panel, read from their Parquet files.

Late data first: of each source only days count that it reports in full. A metric that adds up is the sum of
its sources; of any other a day is taken from the first source that has it. A ratio is put together from the
two metrics it divides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from steadyhand.reporting.dips.drivers import drivers
from steadyhand.reporting.dips.panel import Floats, Kind, Panel

type Column = NDArray[np.float32]

#: Files read by one query.
AT_ONCE = 400
#: Weeks before a dip that say what its slices usually are.
WEEKS_BEFORE = 8

COMBINED = """
INSERT INTO combined
WITH latest AS (
  SELECT s.place, o.metric, o.dims, o.day, o.value, s.rank
  FROM read_parquet($files, filename = true) AS o
  JOIN source AS s ON s.file = o.filename AND s.source = o.source AND o.day <= s.until
  WHERE o.day BETWEEN $start AND $until AND (o.dims <> '') = $sliced AND list_contains($metrics, o.metric)
  QUALIFY row_number() OVER (PARTITION BY s.place, o.source, o.metric, o.dims, o.day
                             ORDER BY o.revision DESC) = 1)
SELECT place, metric, dims, date_diff('day', $start::DATE, day),
  CASE WHEN list_contains($adding, metric) THEN sum(value) ELSE arg_min(value, rank) END
FROM latest WHERE value IS NOT NULL GROUP BY place, metric, dims, day
"""


def portfolio(asked: Mapping[str, Any]) -> Panel:
    """All series of all clients, named “<client>:<metric>”, from `start` to `until` (ISO days).

    `sources` has lines of file, client, source, rank and the last day that is complete; `metrics` has, by
    key, `kind`, `worse` (−1 or 1, 0: not watched), `adds_up`, and for a ratio its `parts`.
    """
    db = _combined(asked, asked["sources"], list(asked["metrics"]), sliced=False)
    db.execute("CREATE TABLE series AS SELECT DISTINCT place, metric FROM combined ORDER BY place, metric")
    named = [(int(place), str(metric)) for place, metric in db.execute("FROM series").fetchall()]
    rows = db.execute(
        """SELECT s.rowid AS series, c.row, c.value
        FROM combined AS c JOIN series AS s USING (place, metric)"""
    ).fetchnumpy()
    start = dt.date.fromisoformat(asked["start"])
    days = (dt.date.fromisoformat(asked["until"]) - start).days + 1
    values = np.full((days, max(len(named), 1)), np.nan, np.float32)
    values[rows["row"], rows["series"]] = rows["value"]
    columns = {key: values[:, number] for number, key in enumerate(named)}
    return _panel(columns, asked["metrics"], start, days)


def _combined(
    asked: Mapping[str, Any], sources: Sequence[Sequence[Any]], metrics: Sequence[str], *, sliced: bool
) -> duckdb.DuckDBPyConnection:
    db = duckdb.connect(config={"threads": 2})
    db.execute("CREATE TABLE source (file VARCHAR, place BIGINT, source VARCHAR, rank INTEGER, until DATE)")
    db.execute("CREATE TABLE combined (place BIGINT, metric VARCHAR, dims VARCHAR, row BIGINT, value DOUBLE)")
    if sources:
        db.executemany("INSERT INTO source VALUES (?, ?, ?, ?, ?)", [list(line) for line in sources])
    files = sorted({str(line[0]) for line in sources})
    adding = [key for key, about in asked["metrics"].items() if about["adds_up"]]
    told = {"start": asked["start"], "until": asked["until"], "adding": adding, "metrics": list(metrics)}
    for first in range(0, len(files), AT_ONCE):
        db.execute(COMBINED, {**told, "sliced": sliced, "files": files[first : first + AT_ONCE]})
    return db


def _panel(
    columns: dict[tuple[int, str], Column],
    metrics: Mapping[str, Mapping[str, Any]],
    start: dt.date,
    days: int,
) -> Panel:
    """Watched metrics, ratios from their parts where both are there."""
    chosen: list[tuple[str, Kind, int, Column, Column | None]] = []
    for place in sorted({place for place, _ in columns}):
        for key, about in metrics.items():
            own, parts = columns.get((place, key)), about["parts"]
            over, under = (columns.get((place, part)) for part in parts) if parts else (None, None)
            if not about["worse"] or (own is None and (over is None or under is None)):
                continue
            name, worse = f"{place}:{key}", int(about["worse"])
            if over is not None and under is not None:
                kind = Kind.RATE if about["kind"] == "rate" else Kind.PER
                chosen.append((name, kind, worse, over, under))
            elif own is not None:
                chosen.append((name, _kind(about["kind"]), worse, own, None))
    ones = np.ones(days, np.float32)
    parted = any(bottom is not None for *_, bottom in chosen)
    exposures = [ones if bottom is None else bottom for *_, bottom in chosen]
    return Panel(
        names=[name for name, *_ in chosen],
        start=start,
        kinds=np.array([kind for _, kind, *_ in chosen], np.int8),
        worse=np.array([worse for _, _, worse, *_ in chosen], np.int8),
        values=_beside([top for *_, top, _ in chosen], days),
        exposures=_beside(exposures, days) if parted else None,
        clients=np.array([name.partition(":")[0] for name, *_ in chosen], np.int32),
    )


def _kind(said: str) -> Kind:
    return {"count": Kind.COUNT, "money": Kind.MONEY, "rank": Kind.RANK}.get(said, Kind.PLAIN)


def _beside(columns: list[Column], days: int) -> Floats:
    return np.column_stack(columns) if columns else np.empty((days, 0), np.float32)


def driving(
    asked: Mapping[str, Any], place: int, metric: str, first: dt.date, last: dt.date
) -> list[dict[str, Any]]:
    """The slices that drive a dip of a client's metric, over the days from `first` to `last`.

    What a slice usually has is the mean of the same weekdays of the eight weeks before. Each set of
    dimensions that the figures come in is scanned for itself, and the best of all is told first.
    """
    sources = [line for line in asked["sources"] if line[1] == place]
    start = first - dt.timedelta(weeks=WEEKS_BEFORE)
    told = {**asked, "start": start.isoformat(), "until": last.isoformat()}
    rows = (
        _combined(told, sources, [metric], sliced=True)
        .execute("SELECT dims, row, value FROM combined")
        .fetchall()
    )
    offset, length = (first - start).days, (last - first).days + 1
    tables: dict[tuple[str, ...], dict[tuple[str, ...], Column]] = {}
    for dims, row, value in rows:
        parts = [part.partition("=") for part in dims.split(";")]
        cells = tables.setdefault(tuple(name for name, _, _ in parts), {})
        cell = cells.setdefault(tuple(said for _, _, said in parts), np.zeros(offset + length, np.float32))
        cell[row] = value
    found = [one for names, cells in tables.items() for one in _scanned(names, cells, offset, length)]
    return sorted(found, key=lambda one: -float(one["weight"]))[:3]


def _scanned(
    names: tuple[str, ...], cells: dict[tuple[str, ...], Column], offset: int, length: int
) -> list[dict[str, Any]]:
    days = np.stack(list(cells.values())).astype(np.float64)
    usual = days[:, :offset].reshape(len(cells), WEEKS_BEFORE, 7).mean(axis=1)
    expected = usual[:, np.arange(length) % 7].sum(axis=1)
    values = [sorted({key[dim] for key in cells}) for dim in range(len(names))]
    codes = [np.array([values[dim].index(key[dim]) for key in cells], np.int64) for dim in range(len(names))]
    found = drivers(days[:, offset:].sum(axis=1), expected, codes, [len(one) for one in values])
    return [
        {
            "where": [[names[dim], values[dim][value]] for dim, value in one.where],
            "expected": one.expected,
            "observed": one.observed,
            "share": one.share,
            "weight": one.weight,
        }
        for one in found
    ]
