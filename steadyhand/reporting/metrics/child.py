"""The child process that reads and writes a client's observations with DuckDB.

Stand-alone: no setting, no database. One question as JSON on standard input, one answer as JSON on standard
output. Rows to be merged come in a CSV file that the question names. Never imported by web or worker.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import duckdb

COLUMNS = {
    "source": "VARCHAR",
    "metric": "VARCHAR",
    "dims": "VARCHAR",
    "day": "DATE",
    "value": "DOUBLE",
    "numerator": "DOUBLE",
    "denominator": "DOUBLE",
}
KEPT = {**COLUMNS, "revision": "INTEGER", "ingested_at": "TIMESTAMP"}

#: Of each (source, metric, dims, day) the latest revision that had arrived by then.
LATEST = """
SELECT * FROM kept {upto}
QUALIFY row_number() OVER (PARTITION BY source, metric, dims, day ORDER BY revision DESC) = 1
"""

#: The figures of some metrics by day. This and the one above are what `portable` says to other engines.
FIGURES = """
SELECT metric, dims, source, day, value, numerator, denominator, ingested_at
FROM latest
WHERE metric IN ({metrics}) AND day BETWEEN CAST({start} AS DATE) AND CAST({end} AS DATE) AND {dims}
"""

DAILY = """
SELECT metric, dims, source, list(day - DATE '1970-01-01' ORDER BY day), list(value ORDER BY day),
       list(numerator ORDER BY day), list(denominator ORDER BY day),
       strftime(max(ingested_at), '%Y-%m-%dT%H:%M:%S.%fZ')
FROM ({figures})
GROUP BY metric, dims, source ORDER BY metric, dims, source
"""

SPANS = """
SELECT source, metric, count(*), min(day)::VARCHAR, max(day)::VARCHAR, count(*) FILTER (revision > 1)
FROM latest GROUP BY ALL ORDER BY ALL
"""

# Where slices of one kind come without a total, their sum is it: also over slices that stood there before.
# A total that is not the sum of its slices was sent by itself, and stays.
TOTALS = """
INSERT INTO incoming
WITH touched AS (SELECT DISTINCT source, metric, day FROM incoming WHERE dims <> ''),
slices AS (
    SELECT * FROM incoming WHERE dims <> ''
    UNION ALL BY NAME
    SELECT l.source, l.metric, l.dims, l.day, l.value, l.numerator, l.denominator
    FROM latest l SEMI JOIN touched USING (source, metric, day)
    ANTI JOIN incoming USING (source, metric, dims, day) WHERE l.dims <> ''
),
kinds AS (
    SELECT source, metric FROM slices GROUP BY ALL
    HAVING count(DISTINCT regexp_replace(dims, '=[^;]*', '', 'g')) = 1
),
sums AS (
    SELECT source, metric, day, {summed} FROM slices SEMI JOIN kinds USING (source, metric)
    GROUP BY source, metric, day
),
before AS (SELECT source, metric, day, {summed} FROM latest WHERE dims <> '' GROUP BY source, metric, day)
SELECT s.source, s.metric, '', s.day, s.value, s.numerator, s.denominator
FROM sums s
LEFT JOIN before b USING (source, metric, day)
LEFT JOIN (SELECT * FROM latest WHERE dims = '') t USING (source, metric, day)
ANTI JOIN (SELECT * FROM incoming WHERE dims = '') i USING (source, metric, day)
WHERE s.value IS NOT NULL AND (t.revision IS NULL OR abs(t.value - b.value) < 1e-6)
"""

SUMMED = """
CASE WHEN any_value(list_contains($summed, metric)) THEN sum(value::DECIMAL(30, 6))::DOUBLE
     WHEN bool_and(denominator IS NOT NULL) THEN sum(numerator) / nullif(sum(denominator), 0) END AS value,
sum(numerator) AS numerator, sum(denominator) AS denominator
"""

# A value that comes again as it stood is not a revision.
CHANGED = """
CREATE TEMP TABLE arrived AS
SELECT n.*, coalesce(l.revision, 0) + 1 AS revision, l.revision IS NOT NULL AS replaces
FROM incoming n LEFT JOIN latest l USING (source, metric, dims, day)
WHERE l.revision IS NULL OR n.value IS DISTINCT FROM l.value
   OR n.numerator IS DISTINCT FROM l.numerator OR n.denominator IS DISTINCT FROM l.denominator
"""

COUNTED = """
SELECT count(*) FILTER (NOT replaces), count(*) FILTER (replaces), min(day)::VARCHAR, max(day)::VARCHAR,
       (SELECT count(*) FROM incoming),
       (SELECT list(day ORDER BY day) FROM (SELECT DISTINCT day::VARCHAR AS day FROM arrived WHERE replaces))
