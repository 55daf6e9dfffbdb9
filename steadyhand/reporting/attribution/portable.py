"""The reduction to distinct paths as plain SQL, for an engine that already holds the touches.

Written once, in DuckDB's dialect, and put into others by sqlglot. It finds the paths that `journeys.gather`
finds, which is faster but needs the touches here. What comes back is small: rows (kind, name, conversions,
value), of which `name` is

    channel   a channel; `conversions` is its number, `value` 1 where it was reached directly
    path      numbers of channels in order, joined by spaces; conversions with this path
    null      the same, of touches in no path; `conversions` is how many users
    decay     a channel's number; what time decay gives it
    lag       whole days from the first touch; conversions
    all       nothing; all conversions, with a path or without
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import sqlglot

Dialect = Literal["duckdb", "postgres", "spark", "bigquery"]

DAY = 86_400_000_000
#: 2^-1000 is nothing beside the last touch, and more than a number can hold is an error in PostgreSQL.
LEAST_EXPONENT = -1000

QUERY = """
WITH touches AS (
  SELECT "user" AS who, MICROS_OF("time") AS micros, {order} AS place,
    COALESCE(CAST("channel" AS VARCHAR), '(not set)') AS channel, {direct} AS direct
  FROM {touchpoints}
  WHERE {client} "user" IS NOT NULL AND "time" IS NOT NULL
), symbols AS (
  SELECT channel, direct, ROW_NUMBER() OVER (ORDER BY channel, direct) - 1 AS symbol
  FROM (SELECT DISTINCT channel, direct FROM touches) AS seen
), sales AS (
  SELECT "user" AS who, MICROS_OF("time") AS micros, COALESCE(CAST("value" AS DOUBLE), 0) AS worth,
    ROW_NUMBER() OVER (PARTITION BY "user" ORDER BY "time") AS sale
  FROM {conversions}
  WHERE {client} "user" IS NOT NULL AND "time" IS NOT NULL
), counted AS (
  SELECT who, micros, worth, sale FROM sales WHERE {within}
), hits AS (
  SELECT c.who AS who, c.sale AS sale, c.worth AS worth, c.micros AS sold,
    t.micros AS micros, t.place AS place, s.symbol AS symbol
  FROM counted AS c
  JOIN touches AS t ON t.who = c.who AND t.micros <= c.micros AND t.micros >= c.micros - {lookback}
  JOIN symbols AS s ON s.channel = t.channel AND s.direct = t.direct
), paths AS (
  SELECT who, sale, MAX(worth) AS worth, PATH_OF(symbol, micros, place) AS path,
    CAST(FLOOR((MAX(sold) - MIN(micros)) / {day}) AS BIGINT) AS days
  FROM hits
  GROUP BY who, sale
), loose AS (
  SELECT t.who AS who, PATH_OF(s.symbol, t.micros, t.place) AS path
  FROM touches AS t
  JOIN symbols AS s ON s.channel = t.channel AND s.direct = t.direct
  LEFT JOIN (SELECT DISTINCT who, micros FROM hits) AS h ON h.who = t.who AND h.micros = t.micros
  WHERE h.who IS NULL
  GROUP BY t.who
), aged AS (
  SELECT who, sale, symbol, worth,
    POWER(2, GREATEST((micros - MAX(micros) OVER (PARTITION BY who, sale)) / {half_life}, {least})) AS weight
  FROM hits
), shared AS (
  SELECT symbol, worth, weight / SUM(weight) OVER (PARTITION BY who, sale) AS part FROM aged
)
SELECT 'channel' AS kind, channel AS name, CAST(symbol AS DOUBLE) AS conversions,
  CAST(direct AS DOUBLE) AS value
