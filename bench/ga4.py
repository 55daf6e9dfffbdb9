"""A GA4 export made into touches and conversions, as a ratio against the floor: reading its nested columns.

    python -m bench.ga4 [EVENTS]        # 2,000,000; seven parameters each
    python -m bench.ga4 [EVENTS] --json # and the same export as JSON, where the floor is reading that

The export is made up in a temporary folder and thrown away. Floor and ours run in processes of their own and
take turns; the best of each counts, and the most memory. Ours is the export in, the tables of touches and
of conversions out. Prints a table, then JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 2.0

#: What is read of each event, and counted.
READ = (
    "SELECT sum(len(event_params)), max(event_timestamp), max(event_name), max(user_pseudo_id),"
    " max(ecommerce.purchase_revenue) FROM {}"
)
VALUE = (
    "{{'string_value': {text}, 'int_value': {whole}, 'float_value': NULL::DOUBLE, 'double_value': {number}}}"
)


def main() -> None:
    parser = argparse.ArgumentParser(description="A GA4 export beside reading its nested columns.")
    parser.add_argument("events", nargs="?", type=int, default=2_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="the export as JSON, too")
    parser.add_argument("--part", choices=PARTS, help="one measurement, in this process")
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    if options.part:
        print(json.dumps(PARTS[options.part](options.file)))
        return
    with tempfile.TemporaryDirectory(prefix="steadyhand-bench-") as folder:
        for kind in ("parquet", "json") if options.json else ("parquet",):
            file = Path(folder) / f"events.{kind}"
            make(options.events, file)
            report(measure(file, options.rounds) | {"events": options.events}, kind)


def make(events: int, file: Path) -> None:
    """Visits of twelve events; two of three come from somewhere, one event in 97 buys."""
    import duckdb

    connection = duckdb.connect(config={"threads": 2})
    connection.execute("SET enable_progress_bar = false; SELECT setseed(0.5)")
    sources = "['google', 'bing', 'newsletter', 'facebook.com', 't.co', 'partner.example']"
    params = [
        _param("ga_session_id", whole="CAST(1790000000 + hash(e // 12) % 9000000 AS BIGINT)"),
        _param("ga_session_number", whole="1 + e % 3"),
        _param("page_location", text="'https://www.halden.example/shop/' || CAST(random() * 90000 AS INT)"),
        _param("page_title", text="'Page ' || (e % 5000)"),
        _param("engagement_time_msec", whole="CAST(random() * 60000 AS BIGINT)"),
        _param("session_engaged", text="'1'"),
        f"CASE WHEN e % 12 = 0 AND (e // 12) % 3 > 0"
        f" THEN {_param('source', text=f'{sources}[1 + CAST((e // 12) % 6 AS INT)]')}"
        f" ELSE {_param('value', number='round(random() * 100, 2)')} END",
    ]
    who = "(1 + (e // 30) % 400000) || '.' || (1700000000 + (e // 30) % 400000)"
    query = (
        "SELECT strftime(moment, '%Y%m%d') AS event_date, epoch_us(moment) AS event_timestamp,"
        " CASE WHEN e % 12 = 0 THEN 'session_start' WHEN e % 97 = 0 THEN 'purchase' ELSE 'page_view' END"
        f" AS event_name, [{', '.join(params)}] AS event_params, {who} AS user_pseudo_id,"
        " {'purchase_revenue': CASE WHEN e % 97 = 0 THEN 12.5 END} AS ecommerce"
        " FROM (SELECT range AS e, TIMESTAMP '2026-11-01'"
        f" + to_microseconds(CAST(range * (86400e6 / {events}) AS BIGINT)) AS moment FROM range({events}))"
    )
    kind = "parquet, COMPRESSION zstd" if file.suffix == ".parquet" else "json"
    connection.execute(f"COPY ({query}) TO '{file}' (FORMAT {kind})")


def _param(
    key: str, text: str = "NULL::VARCHAR", whole: str = "NULL::BIGINT", number: str = "NULL::DOUBLE"
) -> str:
    return f"{{'key': '{key}', 'value': {VALUE.format(text=text, whole=whole, number=number)}}}"


def floor(file: Path) -> dict[str, float]:
    """Read the columns that ours reads, the nested ones whole; nothing else."""
    import duckdb

    from steadyhand.reporting.attribution.ga4_reading import JSON_COLUMNS

    connection = duckdb.connect(config={"threads": 2})
    connection.execute("SET enable_progress_bar = false")
    relation = f"'{file}'" if file.suffix == ".parquet" else f"read_json('{file}', columns = {JSON_COLUMNS})"
    began = time.perf_counter()
    connection.execute(READ.format(relation)).fetchall()
    return {"seconds": time.perf_counter() - began}


def ours(file: Path) -> dict[str, float]:
    """The export in, both tables out."""
    from steadyhand.reporting.attribution.ga4_reading import read_export
    from steadyhand.reporting.attribution.import_child import MEMORY
    from steadyhand.reporting.attribution.tables import connect

    with tempfile.TemporaryDirectory(dir=file.parent) as parts:
        connection = connect()
        connection.execute(f"SET temp_directory = '{parts}'; SET memory_limit = '{MEMORY}'")
        began = time.perf_counter()
        read_export(connection, [file], Path(parts))
        seconds = time.perf_counter() - began
        found = connection.execute("SELECT count(*) FROM touches").fetchone() or (0,)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "touches": found[0], "MB": most}


PARTS: dict[str, Callable[[Path], dict[str, float]]] = {"floor": floor, "ours": ours}


def measure(file: Path, rounds: int) -> dict[str, float]:
    """Floor and ours in turns."""
    command = [sys.executable, "-m", "bench.ga4", "--file", str(file), "--part"]
    turns = [(_run([*command, "floor"]), _run([*command, "ours"])) for _ in range(rounds)]
    base = min(turn[0]["seconds"] for turn in turns)
    best = min(turn[1]["seconds"] for turn in turns)
    return {
        "floor, seconds": base,
        "ours, seconds": best,
        "ours / floor": best / base,
        "touches": turns[0][1]["touches"],
        "MB": max(turn[1]["MB"] for turn in turns),
        "file, MB": file.stat().st_size / 1e6,
        "load": os.getloadavg()[0],
    }


def _run(command: list[str]) -> dict[str, float]:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    got: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return got


def report(found: dict[str, float], kind: str) -> None:
    """A table for people, a line of JSON for machines."""
    print(kind)
    for name, value in found.items():
        verdict = ""
        if name == "ours / floor":
            verdict = f"  ≤ {LIMIT:g}  {'met' if value <= LIMIT else 'MISSED'}"
        print(f"  {name:<38}{value:>14,.3f}{verdict}")
    print(json.dumps({"kind": kind, "limit": LIMIT, **{k: round(v, 4) for k, v in found.items()}}))


if __name__ == "__main__":
    main()
