"""Reading tables of touches and of conversions (Parquet or CSV) into columns; DuckDB does it, in memory.

Times without a zone are UTC. What one row lacks leaves out that row, counted and told; a table that cannot be
one is refused.
"""

# ruff: noqa: S608  # the words are ours; names of files and of channels are quoted

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from steadyhand.reporting.attribution.paths import Floats, Ints, Symbols, Words
from steadyhand.reporting.attribution.questions import BadTable

#: More channels than this are campaigns, not channels: the matrices grow with their square.
MOST_CHANNELS = 1000

#: How many touches make a part; users are dealt into as many parts as that needs, one is read at a time.
PART = 20_000_000
#: How many rows are read at once, by each of two threads.
PIECE = 1_000_000
#: Up to so many channels are looked up in a list: DuckDB does it once for each word of a file's dictionary.
FEW_CHANNELS = 40

UNNAMED = "(not set)"
DIRECT_NAMES = frozenset({"direct", "(direct)"})
WHOLE = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"})
CHANNEL = f"coalesce(CAST(\"channel\" AS VARCHAR), '{UNNAMED}')"
IS_DIRECT = "coalesce(lower(CAST(\"direct\" AS VARCHAR)) IN ('true', 't', '1', 'yes', 'y'), false)"


@dataclass(frozen=True, slots=True)
class Symbol:
    """What a touch can be: a channel, reached directly or not."""

    channel: str
    is_direct: bool


@dataclass(frozen=True, slots=True)
class Touches:
    """Touches in the order of the file: user key, microseconds since 1970, number of the symbol."""

    user: Ints | Words
    time: Ints
    symbol: Symbols


@dataclass(frozen=True, slots=True)
class Conversions:
    """Conversions in the order of the file: user key, microseconds since 1970, value."""

    user: Ints | Words
    time: Ints
    value: Floats