FROM symbols
UNION ALL
SELECT 'path' AS kind, path AS name, CAST(COUNT(*) AS DOUBLE) AS conversions, SUM(worth) AS value
FROM paths GROUP BY path
UNION ALL
SELECT 'null' AS kind, path AS name, CAST(COUNT(*) AS DOUBLE) AS conversions, CAST(0 AS DOUBLE) AS value
FROM loose GROUP BY path
UNION ALL
SELECT 'decay' AS kind, CAST(symbol AS VARCHAR) AS name, SUM(part) AS conversions, SUM(part * worth) AS value
FROM shared GROUP BY symbol
UNION ALL
SELECT 'lag' AS kind, CAST(days AS VARCHAR) AS name, CAST(COUNT(*) AS DOUBLE) AS conversions,
  SUM(worth) AS value
FROM paths GROUP BY days
UNION ALL
SELECT 'all' AS kind, '' AS name, CAST(COUNT(*) AS DOUBLE) AS conversions, COALESCE(SUM(worth), 0) AS value
FROM counted
"""

#: What sqlglot has no word for: microseconds since 1970 of a time, and what a group holds, joined in order.
MICROS = {
    "duckdb": r"EPOCH_US(\1)",
    "postgres": r"CAST(EXTRACT(EPOCH FROM \1) * 1000000 AS BIGINT)",
    "spark": r"UNIX_MICROS(CAST(\1 AS TIMESTAMP))",
    "bigquery": r"UNIX_MICROS(CAST(\1 AS TIMESTAMP))",
}
IN_ORDER = r"STRING_AGG(CAST(\1 AS {text}), ' ' ORDER BY \2, \3, \1)"
#: Spark did not know how to join in order before its fourth edition.
SPARK = (
    r"ARRAY_JOIN(TRANSFORM(ARRAY_SORT(COLLECT_LIST(NAMED_STRUCT('at', \2, 'place', \3, 'symbol', \1))),"
    r" touch -> CAST(touch.symbol AS STRING)), ' ')"
)
JOINED = {
    "duckdb": IN_ORDER.format(text="VARCHAR"),
    "postgres": IN_ORDER.format(text="VARCHAR"),
    "bigquery": IN_ORDER.format(text="STRING"),
    "spark": SPARK,
}


@dataclass(frozen=True, slots=True)
class Tables:
    """Which tables hold touches and conversions, and what else than user, time and channel they say.

    `order`: a column that tells touches of one moment apart (without one, the channel's number does).
    `client`: only rows with this in their column `client`.
    """

    touchpoints: str = "touchpoints"
    conversions: str = "conversions"
    has_direct: bool = True
    has_order: bool = True
    client: str = ""


def reduction(
    dialect: Dialect,
    tables: Tables,
    *,
    lookback: float,
    half_life: float,
    since: int | None = None,
    before: int | None = None,
) -> str:
    """The query for an engine. `lookback` and `half_life` are days; conversions from `since` up to before
    `before` count (microseconds since 1970).
    """
    direct = "direct" if tables.has_direct else "LOWER(TRIM(channel)) IN ('direct', '(direct)')"
    bounds = [f"micros {sign} {at}" for sign, at in ((">=", since), ("<", before)) if at is not None]
    query = QUERY.format(
        touchpoints=quoted_name(tables.touchpoints),
        conversions=quoted_name(tables.conversions),
        order='"seq"' if tables.has_order else "0",
        direct=f"CASE WHEN {direct} THEN 1 ELSE 0 END",
        client=f"\"client\" = '{tables.client.replace("'", "''")}' AND" if tables.client else "",
        within=" AND ".join(bounds) or "TRUE",
        lookback=round(lookback * DAY),
        half_life=f"CAST({half_life * DAY!r} AS DOUBLE)",
        day=f"CAST({DAY} AS DOUBLE)",
        least=f"CAST({LEAST_EXPONENT} AS DOUBLE)",
    )
    written = sqlglot.transpile(query, read="duckdb", write=dialect)[0]
    written = re.sub(r"MICROS_OF\((\S+)\)", MICROS[dialect], written)
    return re.sub(r"PATH_OF\((\S+), (\S+), (\S+)\)", JOINED[dialect], written)


def quoted_name(table: str) -> str:
    """A table's name, with its schema's before a dot, as SQL quotes it."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in table.split("."))
