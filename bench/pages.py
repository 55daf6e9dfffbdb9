"""How fast pages and API answer, beside a bare Django on the same tables in the same run.

    python -m bench.pages                     builds everything (two minutes), measures, throws it away
    python -m bench.pages --only api/clients  the figures whose name has the word
    python -m bench.pages --server URL        on a PostgreSQL that runs already; what was built is used again

10,000 clients, 100,000 contacts, 500,000 events (a tenth of them of one hot client), 100,000
interactions and the promises of 13 weeks on PostgreSQL; 2 web workers with 4 threads each. Every figure
is p50 at one connection and answers a second at eight, taken in turns with its floor, median of the
rounds; and the processor time of an answer, ours and the floor's, which others on the machine disturb
least. On a busy machine the multiples of the floor count. Prints a table, then JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psutil

from bench.load import Caller, a_second, milliseconds
from bench.world import NOW

ROOT = Path(__file__).resolve().parents[1]
WORKERS, THREADS = 2, 4
SMALL = 500
MEMORY_MUST = 250
SAME_WITHIN = 1.5


@dataclass(frozen=True, slots=True)
class Target:
    """p50 in milliseconds at most, answers a second at least."""

    ms: float
    rate: float


API = {"clients": Target(7, 315), "client": Target(8, 300), "timeline": Target(5, 400)}
HTML = Target(20, 100)
HTML_GOAL = Target(10, 200)


@dataclass(frozen=True, slots=True)
class Page:
    """What is asked for, by whom, beside which floor."""

    name: str
    who: str
    paths: list[str]
    floor: list[str]
    target: Target
    token: bool = False


@dataclass(slots=True)
class Figure:
    """What was measured of a page, and of its floor at the same time."""

    page: str
    p50_ms: float
    rate: float
    floor_ms: float
    floor_rate: float
    cpu_ms: float
    floor_cpu_ms: float
    target: Target

    @property
    def met(self) -> bool:
        return self.p50_ms <= self.target.ms and self.rate >= self.target.rate

    @property
    def slower(self) -> float:
        """How many times the floor's p50."""
        return self.p50_ms / self.floor_ms


def pages_of(world: dict[str, Any]) -> list[Page]:
    """Everything that is measured in the large book."""
    refs, hot, own = world["refs"], world["hot"], world["own"]
    member = world["people"]["member"]["id"]
    floor_client = [f"/clients/{ref}" for ref in refs]
    floor_timeline = [f"{path}/timeline" for path in floor_client]
    today = [f"/today/{member}"]
    pages = []
    for token, by in ((False, ""), (True, ", by token")):
        pages += [
            Page(f"api/clients{by}", "head", ["/api/clients"], ["/clients"], API["clients"], token),
            Page(
                f"api/client{by}",
                "head",
                [f"/api/clients/{ref}" for ref in refs],
                floor_client,
                API["client"],
                token,
            ),
            Page(
                f"api/timeline{by}",
                "head",
                [f"/api/clients/{ref}/timeline" for ref in refs],
                floor_timeline,
                API["timeline"],
                token,
            ),
            Page(
                f"api/timeline hot{by}",
                "head",
                [f"/api/clients/{hot}/timeline"],
                floor_timeline,
                API["timeline"],
                token,
            ),
        ]
    pages += [
        Page("api/clients of 20", "member", ["/api/clients"], ["/clients"], API["clients"]),
        Page(
            "api/client of 20",
            "member",
            [f"/api/clients/{ref}" for ref in own],
            floor_client,
            API["client"],
        ),
    ]
    for who, clients in (("head", refs), ("member", own)):
        pages += [
            Page(f"html/today, {who}", who, ["/"], today, HTML),
            Page(f"html/clients, {who}", who, ["/clients/"], ["/clients"], HTML),
            Page(f"html/client, {who}", who, [f"/clients/{ref}/" for ref in clients], floor_client, HTML),
            Page(f"html/calendar, {who}", who, ["/calendar/2026-11/"], today, HTML),
        ]
    pages.append(Page("html/today of all, head", "head", ["/?of=everyone"], today, HTML))
    return pages