@dataclass(slots=True)
class Source:
    """The two tables, opened; `symbols` is what their touches can be."""

    connection: duckdb.DuckDBPyConnection
    touched: Table
    converted: Table
    touches: str
    conversions: str
    symbols: list[Symbol]
    bounded: bool
    read: Counter[str] = field(default_factory=Counter)

    @property
    def parts(self) -> int:
        """Into how many parts users are dealt."""
        return max(1, -(-self.touched.count // PART))

    def read_touches(self, part: int = 0) -> Touches:
        """The touches of one part of the users."""
        user, time, symbol = self._fetch(self.touched, self.touches, part)
        self.read["touches"] += len(time)
        return Touches(user, time, symbol)

    def read_conversions(self, part: int = 0) -> Conversions:
        """The conversions of one part of the users; a value that cannot be read is 0."""
        user, time, value = self._fetch(self.converted, self.conversions, part)
        is_known = np.isfinite(value)
        value = np.where(is_known, value, 0.0)
        self.read["conversions"] += len(value)
        self.read["without value"] += int(np.count_nonzero(~is_known))
        self.read["negative"] += int(np.count_nonzero(value < 0))
        return Conversions(user, time, value)

    def notices(self) -> list[str]:
        """What was left out, in sentences; refuses where no time at all could be read."""
        said = [] if self.read["touches"] == self.touched.count else self.touched.left_out()
        if self.bounded or self.read["conversions"] < self.converted.count:
            said += self.converted.left_out()
        if not self.read["conversions"]:
            said.append("There are no conversions, so no channel gets credit.")
        if count := self.read["without value"]:
            said.append(f"{count:,} conversions have no value that can be read; they count, with value 0.")
        if count := self.read["negative"]:
            said.append(f"{count:,} conversions have a negative value; it is taken off what they brought.")
        return said

    def _fetch(self, table: Table, query: str, part: int) -> list[Any]:
        """The columns of one part of the users, read piece by piece, so that memory holds them once."""
        dealt = f" AND abs(u % {self.parts}) = {part}" if self.parts > 1 else ""

        def piece(begin: int) -> list[np.ndarray]:
            rows = f"SELECT * EXCLUDE n FROM ({query}) WHERE n >= {begin} AND n < {begin + PIECE}{dealt}"
            return list(self.connection.cursor().execute(rows).fetchnumpy().values())

        with ThreadPoolExecutor(2) as pool:
            pieces = list(pool.map(piece, range(0, max(table.count, 1), PIECE)))
        return [_joined([got.pop(0) for got in pieces]) for _ in range(len(pieces[0]))]


def connect(threads: int = 2) -> duckdb.DuckDBPyConnection:
    """DuckDB in memory, in UTC; it reads files and reaches nothing else."""
    connection = duckdb.connect(config={"threads": threads, "autoinstall_known_extensions": False})
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")  # it would stand in the middle of an answer
    return connection


def open_tables(touchpoints: Path, conversions: Path, *, start: str = "", end: str = "") -> Source:
    """Look both tables over: columns, kinds, channels. Refuses what cannot be read as such a table."""
    connection = connect()
    touched = Table(connection, "touched", touchpoints, ("user", "time", "channel"))
    converted = Table(connection, "converted", conversions, ("user", "time", "value"))
    user = _user(all(table.types["user"] in WHOLE for table in (touched, converted)))
    symbols, code = _symbols(touched)
    within = _within(converted.time, start, end)
    return Source(
        connection,
        touched,
        converted,
        touches=f"SELECT {user} AS u, {touched.time} AS t, {code} AS s, {touched.row} AS n"
        f" FROM {touched.whole}",
        conversions=f'SELECT {user} AS u, {converted.time} AS t, TRY_CAST("value" AS DOUBLE) AS v,'
        f" {converted.row} AS n FROM {converted.whole}{within}",
        symbols=symbols,
        bounded=bool(within),
    )


def _user(is_number: bool) -> str:
    """The key of a user: the number, else 64 bits of a hash of the text (two of five million users share one
    in less than one file of a million)."""
    return 'CAST("user" AS BIGINT)' if is_number else 'hash(CAST("user" AS VARCHAR))'


def _within(time: str, start: str, end: str) -> str:
    bounds = (
        f" AND {time} {sign} epoch_us(TIMESTAMPTZ {quoted(at)})"
        for sign, at in ((">=", start), ("<", end))
        if at
    )
    return "".join(bounds)


class Table:
    """One file as a relation, its columns checked."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, name: str, path: Path, needed: tuple[str, ...]
    ) -> None:
        self.connection, self.path, self.needed = connection, path, needed
        try:
            if is_parquet(path):
                self.relation = f"read_parquet({quoted(str(path))}, file_row_number = true)"
                self.row = "file_row_number"
            else:
                connection.execute(
                    f"CREATE TABLE {name} AS SELECT * FROM read_csv({quoted(str(path))}, header = true,"
                    " all_varchar = true, normalize_names = false)"
                )
                self.relation, self.row = name, "rowid"
            described = connection.execute(f"DESCRIBE SELECT * FROM {self.relation}").fetchall()
        except duckdb.Error as error:
            said = str(error).splitlines()[0]
            raise BadTable(
                f"{path.name} cannot be read as a table: {said}", remedy="Give a whole Parquet or CSV file."
            ) from error
        self.types: Mapping[str, str] = {
            column: kind for column, kind, *_ in described if column != "file_row_number"
        }
        missing = [column for column in needed if column not in self.types]
        if missing:
            raise BadTable(
                f"{path.name} has no column “{missing[0]}”; it has {', '.join(self.types) or 'none'}.",
                remedy=f"Name its columns {', '.join(needed)}.",
            )
        self.time = self._time()
        found = connection.execute(f"SELECT count(*) FROM {self.relation}").fetchone()
        self.count: int = found[0] if found else 0

    def _time(self) -> str:
        kind = self.types["time"]
        if kind == "VARCHAR":
            # 1/2/26 is taken for a day of the year 1: no touch is that old.
            read = 'epoch_us(TRY_CAST("time" AS TIMESTAMPTZ))'
            return f"CASE WHEN {read} >= 0 THEN {read} END"
        if kind == "TIMESTAMP WITH TIME ZONE":
            return 'epoch_us("time")'
        if kind == "DATE" or kind.startswith("TIMESTAMP"):
            return 'epoch_us(CAST("time" AS TIMESTAMP))'
        raise BadTable(
            f"The column “time” of {self.path.name} holds {kind.lower()}, not times.",
            remedy="Write times as 2026-03-31 14:05:00, with or without a zone.",
        )

    @property
    def whole(self) -> str:
        """The rows with a user and a time, as the end of a query."""
        return f'{self.relation} WHERE "user" IS NOT NULL AND {self.time} IS NOT NULL'

    @property
    def direct(self) -> str:
        """Whether a touch is direct: its column says so, else the channel's name."""
        return IS_DIRECT if "direct" in self.types else f"lower(trim({CHANNEL})) IN ('direct', '(direct)')"

    def left_out(self) -> list[str]:
        """Which rows cannot be read, in sentences; refuses where that is every one."""
        found = self.connection.execute(
            f'SELECT count(*), count("user"), count({self.time}), any_value(CAST("time" AS VARCHAR))'
            f" FILTER (WHERE {self.time} IS NULL) FROM {self.relation}"
        ).fetchone()
        rows, users, times, example = found or (0, 0, 0, None)
        if rows and not times:
            raise BadTable(
                f"No time in {self.path.name} can be read; one is “{example}”.",
                remedy="Write times as 2026-03-31 14:05:00, with or without a zone.",
            )
        said = []
        if users < rows:
            said.append(f"{rows - users:,} rows of {self.path.name} name no user and are left out.")
        if times < rows:
            said.append(
                f"{rows - times:,} rows of {self.path.name} have a time that cannot be read"
                f" (such as “{example}”) and are left out."
            )
        return said


def _symbols(table: Table) -> tuple[list[Symbol], str]:
    """The symbols, and the SQL that gives a touch its number."""
    connection, relation = table.connection, table.relation
    found = connection.execute(
        f"SELECT DISTINCT {CHANNEL} AS c FROM {relation} ORDER BY c LIMIT {MOST_CHANNELS + 1}"
    ).fetchall()
    channels = [channel for (channel,) in found]
    if len(channels) > MOST_CHANNELS:
        raise BadTable(
            f"{table.path.name} names more than {MOST_CHANNELS:,} channels.",
            remedy="Group campaigns into channels first.",
        )
    if not channels:
        return [], "CAST(0 AS USMALLINT)"
    names = ", ".join(map(quoted, channels))
    if len(channels) > FEW_CHANNELS:
        connection.execute(f"CREATE TYPE channel_name AS ENUM ({names})")
        code = f"CAST(enum_code(CAST({CHANNEL} AS channel_name)) AS USMALLINT)"
    else:
        unnamed = channels.index(UNNAMED) if UNNAMED in channels else 0
        found_at = f'list_position([{names}], CAST("channel" AS VARCHAR)) - 1'
        code = f"CAST(coalesce({found_at}, {unnamed}) AS USMALLINT)"
    if "direct" not in table.types:
        return [Symbol(channel, channel.strip().lower() in DIRECT_NAMES) for channel in channels], code
    symbols = [Symbol(channel, is_direct) for channel in channels for is_direct in (False, True)]
    return symbols, f"CAST(2 * {code} + CAST({IS_DIRECT} AS USMALLINT) AS USMALLINT)"


def _joined(pieces: list[np.ndarray]) -> np.ndarray:
    """One column of all pieces; numbers that are not there are NaN."""
    return np.concatenate(
        [np.ma.filled(piece, np.nan) if np.ma.isMaskedArray(piece) else piece for piece in pieces]
    )


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def is_parquet(path: Path) -> bool:
    """Whether a file begins as Parquet does."""
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"
