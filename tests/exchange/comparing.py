"""Importing invented books and holding what happened against what the check had said."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.db import transaction

from steadyhand.clients.models import Client
from steadyhand.exchange.applying import apply
from steadyhand.exchange.models import ImportRun
from steadyhand.people import members
from tests.exchange.makers import SYSTEM, checked, lines, random_book


def planned(run: ImportRun) -> list[tuple[int, str, str]]:
    """What is to become of each line, and why."""
    return list(run.rows.values_list("line", "action", "reason"))


def run_and_compare(seeds: Iterable[int], folder: Path) -> tuple[int, int, int]:
    """Import a book of each seed, then one much like it; how many clients that created, updated and skipped.

    Fails where an import did anything that its check had not said, or where the same file again would.
    """
    members.leave(members.add_member("gone@agency.example", by=SYSTEM), by=SYSTEM)
    created = updated = skipped = 0
    for seed in seeds:
        with transaction.atomic():
            for again in range(2):
                run = checked(random_book(seed + 1000 * again, folder / "book.csv"))
                said = planned(run)
                new = sum(1 for row in run.rows.all() for step in row.steps if step["verb"] == "add_client")
                before = Client.objects.count()
                apply(run)
                assert planned(run) == said, seed
                assert Client.objects.count() == before + new, seed
                created += run.counts.get("clients.create", 0)
                updated += run.counts.get("clients.update", 0)
                skipped += run.counts.get("clients.skip", 0)
                assert set(lines(checked(folder / "book.csv"))) <= {"unchanged", "skip"}, seed
            transaction.set_rollback(True)
    return created, updated, skipped
