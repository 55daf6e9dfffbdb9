"""The test command: every check and every test, stage by stage, each timed.

bin/test                     everything, as CI runs it
bin/test checks              style, types, layers, templates, migrations
bin/test sqlite [-k word …]  the suite on SQLite (what follows goes to pytest)
bin/test postgres            data layer and planner on a real PostgreSQL
bin/test browser             journeys in Chromium
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

# What touches tables, so that a difference between the databases can show.
ON_POSTGRES = (
    "core",
    "playbook",
    "people",
    "clients",
    "commitments",
    "comms",
    "newbusiness",
    "delivery",
    "onboarding",
    "reporting",
    "growth",
    "care",
    "desk",
    "integrations",
    "exchange",
)

# Two processes, each with a database of its own; whoever is done first takes from the other.
TWO = ["-n2", "--dist=worksteal"]

CHECKS = {
    "style": [str(BIN / "ruff"), "check", "--quiet"],
    "format": [str(BIN / "ruff"), "format", "--check", "--quiet"],
    "types": [str(BIN / "mypy"), "--no-error-summary"],
    "layers": [str(BIN / "lint-imports"), "--no-cache"],
    "templates": [str(BIN / "djlint"), "steadyhand", "--lint", "--quiet"],
    "migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    "django": [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "ERROR"],
}


@dataclass
class Result:
    """How a stage went."""

    name: str
    ok: bool = True
    seconds: float = 0
    counts: dict[str, int] = field(default_factory=dict)

    def line(self) -> str:
        """One row of the summary."""
        counts = ", ".join(f"{number} {word}" for word, number in self.counts.items())
        return f"{'ok    ' if self.ok else 'FAILED'}  {self.name:<9} {self.seconds:6.1f} s  {counts}"


def checks(_: list[str]) -> Result:
    """All static checks; every one runs even when an earlier one failed."""
    result = Result("checks")
    with tempfile.TemporaryDirectory(prefix="steadyhand-checks-") as data:
        environ = os.environ | {"STEADYHAND_DATA": data, "PYTHONWARNINGS": "ignore"}
        environ.pop("DATABASE_URL", None)
        for name, command in CHECKS.items():
            done = subprocess.run(
                command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
            if done.returncode:
                result.ok = False
                print(f"--- {name} failed\n{done.stdout}", flush=True)
    return result


def sqlite(arguments: list[str]) -> Result:
    """Everything but the journeys, on SQLite."""
    return pytest(Run("sqlite", how=TWO, environ={"DATABASE_URL": ""}), arguments)


#: The demo's past: minutes of the same verbs that every other test calls.
SHOWN_BY_SQLITE = ["--deselect", "tests/exchange/test_demo.py::TestLoaded"]


def postgres(arguments: list[str]) -> Result:
    """What touches tables, on PostgreSQL."""
    folders = [f"tests/{room}" for room in ON_POSTGRES if list((ROOT / "tests" / room).glob("test_*.py"))]
    server = [sys.executable, "-m", "tests.postgres"]
    return pytest(Run("postgres", before=server, where=folders, how=[*TWO, *SHOWN_BY_SQLITE]), arguments)


def browser(arguments: list[str]) -> Result:
    """The journeys, two files at a time; the steps of one follow one another."""
    if subprocess.run([sys.executable, "-m", "tests.browser"], cwd=ROOT).returncode:
        return Result("browser", ok=False)
    how = ["-n2", "--dist=loadfile"]
    return pytest(Run("browser", where=["tests/journeys"], how=how, whole_files=True), arguments)


@dataclass(frozen=True)
class Run:
    """What pytest is asked: which tests, in which way, under which program."""

    name: str
    before: list[str] = field(default_factory=list)
    where: list[str] = field(default_factory=list)
    how: list[str] = field(default_factory=list)
    environ: dict[str, str] = field(default_factory=dict)
    #: A test needs those before it in its file.
    whole_files: bool = False


#: So many failed tests are asked once more; where more fail, it is not the machine.
FEW = 3


def pytest(run: Run, arguments: list[str]) -> Result:
    """One run of pytest, counted from its own report.

    In the whole suite a few failed tests are asked once more, alone: on a busy machine a process may be
    killed or starved. What passes then is counted as unsteady and stands in the output with its first
    failure, to be mended.
    """
    with tempfile.TemporaryDirectory(prefix="steadyhand-report-") as folder:
        ok, counts = asked(run, [*run.where, *run.how, *arguments], Path(folder))
        failed = failed_tests(Path(folder))
        if ok or arguments or not 0 < len(failed) <= FEW:
            return Result(run.name, ok=ok, counts=counts)
        print(f"\n--- {run.name}: what failed is asked once more, alone", flush=True)
        again = sorted({test.partition("::")[0] for test in failed}) if run.whole_files else failed
        ok, _ = asked(run, [*again, *run.how, "-n0", "--verbose"], Path(folder))
    steadied = counts["failed"] if ok else 0
    changed = {"passed": counts["passed"] + steadied, "failed": counts["failed"] - steadied}
    return Result(run.name, ok=ok, counts=counts | changed | {"unsteady": steadied})


def asked(run: Run, arguments: list[str], folder: Path) -> tuple[bool, dict[str, int]]:
    """Whether all passed, and how many. The names of failed tests stay in the folder."""
    report = folder / "report.xml"
    kept = ["-o", f"cache_dir={folder / 'cache'}", f"--junitxml={report}"]
    command = [*run.before, sys.executable, "-m", "pytest", "-q", *kept, *arguments]
    # Exit code 5 (nothing collected) is a failure too: a stage without tests proves nothing.
    done = subprocess.run(command, cwd=ROOT, env=os.environ | run.environ)
    return done.returncode == 0, count(report)


def failed_tests(folder: Path) -> list[str]:
    """What pytest noted as failed."""
    noted = folder / "cache" / "v" / "cache" / "lastfailed"
    return list(json.loads(noted.read_text())) if noted.exists() else []


def count(report: Path) -> dict[str, int]:
    """Passed, failed and skipped of a JUnit report."""
    if not report.exists():
        return {"passed": 0, "failed": 0}
    suites = list(ElementTree.parse(report).iter("testsuite"))

    def total(name: str) -> int:
        return sum(int(suite.get(name, 0)) for suite in suites)

    failed, skipped = total("failures") + total("errors"), total("skipped")
    counts = {"passed": total("tests") - failed - skipped, "failed": failed}
    return counts | ({"skipped": skipped} if skipped else {})


STAGES: dict[str, Callable[[list[str]], Result]] = {
    "checks": checks,
    "sqlite": sqlite,
    "postgres": postgres,
    "browser": browser,
}


def main(arguments: list[str]) -> int:
    """Run the named stage, or all; non-zero when anything failed."""
    chosen, rest = list(STAGES), []
    if arguments:
        if arguments[0] not in STAGES:
            print(__doc__)
            return 0 if arguments[0] in {"-h", "--help"} else 2
        chosen, rest = [arguments[0]], arguments[1:]
    results = []
    for name in chosen:
        print(f"\n=== {name}", flush=True)
        began = time.monotonic()
        result = STAGES[name](rest)
        result.seconds = time.monotonic() - began
        results.append(result)
    return close(results)


def close(results: list[Result]) -> int:
    """Print the summary; the last line counts every test of every stage."""
    print("\n=== summary")
    for result in results:
        print(result.line())
    words = ("passed", "failed", "skipped", "unsteady")
    totals = {word: sum(result.counts.get(word, 0) for result in results) for word in words}
    others = "".join(f", {totals[word]} {word}" for word in ("skipped", "unsteady") if totals[word])
    ok = all(result.ok for result in results)
    # A failed check is no failed test, yet it must not read as a clean sheet.
    failed = totals["failed"] or (0 if ok else 1)
    if any(result.counts for result in results):
        print(f"\n{totals['passed']} passed, {failed} failed{others}")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
