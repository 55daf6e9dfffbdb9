"""The daily figures as SQL: every engine at hand gives what the child gives; it parses for the others."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot
from django.db import connection

from steadyhand.reporting.metrics import child
from steadyhand.reporting.metrics.portable import daily

COLUMNS = (
    "source VARCHAR(40), metric VARCHAR(40), dims VARCHAR(80), day DATE, value DOUBLE PRECISION,"
    " numerator DOUBLE PRECISION, denominator DOUBLE PRECISION, revision INTEGER, ingested_at TIMESTAMP"
)
ASKED = ({}, {"dims": "channel"}, {"dims": "*"}, {"as_of": "2026-11-03 00:00:00"})
METRICS, START, END = ["sessions", "o'clock"], "2026-11-01", "2026-11-03"

Row = tuple[Any, ...]


def observations() -> list[Row]:
    """Two metrics of two sources over five days, sliced, some revised on a later day."""
    rows: list[Row] = []
    for n, (source, metric, dims) in enumerate(
        (source, metric, dims)
        for source in ("ga4", "sheet")
        for metric in (*METRICS, "cost")
        for dims in ("", "channel=Email", "channel=Email;device=mobile", "channels=no")
    ):
        for day in range(5):
            for revision in range(1, 2 + (n + day) % 3):
                at = dt.datetime(2026, 11, 1 + revision, 4)
                part = (None, None) if day % 2 else (float(n), 4.0)
                rows.append(
                    (
                        source,
                        metric,
                        dims,
                        dt.date(2026, 10, 31) + dt.timedelta(day),
                        n + day / 8,
                        *part,
                        revision,
                        at,
                    )
                )
    return rows


def by_the_child(folder: Path, asked: dict[str, Any]) -> list[Row]:
    """What DuckDB reads from a client's file: metric, dims, source, day, value, numerator, denominator."""
    file = folder / "observations.parquet"
    run = duckdb.connect()
    run.execute(f"CREATE TABLE observations ({COLUMNS})")
    run.executemany(f"INSERT INTO observations VALUES ({', '.join('?' * 9)})", observations())
    run.execute(f"COPY observations TO '{file}' (FORMAT parquet)")
    lines = child.daily({"file": str(file), "metrics": METRICS, "start": START, "end": END, **asked})
    return sorted(
        (metric, dims, source, dt.date(1970, 1, 1) + dt.timedelta(day), *numbers)
        for metric, dims, source, days, *columns, _ in lines
        for day, *numbers in zip(days, *columns, strict=True)
    )


def rows_of(found: list[Row]) -> list[Row]:
    """The same columns of what another engine brought."""
    return sorted(tuple(row)[:7] for row in found)


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: "-".join(asked) or "totals")
def test_engines_say_the_same(tmp_path: Path, asked: dict[str, Any]) -> None:
    """DuckDB from a table, and PostgreSQL where this run has one."""
    wanted = by_the_child(tmp_path, asked)
    assert len(wanted) >= 12
    engine = duckdb.connect()
    engine.execute(f"CREATE TABLE observations ({COLUMNS})")
    engine.executemany(f"INSERT INTO observations VALUES ({', '.join('?' * 9)})", observations())
    assert rows_of(engine.execute(daily("duckdb", METRICS, START, END, **asked)).fetchall()) == wanted
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE observations ({COLUMNS})")
        cursor.executemany(f"INSERT INTO observations VALUES ({', '.join(['%s'] * 9)})", observations())
        cursor.execute(daily("postgres", METRICS, START, END, **asked))
        assert rows_of(cursor.fetchall()) == wanted
        cursor.execute("DROP TABLE observations")


@pytest.mark.parametrize("dialect", ["bigquery", "spark", "postgres"])
def test_it_parses_where_it_is_not_run(dialect: Any) -> None:
    query = daily(dialect, METRICS, START, END, dims="channel", as_of="2026-11-03 00:00:00")
    assert sqlglot.parse_one(query, read=dialect).find(sqlglot.exp.Window)
