"""A client's dashboard beside its bare queries: 40 metrics, three years of days.

    python -m bench.dashboard [--rounds N]

Floor: the bare query, in the short-lived process every query runs in (page and worker never load DuckDB).
Ours: the first page after figures came in, with nothing remembered, as the site answers it, its charts not
yet drawn; then a second look, and what drawing the charts costs once. Prints a table, then JSON.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from statistics import median

DAYS, METRICS_SHOWN = 3 * 365, 40
LIMITS = {"first / floor": 3.0, "second / floor": 1.0}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"STEADYHAND_DATA": folder, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        os.environ.pop("DATABASE_URL", None)
        told = measure(Path(folder), options.rounds)
    for name, figure in told.items():
        limit = f"   at most {LIMITS[name]}" if name in LIMITS else ""
        print(f"{name:>16}  {figure:8.3f}{limit}")
    print(json.dumps(told))


def measure(folder: Path, rounds: int) -> dict[str, float]:
    """Seconds and ratios, medians of rounds that take turns."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client as Browser
    from django.test.utils import setup_test_environment

    settings.DATA = folder
    settings.DATABASES["default"]["NAME"] = str(folder / "bench.sqlite3")
    setup_test_environment()
    call_command("migrate", verbosity=0)

    from steadyhand.reporting.metrics import dashboards, periods, receiving, store
    from steadyhand.reporting.metrics.definitions import METRICS
    from steadyhand.reporting.metrics.reading import reach
    from tests import cast

    people = cast.build(planned=False)
    keys = list(METRICS)[:METRICS_SHOWN]
    receiving.receive(people.halden, "upload", rows(keys), by=cast.SYSTEM)
    dashboards.arrange(people.halden, by=cast.SYSTEM, keys=keys)
    browser = Browser()
    browser.force_login(cast.user_of(people.jody))
    month = periods.before(periods.month_of(dt.date.today()))
    start, end = reach(month)
    question = {
        "do": "daily",
        "metrics": sorted(keys),
        "file": str(store.file_of(people.halden.pk)),
        "start": start.isoformat(),
        "end": end.isoformat(),
        "dims": None,
    }

    def floor() -> None:
        asked = json.dumps(question).encode()
        subprocess.run([sys.executable, "-I", str(store.CHILD)], input=asked, capture_output=True, check=True)

    def page() -> None:
        shown = browser.get("/clients/halden-bikes/figures/", {"period": month.key})
        assert shown.status_code == 200

    def first() -> None:
        store.forget_answers(people.halden.pk)
        page()

    page()
    taken: dict[str, list[float]] = {"floor": [], "first": [], "second": []}
    for _ in range(rounds):
        for name, act in (("floor", floor), ("first", first), ("second", page)):
            taken[name].append(seconds(act))
    told = {name: median(values) for name, values in taken.items()}
    told["first / floor"] = told["first"] / told["floor"]
    told["second / floor"] = told["second"] / told["floor"]
    told["charts, once"] = seconds(
        lambda: browser.get("/clients/halden-bikes/figures/charts/", {"period": month.key})
    )
    told["charts, again"] = seconds(
        lambda: browser.get("/clients/halden-bikes/figures/charts/", {"period": month.key})
    )
    return told


def rows(keys: list[str]) -> list[object]:
    """Three years of each metric."""
    from steadyhand.reporting.metrics.store import Observation

    random, today = Random(7), dt.date.today()
    return [
        Observation("upload", key, today - dt.timedelta(days=number), float(random.randint(50, 500)))
        for key in keys
        for number in range(1, DAYS + 1)
    ]


def seconds(act: Callable[[], object]) -> float:
    """How long an act takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
