"""The reduction as SQL gives the same paths on every engine that is at hand, and parses for the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import duckdb
import pytest
import sqlglot
from django.db import connection

from steadyhand.reporting.attribution.portable import SEPARATOR, reduction
from tests.reporting import brute_force as slow
from tests.reporting.brute_force import Conversion, Touch
from tests.reporting.test_attribution import world

TABLES = (
    "CREATE TEMPORARY TABLE touchpoints (user_key BIGINT, micros BIGINT, seq BIGINT, channel VARCHAR(40))",
    "CREATE TEMPORARY TABLE conversions"
    " (conversion BIGINT, user_key BIGINT, micros BIGINT, value DOUBLE PRECISION)",
)

Reduced = dict[str, tuple[float, float, float]]


def slowly(touches: list[Touch], conversions: list[Conversion], lookback: float) -> Reduced:
    """Path → conversions, value, nulls, by loops."""
    found, null = slow.paths_of(touches, conversions, lookback)
    counted: dict[str, Counter[str]] = {}
    for conversion, path in found:
        if path:
            row = counted.setdefault(SEPARATOR.join(touch.channel for touch in path), Counter())
            row["conversions"] += 1
            row["value"] += conversion.value  # type: ignore[assignment]
    for path in null:
        counted.setdefault(SEPARATOR.join(touch.channel for touch in path), Counter())["nulls"] += 1
    return {path: (row["conversions"], row["value"], row["nulls"]) for path, row in counted.items()}


def rows_of(touches: list[Touch], conversions: list[Conversion]) -> tuple[list[Any], list[Any]]:
    return (
        [(t.user, t.time, n, t.channel) for n, t in enumerate(touches)],
        [(n, c.user, c.time, c.value) for n, c in enumerate(conversions)],
    )


def as_dict(rows: Iterable[tuple[Any, ...]]) -> Reduced:
    return {path: (float(count), float(value), float(nulls)) for path, count, value, nulls in rows}


#: The database of this run, where it is one of those the reduction is written for.
DATABASE = {"postgresql": "postgres"}.get(connection.vendor)


@pytest.mark.parametrize("lookback", [30, 9.5])
def test_duckdb(lookback: float) -> None:
    touches, conversions = world(11)
    engine = duckdb.connect()
    for table in TABLES:
        engine.execute(table)
    for name, rows in zip(("touchpoints", "conversions"), rows_of(touches, conversions), strict=True):
        engine.executemany(f"INSERT INTO {name} VALUES (?, ?, ?, ?)", rows)
    found = engine.execute(reduction("duckdb", lookback=lookback)).fetchall()
    assert as_dict(found) == slowly(touches, conversions, lookback)


@pytest.mark.django_db
@pytest.mark.parametrize("dialect", [DATABASE] if DATABASE else ["duckdb"])
def test_the_agencys_own_database(dialect: Any) -> None:
    """On PostgreSQL there; on SQLite, which cannot do it, the same sentences in DuckDB."""
    touches, conversions = world(12)
    engine: Any = connection.cursor() if DATABASE else duckdb.connect()
    place = "%s" if DATABASE else "?"
    for table in TABLES:
        engine.execute(table)
    for name, rows in zip(("touchpoints", "conversions"), rows_of(touches, conversions), strict=True):
        engine.executemany(f"INSERT INTO {name} VALUES ({', '.join([place] * 4)})", rows)
    engine.execute(reduction(dialect, lookback=30))
    assert as_dict(engine.fetchall()) == slowly(touches, conversions, 30)


@pytest.mark.parametrize("dialect", ["bigquery", "spark", "postgres"])
def test_it_parses_where_it_is_not_run(dialect: Any) -> None:
    query = reduction(dialect, lookback=30)
    assert sqlglot.parse_one(query, read=dialect).find(sqlglot.exp.Select)
    assert "2592000000000" in query
