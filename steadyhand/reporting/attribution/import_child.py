"""The child of `importing`: reads what is brought in, merges it with what is there, writes Parquet."""

# ruff: noqa: S608  # the words are ours; names of files are quoted

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import duckdb

from steadyhand.core.refusals import Refusal
from steadyhand.reporting.attribution.ga4_reading import (
    GOALS,
    read_export,
    read_file,
)
from steadyhand.reporting.attribution.questions import export_files
from steadyhand.reporting.attribution.tables import CHANNEL, connect, open_tables, quoted

COLUMNS = {
    "touches": '"user", time, channel, direct, engaged, day, session',
    "conversions": '"user", time, value, day, goal',
}
FILES = {"touches": "touchpoints.parquet", "conversions": "conversions.parquet"}

#: What does not fit is put aside in the folder that is written.
MEMORY = "2GB"


def main() -> None:
    """Do it, or say why not."""
    asked = json.load(sys.stdin)
    try:
        said: dict[str, Any] = {"answer": bring_in(**asked)}
    except Refusal as refusal:
        said = {"refused": [refusal.sentence, refusal.remedy, refusal.field]}
    except duckdb.OutOfMemoryException:
        sentence = f"The file does not fit into {MEMORY} of memory and the free disk space."
        said = {"refused": [sentence, "Bring it in by day, a file each; what was read stays.", "file"]}
    json.dump(said, sys.stdout)


def bring_in(
    *,
    into: str,
    now: str,
    ga4: str = "",
    goals: list[str] | None = None,
    touchpoints: str = "",
    conversions: str = "",
    before: str = "",
    parts: str = "",
    only_read: list[str] | None = None,
) -> dict[str, Any]:
    """Write `into` (a folder) what a GA4 export, or two tables, hold; `before` is the folder merged with.

    A day of a GA4 export replaces that day; a visit stays one touch, its earliest. Two tables replace all.
    With `only_read`, files of the export, only their parts are made, in the folder `parts`.
    """
    folder = Path(into)
    if ga4:
        connection = connect()
        connection.execute(f"SET temp_directory = {quoted(str(folder))}")
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        wanted = goals or GOALS
        if only_read is not None:
            return {"read": [read_file(connection, Path(f), Path(parts), wanted).wrong for f in only_read]}
        notices = read_export(connection, export_files(Path(ga4)), Path(parts or into), wanted)
        if before:
            _merge(connection, Path(before))
    else:
        connection, notices = _read_tables(Path(touchpoints), Path(conversions))
    for table, file in FILES.items():
        connection.execute(
            f"COPY (SELECT {COLUMNS[table]} FROM {table} ORDER BY time)"
            f" TO {quoted(str(folder / file))} (FORMAT parquet, COMPRESSION zstd)"
        )
    return _summary(connection, folder, notices, now)


def _read_tables(touchpoints: Path, conversions: Path) -> tuple[duckdb.DuckDBPyConnection, list[str]]:
    source = open_tables(touchpoints, conversions)
    connection = source.connection
    for table, read, extra in (
        ("touches", source.touched, f"{CHANNEL} AS channel, {source.touched.direct} AS direct"),
        ("conversions", source.converted, 'coalesce(TRY_CAST("value" AS DOUBLE), 0) AS value'),
    ):
        last = (
            "NULL::BOOLEAN AS engaged, NULL::VARCHAR AS session"
            if table == "touches"
            else "'conversion' AS goal"
        )
        connection.execute(
            f'CREATE TABLE {table} AS SELECT CAST("user" AS VARCHAR) AS "user",'
            f" make_timestamp({read.time}) AS time, {extra},"
            f" strftime(make_timestamp({read.time}), '%Y%m%d') AS day, {last} FROM {read.whole}"
        )
    source.read_touches()
    source.read_conversions()
    return connection, source.notices()


def _merge(connection: duckdb.DuckDBPyConnection, before: Path) -> None:
    for table, file in FILES.items():
        old = quoted(str(before / file))
        connection.execute(
            f"INSERT INTO {table} BY NAME SELECT * FROM read_parquet({old})"
            " WHERE day NOT IN (SELECT day FROM days)"
        )
    connection.execute(
        "CREATE OR REPLACE TABLE touches AS SELECT * FROM touches QUALIFY session IS NULL"
        ' OR row_number() OVER (PARTITION BY "user", session ORDER BY time) = 1'
    )


def _summary(
    connection: duckdb.DuckDBPyConnection, folder: Path, notices: list[str], now: str
) -> dict[str, Any]:
    found = connection.execute(
        "SELECT (SELECT count(*) FROM touches), (SELECT count(*) FROM conversions),"
        ' (SELECT count(DISTINCT "user") FROM touches),'
        " epoch_us(least((SELECT min(time) FROM touches), (SELECT min(time) FROM conversions))),"
        " epoch_us(greatest((SELECT max(time) FROM touches), (SELECT max(time) FROM conversions))),"
        f" (SELECT count(*) FROM touches WHERE time > epoch_ms({_ms(now)})),"
        f" (SELECT count(*) FROM conversions WHERE time > epoch_ms({_ms(now)}))"
    ).fetchone()
    touches, conversions, users, first, last, early_touches, early_conversions = found or (0,) * 7
    said = list(notices)
    if early_touches or early_conversions:
        said.append(f"{early_touches + early_conversions:,} touches or conversions lie in the future.")
    whole = hashlib.sha256()
    for file in FILES.values():
        with (folder / file).open("rb") as written:
            whole.update(hashlib.file_digest(written, "sha256").digest())
    return {
        "touches": touches,
        "conversions": conversions,
        "users": users,
        "first": first,
        "last": last,
        "digest": whole.hexdigest(),
        "notices": said,
    }


def _ms(now: str) -> int:
    return round(float(now) * 1000)


if __name__ == "__main__":
    main()
