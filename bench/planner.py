"""How much planning costs, as ratios against the floor: writing the same rows with the same indexes.

    python -m bench.planner [CLIENTS]        # 10,000 clients, 12,000 engagements, 13 weeks

Runs on SQLite in a folder of its own (DATABASE_URL for PostgreSQL). The floor is building the rows the
first fill made and `bulk_create(batch_size=2000)` of them in one transaction; it is timed before and after
the planner and the mean counts, because machines drift. Prints a table, then JSON.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

AS_OF = dt.date(2026, 11, 23)
LIMITS = {
    "first fill / floor": 2.0,
    "nothing changed / fill": 0.05,
    "a week further / fill": 0.15,
    "preview / fill": 1 / 3,
    "one engagement, ms": 25.0,
}


def seconds(work: Callable[[], Any]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    clients = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    folder = Path(tempfile.mkdtemp(prefix="steadyhand-bench-"))
    os.environ["STEADYHAND_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "steadyhand.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from bench.book import build_book
    from steadyhand.core import agency
    from steadyhand.core.actor import Actor
    from steadyhand.playbook.publishing import adopt_shipped

    call_command("migrate", verbosity=0)
    bench = Actor.system("bench")
    agency.found(by=bench)
    adopt_shipped("framework", "GBP", by=bench)
    build_book(clients, as_of=AS_OF)
    report(measure())


def measure() -> dict[str, float]:
    """Every figure, in one process, in this order: fill, floor, again, four weeks, one change, preview."""
    from steadyhand.clients.models import Engagement
    from steadyhand.commitments.models import Commitment
    from steadyhand.commitments.planning import plan_book, plan_client, want
    from steadyhand.commitments.previewing import preview
    from steadyhand.playbook.models import Version
    from steadyhand.playbook.policy import Policy

    fill = seconds(lambda: plan_book(AS_OF))
    rows = Commitment.objects.count()
    floors = [floor(), floor()]
    again = seconds(lambda: plan_book(AS_OF))
    weeks = [seconds(lambda n=n: plan_book(AS_OF + dt.timedelta(days=7 * n))) for n in range(1, 5)]  # type: ignore[misc]
    today = AS_OF + dt.timedelta(days=28)
    ones = []
    for engagement in Engagement.objects.filter(kind="retainer")[:20]:
        amount = Decimal(2400) if engagement.amount != 2400 else Decimal(900)
        Engagement.objects.filter(pk=engagement.pk).update(amount=amount)
        want([engagement.client_id])
        ones.append(seconds(lambda pk=engagement.client_id: plan_client(pk, today)))  # type: ignore[misc]
    live = Version.live()
    assert live is not None
    content = live.policy.model_dump(mode="json")
    content["retainer_matrix"][1]["call"]["cadence"] = "weekly"
    changed = Policy.model_validate(content)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    previewing = seconds(lambda: preview(changed))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    base = sum(floors) / len(floors)
    return {
        "clients": Engagement.objects.values("client").distinct().count(),
        "engagements": Engagement.objects.count(),
        "rows": rows,
        "floor s": base,
        "first fill s": fill,
        "first fill / floor": fill / base,
        "nothing changed / fill": again / fill,
        "a week further / fill": sum(weeks) / len(weeks) / fill,
        "one engagement, ms": median(ones) * 1000,
        "preview / fill": previewing / fill,
        "preview grew memory by MB": grown / 1024,
    }


def floor() -> float:
    """Build and write the rows that are there, into the emptied table; they are put back as they were."""
    from django.db import transaction

    from steadyhand.commitments.models import Commitment

    names = [field.attname for field in Commitment._meta.fields]
    rows = list(Commitment.objects.order_by("pk").values_list(*names))
    Commitment.objects.all()._raw_delete(Commitment.objects.db)

    def write() -> None:
        with transaction.atomic():
            built = [Commitment(**dict(zip(names, row, strict=True))) for row in rows]
            Commitment.objects.bulk_create(built, batch_size=2000)

    return seconds(write)


def report(figures: dict[str, float]) -> None:
    """A table for people, a line of JSON for machines."""
    for name, value in figures.items():
        limit = LIMITS.get(name)
        verdict = "" if limit is None else f"  ≤ {limit:.3g}  {'met' if value <= limit else 'MISSED'}"
        print(f"{name:<28}{value:>14,.3f}{verdict}")
    print(json.dumps({"limits": LIMITS, **{k: round(v, 4) for k, v in figures.items()}}))


if __name__ == "__main__":
    main()
