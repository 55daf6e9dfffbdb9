"""The daily figures of a client as plain SQL, for an engine that holds the observations itself.

It is the child's own definition (`child.LATEST`, `child.FIGURES`) in another engine's words, put there by
sqlglot. The table has the columns of a client's file (`store`); rows come as metric, dims, source, day,
value, numerator, denominator, ingested_at.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import sqlglot

from steadyhand.reporting.metrics import child

Dialect = Literal["duckdb", "postgres", "spark", "bigquery"]


def daily(
    dialect: Dialect,
    metrics: Sequence[str],
    start: str,
    end: str,
    *,
    dims: str | None = None,
    as_of: str | None = None,
    table: str = "observations",
) -> str:
    """The query for metrics from `start` to `end` (ISO days, both count), as known at `as_of` (UTC).

    `dims`: None gives totals, a dimension's name its slices, “*” everything.
    """
    asked = {"metrics": list(metrics), "start": start, "end": end, "dims": dims}
    query = f"WITH kept AS (SELECT * FROM {table}), latest AS ({child.latest(as_of)}) {child.figures(asked)}"  # noqa: S608  # a name of ours
    return sqlglot.transpile(query, read="duckdb", write=dialect)[0]
