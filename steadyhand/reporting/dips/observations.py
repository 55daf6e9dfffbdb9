"""Reading a plain table of observations (series, date, value[, kind, numerator, denominator]) into a panel.

CSV or Parquet. What cannot be used is left out, with a sentence and its line; the rest is carried on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np

from steadyhand.core.refusals import Refusal
from steadyhand.reporting.dips.panel import Kind, Panel

#: Days looked back at most.
LONGEST = 4000
#: Lines named in one sentence.
NAMED = 3
NEEDED, POSSIBLE = ("series", "date", "value"), ("kind", "numerator", "denominator")
KINDS = {"count": Kind.COUNT, "money": Kind.MONEY, "ratio": Kind.PLAIN, "rank": Kind.RANK}

NO_PART = "has “{}” for a "
NO_SUCH_KIND = "has “{}” for a kind; the kinds are count, money, ratio and rank"
UNUSABLE = (
    ("series", "series = ''", "does not say which series it is"),
    ("date", "day IS NULL", "has “{}” for a date; write it as 2026-03-31"),
    ("value", "value <> '' AND NOT coalesce(isfinite(amount), false)", "has “{}” for a value"),
    ("kind", "kind NOT IN ('', 'count', 'money', 'ratio', 'rank')", NO_SUCH_KIND),
    ("value", "kind = 'count' AND amount < 0", "counts {}, and nothing is counted less than never"),
    (
        "numerator",
        "numerator <> '' AND NOT coalesce(isfinite(top) AND top >= 0, false)",
        NO_PART + "numerator",
    ),
    (
        "denominator",
        "denominator <> '' AND NOT coalesce(isfinite(bottom) AND bottom >= 0, false)",
        NO_PART + "denominator",
    ),
)


def read(file: Path, *, today: dt.date, as_of: dt.date | None = None) -> tuple[Panel, list[str]]:
    """The panel of a table up to `as_of`, and what was left out, in sentences.

    Without `as_of`, days after `today` are left out as mistakes. A day that stands there twice counts once:
    the later line. Refuses a file that cannot be read, lacks a column or holds nothing that can be used.
    """
    db = duckdb.connect(config={"threads": 2})
    _load(db, file)
    remarks = [said for problem in UNUSABLE for said in _left_out(db, *problem)]
    if as_of is None:
        remarks += _left_out(db, "date", f"day > DATE '{today}'", "is of {}, which is to come")
    db.execute("DELETE FROM observation WHERE day > ?", [as_of or today])
    remarks += _told_twice(db)
    return _panel(db, file, as_of), remarks


def _load(db: duckdb.DuckDBPyConnection, file: Path) -> None:
    if not file.is_file():
        raise Refusal(f"There is no file {file}.")
    as_text = "all_varchar = true, header = true, null_padding = true, strict_mode = false"
    is_parquet = file.suffix.lower() in (".parquet", ".pq")
    reader = "read_parquet(?)" if is_parquet else f"read_csv(?, {as_text})"
    try:
        found = db.execute(f"SELECT * FROM {reader} LIMIT 0", [str(file)]).description or []  # noqa: S608
        columns = {str(column[0]).strip().lower(): str(column[0]) for column in found}
        if missing := [name for name in NEEDED if name not in columns]:
            raise Refusal(
                f"{file.name} has no column “{missing[0]}”.",
                remedy="It needs series, date and value; kind, numerator and denominator are welcome.",
            )
        chosen = ", ".join(
            f"{_text(columns[name])} AS {name}" if name in columns else f"'' AS {name}"
            for name in (*NEEDED, *POSSIBLE)
        )
        db.execute(
            f"""CREATE TABLE observation AS
            SELECT *, try_cast(date AS DATE) AS day, try_cast(value AS DOUBLE) AS amount,
              try_cast(numerator AS DOUBLE) AS top, try_cast(denominator AS DOUBLE) AS bottom
            FROM (SELECT row_number() OVER () + 1 AS line, {chosen} FROM {reader})""",  # noqa: S608
            [str(file)],
        )
    except duckdb.Error as error:
        said = str(error).strip().splitlines()[0]
        raise Refusal(f"{file.name} cannot be read as a table: {said}") from error
    db.execute("UPDATE observation SET kind = lower(kind) WHERE kind <> lower(kind)")
    # A series that does not say what it is counts whole things, unless one of its values is not whole.
    known = "('count', 'money', 'ratio', 'rank')"
    db.execute(
        f"""UPDATE observation SET kind = told.kind FROM (
          SELECT series, coalesce(first(kind ORDER BY line) FILTER (kind IN {known}),
            CASE WHEN bool_or(amount <> floor(amount)) THEN 'money' ELSE 'count' END) AS kind
          FROM observation GROUP BY series) AS told
        WHERE told.series = observation.series AND (observation.kind = '' OR observation.kind IN {known})"""  # noqa: S608
    )


def _text(column: str) -> str:
    quoted = column.replace('"', '""')
    return f"trim(coalesce(\"{quoted}\"::VARCHAR, ''))"


def _left_out(db: duckdb.DuckDBPyConnection, shown: str, which: str, sentence: str) -> Iterator[str]:
    """Take these rows out; the first few are named with their lines."""
    query = f"SELECT line, {shown} FROM observation WHERE {which} ORDER BY line LIMIT {NAMED}"  # noqa: S608
    rows = db.execute(query).fetchall()
    if not rows:
        return
    (count,) = db.execute(f"DELETE FROM observation WHERE {which}").fetchone() or (0,)  # noqa: S608
    for line, value in rows:
        yield f"Line {line} {sentence.format(value)}. It is left out."
    if count > len(rows):
        yield f"{count - len(rows):,} more lines are left out for the same reason."


def _told_twice(db: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Of a day that stands there twice the later line counts."""
    rows = db.execute(
        f"""SELECT series, day, list(line ORDER BY line), count(*) OVER ()
        FROM observation GROUP BY series, day HAVING count(*) > 1 ORDER BY min(line) LIMIT {NAMED}"""  # noqa: S608
    ).fetchall()
    for series, day, lines, _ in rows:
        where = f"lines {', '.join(str(line) for line in lines[:-1])} and {lines[-1]}"
        yield f"Series “{series}” has {day} more than once ({where}). The last one counts."
    if not rows:
        return
    if rows[0][3] > len(rows):
        yield f"{rows[0][3] - len(rows):,} more days stand there more than once; the last line counts."
    db.execute(
        """DELETE FROM observation WHERE line NOT IN
        (SELECT max(line) FROM observation GROUP BY series, day)"""
    )