def small_pages(world: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """What a member who leads twenty asks for, in either book."""
    return [
        ("html/today", ["/"]),
        ("html/clients", ["/clients/"]),
        ("html/client", [f"/clients/{ref}/" for ref in world["own"]]),
        ("html/calendar", ["/calendar/2026-11/"]),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--clients", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=500_000)
    parser.add_argument("--seconds", type=float, default=1.5, help="of each measurement in a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="measure what has this word in its name")
    parser.add_argument("--server", default="", help="the address of a PostgreSQL that runs already")
    options = parser.parse_args()
    with ExitStack() as stack:
        server = options.server or stack.enter_context(_postgres())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="steadyhand-bench-")))
        large = stack.enter_context(book(server, folder, options.clients, options.events))
        results: dict[str, Any] = {"clients": options.clients, "events": options.events}
        results |= measure(large, options)
        if not options.only or options.only in "small":
            small = stack.enter_context(
                book(server, folder, SMALL, options.events * SMALL // options.clients)
            )
            results["small"] = compare(small, large, options)
        if not options.only or options.only in "memory":
            results["memory"] = memory(large)
    report(results)


@contextmanager
def _postgres() -> Iterator[str]:
    from tests.postgres import running_postgres

    with running_postgres() as url:
        yield url


@dataclass(frozen=True, slots=True)
class Book:
    """A running installation: its world, where it and its floor listen, and its processes."""

    world: dict[str, Any]
    port: int
    floor_port: int
    web: psutil.Process
    worker: psutil.Process
    floor: psutil.Process

    def caller(self, who: str, *, token: bool = False) -> Caller:
        person = self.world["people"][who]
        header = f"Authorization: Bearer {person['token']}" if token else f"Cookie: {person['session']}"
        return Caller(self.port, header)


@contextmanager
def book(server: str, folder: Path, clients: int, events: int) -> Iterator[Book]:
    """A book of that size, built where it is not there yet, served until the block ends."""
    url = _database(server, f"steadyhand_bench_{clients}_{events}")
    data = folder / str(clients)
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("STEADYHAND_", "DJANGO_"))}
    port, floor_port = _free_port(), _free_port()
    environ |= {
        "STEADYHAND_DATA": str(data),
        "STEADYHAND_SECRET_KEY": "bench" * 12,
        "STEADYHAND_TEST": "1",
        "STEADYHAND_CLOCK": NOW,
        "STEADYHAND_PORT": str(port),
        "STEADYHAND_WEB_WORKERS": str(WORKERS),
        "STEADYHAND_WEB_THREADS": str(THREADS),
        "DATABASE_URL": url,
        "PYTHONPATH": str(ROOT),
    }
    began = time.perf_counter()
    built = _run([sys.executable, "-m", "bench.world", str(clients), str(events)], environ)
    world = json.loads(built.splitlines()[-1])
    print(f"{clients:,} clients: entered after {time.perf_counter() - began:.0f} s", file=sys.stderr)
    _run([sys.executable, "-P", "-m", "steadyhand.cli", "prepare"], environ)
    with ExitStack() as stack:
        ours = [
            stack.enter_context(_process([sys.executable, "-P", "-m", "steadyhand.cli", *command], environ))
            for command in (("web", "--prepared"), ("worker",))
        ]
        granian = [sys.executable, "-m", "granian", "bench.floor:application", "--interface=wsgi", "--http=1"]
        flags = ["--no-ws", "--log-level=warning", f"--port={floor_port}"]
        shape = [f"--workers={WORKERS}", f"--blocking-threads={THREADS}"]
        floor = stack.enter_context(_process([*granian, *flags, *shape], environ))
        _wait(f"http://127.0.0.1:{port}/healthz")
        _wait(f"http://127.0.0.1:{floor_port}/clients")
        yield Book(world, port, floor_port, *ours, floor)


def measure(large: Book, options: argparse.Namespace) -> dict[str, Any]:
    """Every page of the large book, in turns with its floor."""
    figures = []
    for page in pages_of(large.world):
        if options.only not in page.name:
            continue
        caller, floor = large.caller(page.who, token=page.token), Caller(large.floor_port)
        for warm, paths in ((caller, page.paths), (floor, page.floor)):
            a_second(warm, paths, 0.5)
        times: list[tuple[float, ...]] = []
        for _ in range(options.rounds):
            ms = milliseconds(caller, page.paths, options.seconds)
            floor_ms = milliseconds(floor, page.floor, options.seconds)
            rate, cpu = _loaded(large.web, caller, page.paths, options.seconds)
            floor_rate, floor_cpu = _loaded(large.floor, floor, page.floor, options.seconds)
            times.append((ms, rate, floor_ms, floor_rate, cpu, floor_cpu))
        figure = Figure(page.name, *(median(column) for column in zip(*times, strict=True)), page.target)
        figures.append(figure)
        print(line(figure), file=sys.stderr)
    return {"figures": figures}


