"""The reduction to distinct paths as plain SQL, for an engine that already holds the touches.

Written once, in DuckDB's dialect, and put into others by sqlglot. Tables: `touchpoints (user_key, micros,
seq, channel)` and `conversions (conversion, user_key, micros, value)`; `micros` counts from 1970, `seq` is
the order of the file. Answers rows (path, conversions, value, nulls), channels joined by ` > `. It finds the
paths that `journeys.gather` finds, which is faster but needs the touches in memory.
"""

from __future__ import annotations

import re
from typing import Literal

import sqlglot

Dialect = Literal["duckdb", "postgres", "spark", "bigquery"]

DAY = 86_400_000_000
SEPARATOR = " > "

QUERY = """
WITH hits AS (
  SELECT c.conversion AS conversion, c.value AS value, t.user_key AS user_key, t.micros AS micros,
    t.seq AS seq, t.channel AS channel
  FROM conversions AS c
  JOIN touchpoints AS t ON t.user_key = c.user_key
    AND t.micros <= c.micros AND t.micros >= c.micros - {lookback}
), converted AS (
  SELECT conversion, MAX(value) AS value, PATH_OF(channel, micros, seq) AS path
  FROM hits
  GROUP BY conversion
), loose AS (
  SELECT t.user_key AS user_key, PATH_OF(t.channel, t.micros, t.seq) AS path
  FROM touchpoints AS t
  LEFT JOIN (SELECT DISTINCT user_key, seq FROM hits) AS h ON h.user_key = t.user_key AND h.seq = t.seq
  WHERE h.seq IS NULL
  GROUP BY t.user_key
), counted AS (
  SELECT path, 1 AS conversions, value, 0 AS nulls FROM converted
  UNION ALL
  SELECT path, 0 AS conversions, 0 AS value, 1 AS nulls FROM loose
)
SELECT path, SUM(conversions) AS conversions, SUM(value) AS value, SUM(nulls) AS nulls
FROM counted
GROUP BY path
"""


#: How engines join what a group holds, in order; Spark did not know how before its fourth edition.
IN_ORDER = rf"STRING_AGG(\1, '{SEPARATOR}' ORDER BY \2, \3)"
JOINED = {
    "spark": r"ARRAY_JOIN(TRANSFORM(ARRAY_SORT(COLLECT_LIST("
    r"NAMED_STRUCT('at', \2, 'seq', \3, 'channel', \1))), touch -> touch.channel), "
    rf"'{SEPARATOR}')",
}


def reduction(dialect: Dialect, *, lookback: float) -> str:
    """The query for an engine; `lookback` is days."""
    query = QUERY.format(lookback=round(lookback * DAY))
    written = sqlglot.transpile(query, read="duckdb", write=dialect)[0]
    return re.sub(r"PATH_OF\((\S+), (\S+), (\S+)\)", JOINED.get(dialect, IN_ORDER), written)
