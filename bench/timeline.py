"""How fast a client's story is read, searched and added to, beside its floors in the same run.

    python -m bench.timeline               builds everything (three minutes), measures, throws it away
    python -m bench.timeline --server URL  on a PostgreSQL that runs already; what was built is used again

Read: the first page at 500,000 events beside that at 5,000, of ordinary clients and of the one with a tenth
of everything. Searched: what the word index takes beside the raw query of the database, on PostgreSQL
and on SQLite. Added to: one interaction by token, with a key, beside a bare Django that inserts the same
two rows. Every figure is the median of the rounds, taken in turns. Prints tables, then JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from bench.load import Caller, Writer, a_second, milliseconds
from bench.pages import ROOT, Book, _database, _loaded, _postgres, _run, book

SAME_WITHIN, RAW_WITHIN = 1.5, 2.0
WRITE_MS, WRITE_RATE = 4, 450
BODY = json.dumps({"channel": "call", "summary": "About the figures of March", "minutes": 20}).encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--clients", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=500_000)
    parser.add_argument("--seconds", type=float, default=1.5, help="of each measurement in a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--server", default="", help="the address of a PostgreSQL that runs already")
    options = parser.parse_args()
    with ExitStack() as stack:
        server = options.server or stack.enter_context(_postgres())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="steadyhand-bench-")))
        large = stack.enter_context(book(server, folder, options.clients, options.events))
        small = stack.enter_context(book(server, folder, options.clients // 100, options.events // 100))
        name = f"steadyhand_bench_{options.clients}_{options.events}"
        searched = [
            *words(folder, DATABASE_URL=_database(server, name)),
            *words(folder, DATABASE_URL="", BENCH_EVENTS=str(options.events)),
        ]
        report(
            {
                "events": options.events,
                "read": read(small, large, options),
                "searched": searched,
                "written": write(large, options),
            }
        )


def read(small: Book, large: Book, options: argparse.Namespace) -> list[dict[str, Any]]:
    """First pages in either book, by the head of client services."""
    found = []
    for name, path in (("html", "/clients/{}/timeline/"), ("api", "/api/clients/{}/timeline")):
        for whose in ("ordinary", "hot"):
            asked = []
            for one in (small, large):
                refs = one.world["refs"][:50] if whose == "ordinary" else [one.world["hot"]]
                asked.append((one.caller("head"), [path.format(ref) for ref in refs]))
            for caller, paths in asked:
                a_second(caller, paths, 0.5)
            times = [
                [milliseconds(caller, paths, options.seconds) for caller, paths in asked]
                for _ in range(options.rounds)
            ]
            few, many = (median(column) for column in zip(*times, strict=True))
            found.append({"page": f"{name}, {whose} client", "small_ms": few, "large_ms": many})
    return found


def words(folder: Path, **environ: str) -> list[dict[str, Any]]:
    """Measured by a process of its own, on the database it is told."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("STEADYHAND_", "DJANGO_"))}
    kept |= {"STEADYHAND_DATA": str(folder / "words"), "STEADYHAND_TEST": "1", "PYTHONPATH": str(ROOT)}
    found: list[dict[str, Any]] = json.loads(
        _run([sys.executable, "-m", "bench.words"], kept | environ).splitlines()[-1]
    )
    return found


def write(large: Book, options: argparse.Namespace) -> dict[str, float]:
    """One interaction at a time by token, and by eight at once."""
    person = large.world["people"]["head"]
    refs = large.world["refs"]
    ours = Writer(large.port, f"Authorization: Bearer {person['token']}", BODY)
    floor = Writer(large.floor_port, "", BODY)
    paths, bare = ([f"{start}/{ref}/interactions" for ref in refs] for start in ("/api/clients", "/clients"))
    pairs: list[tuple[Caller, list[str]]] = [(ours, paths), (floor, bare)]
    for caller, some in pairs:
        a_second(caller, some, 0.5)
    rows = []
    for _ in range(options.rounds):
        ms, floor_ms = (milliseconds(caller, some, options.seconds) for caller, some in pairs)
        rate, cpu = _loaded(large.web, ours, paths, options.seconds)
        floor_rate, floor_cpu = _loaded(large.floor, floor, bare, options.seconds)
        rows.append((ms, rate, cpu, floor_ms, floor_rate, floor_cpu))
    names = ("ms", "rate", "cpu_ms", "floor_ms", "floor_rate", "floor_cpu_ms")
    return dict(zip(names, (median(column) for column in zip(*rows, strict=True)), strict=True))


def report(results: dict[str, Any]) -> None:
    """Tables for people, a line of JSON for machines."""
    for row in results["read"]:
        ratio = row["large_ms"] / row["small_ms"]
        print(
            f"{row['page']:<24}{row['small_ms']:>7.1f} ms at {results['events'] // 100:,} events,"
            f"{row['large_ms']:>7.1f} at {results['events']:,}: × {ratio:.2f}  {_met(ratio <= SAME_WITHIN)}"
        )
    for row in results["searched"]:
        ratio = row["index_ms"] / row["raw_ms"]
        verdict = "" if row["capped"] else f"  ≤ {RAW_WITHIN:g}  {_met(ratio <= RAW_WITHIN)}"
        print(
            f"{row['database']:<11} “{row['word']}”: {row['hits']:>5}{' capped' if row['capped'] else ''}"
            f"{row['raw_ms']:>8.2f} ms raw,{row['index_ms']:>7.2f} the index: × {ratio:.2f}{verdict};"
            f" the whole page {row['page_ms']:.1f} ms, {row['queries']} queries"
        )
    row = results["written"]
    met = _met(row["ms"] <= WRITE_MS and row["rate"] >= WRITE_RATE)
    print(
        f"one interaction written: {row['ms']:.1f} ms · {row['rate']:.0f}/s, {row['cpu_ms']:.1f} ms of"
        f" processor  ≤ {WRITE_MS} · ≥ {WRITE_RATE}  {met}; floor {row['floor_ms']:.1f} ms"
        f" · {row['floor_rate']:.0f}/s, {row['floor_cpu_ms']:.1f}"
    )
    print(json.dumps(results))


def _met(holds: bool) -> str:
    return "met" if holds else "MISSED"


if __name__ == "__main__":
    main()