def _loaded(server: psutil.Process, caller: Caller, paths: list[str], seconds: float) -> tuple[float, float]:
    """Answers a second, and milliseconds of the server's processes for each."""
    before = _cpu(server)
    rate = a_second(caller, paths, seconds)
    return rate, (_cpu(server) - before) / (rate * seconds) * 1000


def _cpu(server: psutil.Process) -> float:
    every = [process.cpu_times() for process in (server, *server.children(recursive=True))]
    return sum(times.user + times.system for times in every)


def compare(small: Book, large: Book, options: argparse.Namespace) -> list[dict[str, Any]]:
    """The same pages of a member who leads twenty, in the small book and in the large one."""
    found = []
    for (name, few), (_, many) in zip(small_pages(small.world), small_pages(large.world), strict=True):
        callers = (small.caller("member"), few), (large.caller("member"), many)
        for caller, paths in callers:
            a_second(caller, paths, 0.5)
        times = [
            [milliseconds(caller, paths, options.seconds) for caller, paths in callers]
            for _ in range(options.rounds)
        ]
        in_small, in_large = (median(column) for column in zip(*times, strict=True))
        ratio = in_large / in_small
        found.append({"page": name, "small_ms": in_small, "large_ms": in_large, "ratio": ratio})
    return found


def memory(large: Book) -> dict[str, float]:
    """Megabytes (PSS) of one web worker with the server over it, and of the background worker."""
    web, worker = large.web, large.worker
    web_pss = sorted(_pss(process) for process in web.children(recursive=True))
    return {
        "web server": _pss(web),
        "web workers": web_pss,
        "worker": _pss(worker),
        "one web worker and worker": _pss(web) + max(web_pss) + _pss(worker),
    }


def _pss(process: psutil.Process) -> float:
    for row in Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines():
        if row.startswith("Pss:"):
            return int(row.split()[1]) / 1024
    return 0.0


def line(figure: Figure) -> str:
    """One row of the table."""
    met = "met" if figure.met else "MISSED"
    goal = " and the goal" if figure.target is HTML and _meets(figure, HTML_GOAL) else ""
    return (
        f"{figure.page:<28}{figure.p50_ms:>8.1f}{figure.rate:>8.0f}"
        f"{figure.floor_ms:>9.1f}{figure.floor_rate:>8.0f}"
        f"{figure.cpu_ms:>8.1f}{figure.floor_cpu_ms:>8.1f}"
        f"{figure.slower:>8.1f}{figure.floor_rate / figure.rate:>8.1f}"
        f"{figure.cpu_ms / figure.floor_cpu_ms:>8.1f}"
        f"   ≤ {figure.target.ms:g} · ≥ {figure.target.rate:g}  {met}{goal}"
    )


def _meets(figure: Figure, target: Target) -> bool:
    return figure.p50_ms <= target.ms and figure.rate >= target.rate


def report(results: dict[str, Any]) -> None:
    """Tables for people, a line of JSON for machines."""
    figures: list[Figure] = results["figures"]
    heads = ("p50 ms", "a s", " floor ms", "a s", "cpu ms", "floor", "× p50", "× a s", "× cpu")
    print(f"{'page':<28}" + "".join(f"{head:>8}" for head in heads))
    for figure in figures:
        print(line(figure))
    for row in results.get("small", []):
        verdict = "met" if row["ratio"] <= SAME_WITHIN else "MISSED"
        print(
            f"{row['page']:<28}{row['small_ms']:>8.1f} ms in 500 clients,{row['large_ms']:>7.1f} ms in all: "
            f"× {row['ratio']:.2f}  ≤ {SAME_WITHIN}  {verdict}"
        )
    if "memory" in results:
        used = results["memory"]["one web worker and worker"]
        print(f"one web worker and worker: {used:.0f} MB  ≤ {MEMORY_MUST}")
    print(json.dumps(results | {"figures": [asdict(figure) | {"met": figure.met} for figure in figures]}))


def _database(server: str, name: str) -> str:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f"CREATE DATABASE {name}")
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def _run(command: list[str], environ: dict[str, str]) -> str:
    done = subprocess.run(command, env=environ, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(done.returncode)
    return done.stdout


@contextmanager
def _process(command: list[str], environ: dict[str, str]) -> Iterator[psutil.Process]:
    started = subprocess.Popen(command, env=environ, cwd=ROOT)
    try:
        yield psutil.Process(started.pid)
    finally:
        started.terminate()
        started.wait(30)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait(url: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


if __name__ == "__main__":
    main()
