"""Paths of touches that stay in the agency's own database (`STEADYHAND_ANALYTICS`): it reduces them, the few
rows that come back make `Journeys`.

The child process of `asking` for such questions: one as JSON on standard input, its answer as JSON on
standard output; with `only_look` it says whether the database can be asked. The database is only read.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import psycopg

from steadyhand.core.refusals import Refusal
from steadyhand.reporting.attribution.answering import answer_of
from steadyhand.reporting.attribution.journeys import Journeys
from steadyhand.reporting.attribution.paths import Paths
from steadyhand.reporting.attribution.portable import Tables, quoted_name, reduction
from steadyhand.reporting.attribution.questions import BadTable, Question
from steadyhand.reporting.attribution.tables import MOST_CHANNELS, Symbol

#: Seconds.
TO_CONNECT = 10

TIMES = {"timestamp", "timestamptz", "date"}
NUMBERS = {"int2", "int4", "int8", "float4", "float8", "numeric"}
NEEDED: dict[str, dict[str, set[str]]] = {
    "touchpoints": {"client": set(), "user": set(), "time": TIMES, "channel": set()},
    "conversions": {"client": set(), "user": set(), "time": TIMES, "value": NUMBERS},
}
KINDS = {"time": "a timestamp or a date", "value": "a number", "direct": "true or false"}

Rows = Iterable[tuple[str, str, float, float]]


def main() -> None:
    """Answer, or say why not."""
    asked = json.load(sys.stdin)
    only_look = asked.pop("only_look", False)
    try:
        question = Question(**asked)
        found = look(question) if only_look else answer_of(gather_there(question), top=question.top)
        said: dict[str, Any] = {"answer": found}
    except Refusal as refusal:
        said = {"refused": [refusal.sentence, refusal.remedy, refusal.field]}
    json.dump(said, sys.stdout)


def gather_there(question: Question) -> Journeys:
    """All journeys of one client in the agency's database."""
    with _connected(question.engine) as database:
        tables = _tables(database, question)
        query = reduction(
            "postgres",
            tables,
            lookback=question.lookback,
            half_life=question.half_life,
            since=_micros(question.start),
            before=_micros(question.end),
        )
        rows = database.execute(query).fetchall()
    return journeys_of(rows)


def look(question: Question) -> str:
    """That both tables are there and as they must be, in a few words; refuses where they are not."""
    with _connected(question.engine) as database:
        _tables(database, question)
        return f"{question.touchpoints} and {question.conversions} of {database.info.dbname} can be read"


def journeys_of(rows: Rows) -> Journeys:
    """Journeys from the rows that `portable.reduction` brings."""
    found: dict[str, list[tuple[str, float, float]]] = {}
    for kind, name, conversions, value in rows:
        found.setdefault(kind, []).append((name, conversions, value))
    named = sorted(found.get("channel", []), key=lambda row: row[1])
    if len({channel for channel, *_ in named}) > MOST_CHANNELS:
        raise BadTable(
            f"The table of touches names more than {MOST_CHANNELS:,} channels for this client.",
            remedy="Group campaigns into channels first.",
        )
    converted = _paths(found.get("path", []))
    decay, lag = _by_number(found.get("decay", []), len(named)), _by_number(found.get("lag", []))
    ((_, conversions, value),) = found["all"]
    return Journeys(
        symbols=[Symbol(channel, bool(direct)) for channel, _, direct in named],
        converted=converted,
        null=_paths(found.get("null", [])),
        decay_credit=decay[0],
        decay_value=decay[1],
        lag_count=lag[0],
        lag_value=lag[1],
        unattributed=round(conversions - converted.total),
        unattributed_value=value - float(converted.value.sum()),
        notices=[] if conversions else ["There are no conversions, so no channel gets credit."],
    )


def _paths(rows: list[tuple[str, float, float]]) -> Paths:
    lengths = [name.count(" ") + 1 for name, *_ in rows]
    numbers = " ".join(name for name, *_ in rows).split()
    return Paths(
        symbols=np.array(numbers, np.int64),
        starts=np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64),
        count=np.array([count for _, count, _ in rows], np.float64),
        value=np.array([value for *_, value in rows], np.float64),
    )


def _by_number(rows: list[tuple[str, float, float]], least: int = 0) -> np.ndarray:
    """What each number has: (2, numbers)."""
    known = {int(name): amounts for name, *amounts in rows}
    return np.array([known.get(n, [0.0, 0.0]) for n in range(max([least - 1, *known]) + 1)]).reshape(-1, 2).T


def _tables(database: psycopg.Connection, question: Question) -> Tables:
    """Both tables looked over: there, readable, with the columns that are needed."""
    touched, _ = (
        _columns(database, name, needed)
        for name, needed in zip((question.touchpoints, question.conversions), NEEDED.values(), strict=True)
    )
    if touched.get("direct", "bool") != "bool":
        raise _wrong_kind(question.touchpoints, "direct", touched["direct"])
    return Tables(
        question.touchpoints,
        question.conversions,
        has_direct="direct" in touched,
        has_order="seq" in touched,
        client=question.client,
    )


def _columns(database: psycopg.Connection, table: str, needed: dict[str, set[str]]) -> dict[str, str]:
    query = f"SELECT * FROM {quoted_name(table)} LIMIT 0"  # noqa: S608  # quoted
    try:
        described = database.execute(query).description or []
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName) as error:
        raise BadTable(
            f"The database of STEADYHAND_ANALYTICS has no table {table}.",
            remedy="Correct its name in the setting, with its schema before a dot.",
        ) from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise BadTable(
            f"The user of STEADYHAND_ANALYTICS may not read the table {table}.",
            remedy=f"Let the user read it: GRANT SELECT ON {table} TO {database.info.user}",
        ) from error
    kinds = {column.name: _kind(database, column.type_code) for column in described}
    for column, allowed in needed.items():
        if column not in kinds:
            raise BadTable(
                f"The table {table} of STEADYHAND_ANALYTICS has no column “{column}”; it has"
                f" {', '.join(kinds) or 'none'}.",
                remedy=f"Give it, or a view of it, the columns {', '.join(needed)}.",
            )
        if allowed and kinds[column] not in allowed:
            raise _wrong_kind(table, column, kinds[column])
    return kinds


def _kind(database: psycopg.Connection, code: int) -> str:
    known = database.adapters.types.get(code)
    return known.name if known else "an unknown kind"


def _wrong_kind(table: str, column: str, kind: str) -> BadTable:
    return BadTable(
        f"The column “{column}” of the table {table} of STEADYHAND_ANALYTICS is {kind}, not {KINDS[column]}.",
        remedy="Make a view of it with that column cast, and name the view in the setting.",
    )


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection that only reads. The database stops working when we are gone."""
    try:
        with psycopg.connect(url, connect_timeout=TO_CONNECT) as database:
            database.read_only = True
            database.execute("SET client_connection_check_interval = '5s'")
            yield database
    except psycopg.Error as error:
        said = (str(error).strip().splitlines() or ["it said nothing"])[-1]
        raise BadTable(
            f"The database of STEADYHAND_ANALYTICS did not answer: {said}",
            remedy="Check the setting's address, user and password; `steadyhand doctor` tries them.",
        ) from error


def _micros(moment: str) -> int | None:
    """Microseconds since 1970 of an ISO time; UTC without zone."""
    if not moment:
        return None
    at = dt.datetime.fromisoformat(moment)
    at = at.replace(tzinfo=at.tzinfo or dt.UTC)
    return (at - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)


if __name__ == "__main__":
    main()