def _panel(db: duckdb.DuckDBPyConnection, file: Path, as_of: dt.date | None) -> Panel:
    first, last = db.execute("SELECT min(day), max(day) FROM observation").fetchone() or (None, None)
    if first is None or last is None:
        raise Refusal(f"{file.name} holds no observation that can be used.")
    last = min(max(last, as_of or last), last + dt.timedelta(days=31))
    start = max(first, last - dt.timedelta(days=LONGEST - 1))
    described = db.execute(
        """SELECT series, first(kind), bool_and(top IS NOT NULL AND bottom IS NOT NULL),
          coalesce(bool_and(top <= bottom), false)
        FROM observation GROUP BY series ORDER BY series"""
    ).fetchall()
    names = [str(row[0]) for row in described]
    kinds = np.array([_kind(*row[1:]) for row in described], np.int8)
    db.execute(
        """CREATE TABLE place AS SELECT row_number() OVER (ORDER BY series) - 1 AS place, series
        FROM (SELECT DISTINCT series FROM observation)"""
    )
    rows = db.execute(
        """SELECT place, date_diff('day', ?::DATE, day) AS row, amount, top, bottom
        FROM observation JOIN place USING (series) WHERE day >= ?""",
        [start, start],
    ).fetchnumpy()
    shape = ((last - start).days + 1, len(names))
    values = np.full(shape, np.nan, np.float32)
    parted = (kinds == Kind.RATE) | (kinds == Kind.PER)
    column, row = rows["place"], rows["row"]
    amounts = np.ma.filled(rows["amount"].astype(np.float64), np.nan)
    exposures = None
    if parted.any():
        exposures = np.ones(shape, np.float32)
        mine = parted[column]
        amounts = np.where(mine, np.ma.filled(rows["top"].astype(np.float64), np.nan), amounts)
        bottoms = np.ma.filled(rows["bottom"].astype(np.float64), np.nan)
        exposures[row[mine], column[mine]] = bottoms[mine]
    values[row, column] = amounts
    worse = np.where(kinds == Kind.RANK, 1, -1).astype(np.int8)
    return Panel(names, start, kinds, worse, values, exposures)


def _kind(said: str, parted: bool, within: bool) -> Kind:
    """A ratio whose parts are known is modelled from them."""
    if said == "ratio" and parted:
        return Kind.RATE if within else Kind.PER
    return KINDS[said]