FROM arrived
"""

MERGED = """
SELECT * FROM kept
UNION ALL BY NAME
SELECT * EXCLUDE replaces, TIMESTAMP '{at}' AS ingested_at FROM arrived
ORDER BY metric, dims, source, day, revision
"""

ADOPTED = """
SELECT * FROM kept
UNION ALL BY NAME
SELECT o.* REPLACE (coalesce(n.new, o.source) AS source)
FROM read_parquet({other}) o LEFT JOIN names n ON n.old = o.source
ORDER BY metric, dims, source, day, revision
"""

WITHOUT = "SELECT * FROM kept WHERE source <> {source}"


def opened(file: str, as_of: str | None) -> duckdb.DuckDBPyConnection:
    """A connection in memory with the views `kept` (all revisions) and `latest`."""
    run = duckdb.connect(config={"threads": 2})
    if Path(file).exists():
        run.execute(f"CREATE TEMP VIEW kept AS SELECT * FROM read_parquet({quoted(file)})")  # noqa: S608  # quoted
    else:
        run.execute(f"CREATE TEMP TABLE kept ({', '.join(f'{name} {kind}' for name, kind in KEPT.items())})")
    run.execute(f"CREATE TEMP VIEW latest AS {latest(as_of)}")
    return run


def daily(asked: dict[str, Any]) -> Any:
    """Lines of metric, dims, source, days since 1970, values, numerators, denominators, last arrival."""
    run = opened(asked["file"], asked.get("as_of"))
    return run.execute(DAILY.format(figures=figures(asked))).fetchall()


def latest(as_of: str | None) -> str:
    """The query for the revisions that count, of those that had arrived by then (all of them)."""
    upto = f"WHERE ingested_at <= CAST({quoted(as_of)} AS TIMESTAMP)" if as_of else ""
    return LATEST.format(upto=upto)


def figures(asked: dict[str, Any]) -> str:
    """The query for some metrics by day: totals, the slices of one dimension (`dims`), or all (“*”)."""
    dims = asked.get("dims")
    where = {None: "dims = ''", "*": "TRUE"}.get(dims)
    if where is None:
        where = f"starts_with(dims, {quoted(f'{dims}=')}) AND NOT dims LIKE '%;%'"
    metrics = ", ".join(map(quoted, asked["metrics"])) or "NULL"
    return FIGURES.format(metrics=metrics, start=quoted(asked["start"]), end=quoted(asked["end"]), dims=where)


def spans(asked: dict[str, Any]) -> Any:
    """What lies there: source, metric, rows, first day, last day, rows that were revised."""
    return opened(asked["file"], None).execute(SPANS).fetchall()


def merge(asked: dict[str, Any]) -> Any:
    """Merge the rows of a CSV file; with `dry` only say what would happen."""
    run = opened(asked["file"], None)
    run.execute(f"CREATE TEMP TABLE incoming AS SELECT * FROM {csv_of(asked['rows'])}")  # noqa: S608  # quoted
    run.execute(TOTALS.format(summed=SUMMED), {"summed": asked["summed"]})
    run.execute(CHANGED)
    new, replaced, first, last, total, days = run.execute(COUNTED).fetchone() or (0, 0, None, None, 0, None)
    if not asked.get("dry") and new + replaced:
        write(run, MERGED.format(at=asked["at"]), Path(asked["file"]))
    return {
        "new": new,
        "replaced": replaced,
        "unchanged": total - new - replaced,
        "first": first,
        "last": last,
        "replaced_days": (days or [])[:1000],
        "spans": [] if asked.get("dry") else spans(asked),
    }


def adopt(asked: dict[str, Any]) -> Any:
    """Append another client's file, its sources under new names."""
    run = opened(asked["file"], None)
    run.execute("CREATE TEMP TABLE names AS SELECT unnest($old) AS old, unnest($new) AS new", asked["names"])
    write(run, ADOPTED.format(other=quoted(asked["other"])), Path(asked["file"]))
    return True


def forget(asked: dict[str, Any]) -> Any:
    """Write the file without a source: as if it had never sent anything."""
    write(opened(asked["file"], None), WITHOUT.format(source=quoted(asked["source"])), Path(asked["file"]))
    return True


def write(run: duckdb.DuckDBPyConnection, query: str, file: Path) -> None:
    """Put the query's rows in the file's place; readers see the old one or the new one, never a half."""
    made = file.with_suffix(".new")
    run.execute(f"COPY ({query}) TO {quoted(str(made))} (FORMAT parquet, COMPRESSION zstd)")
    with made.open("rb") as written:
        os.fsync(written.fileno())
    made.replace(file)


def csv_of(file: str) -> str:
    """The reading of a file of rows: its columns are told, never guessed."""
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
    options = "header=true, auto_detect=false, delim=',', quote='\"', nullstr='\\N'"
    return f"read_csv({quoted(file)}, {options}, columns={{{types}}})"


def quoted(text: str) -> str:
    """A text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


def several(asked: dict[str, Any]) -> Any:
    """The answers to several questions, in their order: one process for all, of one file or of one each."""
    return [WORK[one["do"]]({"file": asked.get("file"), **one}) for one in asked["questions"]]


WORK = {"several": several, "daily": daily, "spans": spans, "merge": merge, "forget": forget, "adopt": adopt}

if __name__ == "__main__":
    question = json.loads(sys.stdin.buffer.read())
    sys.stdout.write(json.dumps(WORK[question["do"]](question)))
