"""Reports: a PDF of 12 pages, and the drafting of 500 in a night, killed on the way.

    python -m bench.reports [--reports N]

The PDF is set three times with charts that were never drawn and once more with them at hand. The night drafts
what is due for N clients in a process that is killed half-way and started again: nothing is drafted twice,
nothing is lost. Prints a table, then JSON.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from statistics import median

#: Seconds for the paper; minutes for the night of 500.
LIMITS = {"pdf of 12 pages, s": 2.0, "night of 500, min": 5.0}
PAGES, DAYS = 12, 3 * 365
LEVELS = {
    "sessions": 400,
    "conversions": 12,
    "revenue": 500,
    "cost": 40,
    "leads": 3,
    "ad_clicks": 100,
    "ad_conversions": 4,
    "ad_revenue": 200,
    "impressions": 9000,
    "search_clicks": 300,
}
#: What somebody says of it, at length.
PARAGRAPHS = 103
WORDS = "The autumn pages carry the month: they were written in August and rank since September. " * 4
CHANNELS = ("Organic search", "Paid search", "Email", "Direct", "Referral")
#: The last working days of November: every monthly report is due.
NOW = "2026-11-27T20:00:00Z"
TODAY = dt.date(2026, 11, 27)
#: Drafts what is due, and says how far it is.
NIGHT = """
import django
django.setup()
from steadyhand.reporting.reports.drafting import draft_due
draft_due(lambda number, of: print(number, of, flush=True))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--reports", type=int, default=500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"STEADYHAND_DATA": folder, "DJANGO_SETTINGS_MODULE": "steadyhand.settings"}
        os.environ |= {"STEADYHAND_TEST": "1", "STEADYHAND_CLOCK": NOW}
        os.environ.pop("DATABASE_URL", None)
        told = measure(options.reports)
    for name, figure in told.items():
        limit = f"   at most {LIMITS[name]}" if name in LIMITS else ""
        print(f"{name:>28}  {figure:8.2f}{limit}")
    print(json.dumps(told | {"limits": LIMITS}))


def measure(reports: int) -> dict[str, float]:
    """Seconds, minutes and counts."""
    import django

    django.setup()
    build(reports)
    return night(reports) | paper()


def build(clients: int) -> None:
    """Clients with three years of figures each, and one report due in two days."""
    from django.core.management import call_command

    from bench.book import build_book
    from steadyhand.commitments.models import Commitment
    from steadyhand.commitments.planning import plan_book
    from steadyhand.core import agency, clock
    from steadyhand.core.actor import Actor
    from steadyhand.playbook.publishing import adopt_shipped
    from steadyhand.reporting.reports.drafting import KIND_OF_RULE, due_for_draft

    call_command("migrate", verbosity=0)
    by = Actor.system("bench")
    agency.found(by=by)
    adopt_shipped("framework", "GBP", by=by)
    build_book(clients * 2, as_of=TODAY)
    plan_book(TODAY)
    owed = Commitment.objects.filter(rule__in=KIND_OF_RULE)
    owed.update(due_at=clock.now() + dt.timedelta(days=90))
    first = dict(owed.order_by("client", "-pk").values_list("client", "pk"))
    mine = dict(list(first.items())[:clients])
    Commitment.objects.filter(pk__in=mine.values()).update(due_at=clock.now() + dt.timedelta(days=1))
    measure_all(list(mine))
    assert len(due_for_draft()) == clients


def measure_all(clients: list[int]) -> None:
    """Three years of days and slices for each, all different, written straight into the files."""
    import duckdb

    from steadyhand.reporting.metrics.store import file_of
    from steadyhand.reporting.models import Source

    run = duckdb.connect()
    levels = ", ".join(f"('{key}', {level})" for key, level in LEVELS.items())
    slices = ", ".join(f"('channel={name}')" for name in CHANNELS)
    run.execute(f"CREATE TABLE m AS SELECT * FROM (VALUES {levels}) t(metric, level)")
    run.execute(f"CREATE TABLE d AS SELECT * FROM (VALUES (''), {slices}) t(dims)")
    for client in clients:
        file = file_of(client)
        file.parent.mkdir(parents=True)
        run.execute(
            f"""
            COPY (SELECT 'shop' AS source, metric, dims, DATE '{TODAY}' - day::INTEGER AS day,
                         round(level * (0.7 + 0.6 * random()))::DOUBLE AS value, NULL::DOUBLE AS numerator,
                         NULL::DOUBLE AS denominator, 1 AS revision, TIMESTAMP '{TODAY}' AS ingested_at
                  FROM m, d, range(1, {DAYS}) r(day) ORDER BY metric, dims, day)
            TO '{file}' (FORMAT parquet, COMPRESSION zstd)
            """
        )
    common = {"key": "shop", "label": "Shop", "zone": "Europe/London", "currency": "GBP"}
    Source.objects.bulk_create(Source(client_id=client, **common) for client in clients)


def night(reports: int) -> dict[str, float]:
    """Everything that is due, drafted by a process that is killed half-way and started again."""
    from steadyhand.core.models import Event
    from steadyhand.reporting.models import Report

    began = time.perf_counter()
    before = drafted(until=reports // 2)
    kept = Report.objects.count()
    assert before <= kept <= before + 1, "what was said to be done is done"
    drafted()
    took = time.perf_counter() - began
    assert Report.objects.count() == Report.objects.values("commitment").distinct().count() == reports
    assert Event.objects.filter(verb="report.drafted").count() == reports
    name = f"night of {reports}, min"
    return {name: took / 60, "each, ms": took / reports * 1000, "drafted when killed": float(kept)}


def drafted(until: int = 0) -> int:
    """Draft what is due in a process of its own; kill it once it says that so many are done."""
    command = [sys.executable, "-c", NIGHT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        number = 0
        for line in process.stdout or ():
            number = int(line.split()[0])
            if until and number >= until:
                process.send_signal(signal.SIGKILL)
                break
    assert process.returncode in (0, -signal.SIGKILL)
    return number


def paper() -> dict[str, float]:
    """Seconds for the PDF of a report of twelve pages: charts never drawn, then at hand."""
    import io

    import pikepdf

    from steadyhand.reporting.models import Reading, Report
    from steadyhand.reporting.reports.paper import report_pdf

    report = Report.objects.filter(kind="figures").select_related("client").earliest("pk")
    slices = report.content["slices"]
    report.content["slices"] = slices * 6
    report.commentary = "\n".join(f"{number}. {WORDS}" for number in range(1, PARAGRAPHS + 1))
    charts, first, again = report.content["charts"], [], []
    for number in range(3):
        for one in charts:
            one["points"][0][1] = number
        for taken in (first, again):
            began = time.perf_counter()
            pdf = report_pdf(report, Reading.DETAIL)
            taken.append(time.perf_counter() - began)
    with pikepdf.open(io.BytesIO(pdf)) as made:
        assert len(made.pages) == PAGES, f"{len(made.pages)} pages"
    return {f"pdf of {PAGES} pages, s": median(first), "the same again, s": median(again)}


if __name__ == "__main__":
    main()
