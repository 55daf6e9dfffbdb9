"""Which channels led to conversions, as a ratio against the floor: the bare scan that groups touches by path.

    python -m bench.attribution [PATHS]             # 1,000,000; the figures of the house are for 5,000,000
    python -m bench.attribution [PATHS] --peers     # beside what PyPI has, in a throwaway environment

Journeys are made up (10 channels, 2.7 touches a path, one user in ten without a conversion) and kept under
`build/bench-attribution/`. Floor and ours run in processes of their own and take turns; the best of each
counts, and the most memory. Ours is everything: eight models, assists, top paths, length, lag. Prints a
table, then JSON.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "build" / "bench-attribution"
PEERS = ("channelattribution==2.2.5", "marketing-attribution-models==2.1.1", "matplotlib", "duckdb==2.0.0")

LIMITS = {"ours / floor": 5.0, "MB": 1200.0, "ms after grouping": 50.0}
GOALS = {"ours / floor": 3.0, "MB": 1000.0, "ms after grouping": 50.0}
AT_LEAST = {"ChannelAttribution / ours": 4.0, "marketing-attribution-models / ours": 20.0}

GROUP = 'SELECT count(*), sum(n) FROM (SELECT "user", count(*) AS n FROM \'{}\' GROUP BY "user")'


def main() -> None:
    parser = argparse.ArgumentParser(description="Attribution beside the bare scan and its peers.")
    parser.add_argument("paths", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--part", choices=PARTS, help="one measurement, in this process")
    options = parser.parse_args()
    if options.part:
        print(json.dumps(PARTS[options.part](options.paths)))
        return
    make(options.paths)
    report(measure(options.paths, options.rounds, peers=options.peers))


def files(paths: int) -> tuple[Path, Path]:
    """Touches and conversions."""
    return FOLDER / f"touches-{paths}.parquet", FOLDER / f"conversions-{paths}.parquet"


def make(paths: int) -> None:
    """Make the journeys up, once."""
    import duckdb

    touches, conversions = files(paths)
    if conversions.exists():
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(config={"threads": 2})
    connection.execute("SET enable_progress_bar = false; SELECT setseed(0.5)")
    span = "to_microseconds(CAST(({}) AS BIGINT))"
    connection.execute(
        "CREATE TABLE journeys AS SELECT range AS j, random() < 0.9 AS converts,"
        " CAST(least(30, 1 + floor(ln(1 - random()) / ln(0.655))) AS BIGINT) AS touches,"
        f" TIMESTAMP '2026-01-01' + {span.format('random() * 60 * 86400e6')} AS t"
        f" FROM range({round(paths / 0.9)})"
    )
    away = span.format("CASE WHEN k = 0 THEN 0 ELSE random() * 20 * 86400e6 END")
    names = "['Organic Search', 'Direct', 'Paid Search', 'Email', 'Organic Social', 'Referral', 'Display',"
    names += " 'Affiliates', 'Video', 'Shopping']"
    for path, query in (
        (
            touches,
            f'SELECT j AS "user", t + {away} AS time,'
            f" {names}[1 + CAST(floor(pow(random(), 1.6) * 10) AS INT)] AS channel"
            " FROM (SELECT *, unnest(range(touches)) AS k FROM journeys)",
        ),
        (
            conversions,
            f'SELECT j AS "user", t + {span.format("(20 + random()) * 86400e6")} AS time,'
            " round(random() * 200, 2) AS value FROM journeys WHERE converts",
        ),
    ):
        connection.execute(f"COPY ({query} ORDER BY time) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")


def floor(paths: int) -> dict[str, float]:
    """Read the touches and group them by path; nothing else."""
    import duckdb

    connection = duckdb.connect(config={"threads": 2})
    connection.execute("SET enable_progress_bar = false")
    began = time.perf_counter()
    connection.execute(GROUP.format(files(paths)[0])).fetchall()
    return {"seconds": time.perf_counter() - began, "MB": _most_memory()}


def ours(paths: int) -> dict[str, float]:
    """Parquet in, everything out."""
    from steadyhand.reporting.attribution.answering import answer_of
    from steadyhand.reporting.attribution.crediting import markov, shapley
    from steadyhand.reporting.attribution.journeys import gather
    from steadyhand.reporting.attribution.sets import sets
    from steadyhand.reporting.attribution.tables import open_tables

    began = time.perf_counter()
    journeys = gather(open_tables(*files(paths)), lookback=30, half_life=7)
    grouped = time.perf_counter()
    answer = answer_of(journeys, top=100)
    ended = time.perf_counter()
    converted, null, kinds = journeys.paths, journeys.null_paths, len(journeys.channels)
    before = time.perf_counter()
    markov(converted, null, kinds)
    shapley(sets(converted, kinds), converted.count)
    after = time.perf_counter()
    assert abs(sum(answer["models"]["markov"]["credit"].values()) - converted.total) < 1e-3
    return {
        "seconds": ended - began,
        "grouping": grouped - began,
        "ms after grouping": (after - before) * 1000,
        "distinct paths": len(converted),
        "MB": _most_memory(),
    }


PARTS: dict[str, Callable[[int], dict[str, float]]] = {"floor": floor, "ours": ours}


def measure(paths: int, rounds: int, *, peers: bool) -> dict[str, Any]:
    """Floor and ours in turns, then the peers once."""
    mine = [sys.executable, "-m", "bench.attribution", str(paths), "--part"]
    turns = [(_run([*mine, "floor"]), _run([*mine, "ours"])) for _ in range(rounds)]
    base = min(turn[0]["seconds"] for turn in turns)
    best = min((turn[1] for turn in turns), key=lambda got: got["seconds"])
    found = {
        "paths": paths,
        "floor, seconds": base,
        "ours, seconds": best["seconds"],
        "ours / floor": best["seconds"] / base,
        "MB": max(turn[1]["MB"] for turn in turns),
        "distinct paths": best["distinct paths"],
        "ms after grouping": min(turn[1]["ms after grouping"] for turn in turns),
    }
    if peers:
        python = _peers()
        for name, key in (("ChannelAttribution", "ca"), ("marketing-attribution-models", "mam")):
            got = _run([python, str(ROOT / "bench" / "attribution_peers.py"), key, *map(str, files(paths))])
            found[f"{name}, seconds"] = got["seconds"]
            found[f"{name}, MB"] = got["MB"]
            found[f"{name} / ours"] = got["seconds"] / best["seconds"]
    return found


def _run(command: list[str]) -> dict[str, float]:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    got: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return got


def _peers() -> str:
    """The Python of an environment with the peers, made the first time."""
    folder = FOLDER / "peers"
    python = str(folder / "bin" / "python")
    if not (folder / "ready").exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True)
        (folder / "ready").touch()
    return python


def _most_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report(found: dict[str, Any]) -> None:
    """A table for people, a line of JSON for machines."""
    for name, value in found.items():
        print(f"{name:<40}{value:>14,.3f}{_verdict(name, value)}")
    print(json.dumps({"limits": LIMITS, "at_least": AT_LEAST, **{k: round(v, 4) for k, v in found.items()}}))


def _verdict(name: str, value: float) -> str:
    if name in LIMITS:
        met = "goal" if value <= GOALS[name] else "met" if value <= LIMITS[name] else "MISSED"
        return f"  ≤ {LIMITS[name]:g} (goal {GOALS[name]:g})  {met}"
    if name in AT_LEAST:
        return f"  ≥ {AT_LEAST[name]:g}  {'met' if value >= AT_LEAST[name] else 'MISSED'}"
    return ""


if __name__ == "__main__":
    main()
