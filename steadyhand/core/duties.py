"""What must happen again and again: each room registers its duties in a `duties.py`.

    @duty("tasks.prune", every=timedelta(hours=6))
    def prune_finished() -> None: ...

A duty is idempotent: it may be killed at any moment and runs again. It looks for what is due in
its own rows; a task (`core.tasks.nudge`) or `wake` only makes it look sooner.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.module_loading import autodiscover_modules

from steadyhand.core import clock
from steadyhand.core.models.duty import DutyRun, Worker

log = logging.getLogger(__name__)

LEASE = dt.timedelta(seconds=60)
FIRST_RETRY = dt.timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Duty:
    """A function without arguments, and how often it is due."""

    name: str
    every: dt.timedelta
    run: Callable[[], object]


_duties: dict[str, Duty] = {}


def duty(name: str, *, every: dt.timedelta) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Register a periodic duty under a name that stays the same for ever (“room.what”)."""

    def register(run: Callable[[], object]) -> Callable[[], object]:
        _duties[name] = Duty(name, every, run)
        return run

    return register


def all_duties() -> dict[str, Duty]:
    """Every duty of every room, by name."""
    autodiscover_modules("duties", "tasks", "outbox")
    return dict(_duties)


def schedule() -> None:
    """Give every registered duty its row (due at once) and drop rows of duties that are gone."""
    known = all_duties()
    at = clock.now()
    DutyRun.objects.bulk_create([DutyRun(name=name, due_at=at) for name in known], ignore_conflicts=True)
    DutyRun.objects.exclude(name__in=known).delete()


def wake(name: str) -> None:
    """Make a duty due now. One that is just running runs once more: it may have looked too early."""
    at = clock.now()
    DutyRun.objects.filter(name=name, due_at__gt=at).update(due_at=at)


def _takeable(at: dt.datetime) -> Q:
    """Due and free, or held by a worker that stopped renewing its lease."""
    return Q(due_at__lte=at, leased_until=None) | Q(leased_until__lt=at)


def claim(duty: Duty, worker: str) -> bool:
    """Take a duty for a worker; False when it is not due or another worker holds it."""
    at = clock.now()
    return bool(
        DutyRun.objects.filter(_takeable(at), name=duty.name).update(
            claimed_by=worker, leased_until=at + LEASE, started_at=at, due_at=at + duty.every
        )
    )


def perform(duty: Duty, worker: str) -> bool:
    """Run a duty this worker has claimed; one that fails is due again sooner. False when it failed."""
    started, error = clock.now(), ""
    try:
        duty.run()
    except Exception as caught:
        error = f"{type(caught).__name__}: {caught}"[:500]
        log.exception("The duty %s failed.", duty.name)
    at = clock.now()
    mine = DutyRun.objects.filter(pk=duty.name, claimed_by=worker)
    failures = mine.values_list("failures", flat=True).first() or 0
    ended = {"claimed_by": "", "leased_until": None, "finished_at": at, "took": at - started}
    if error:
        retry_at = at + min(duty.every, FIRST_RETRY * 2 ** min(failures, 10))
        mine.filter(due_at__gt=retry_at).update(due_at=retry_at)
    mine.update(failures=failures + 1 if error else 0, last_error=error, **ended)
    return not error


def run_due(worker: str) -> int:
    """Run whatever is due and free, once each; how many ran."""
    known = all_duties()
    due = DutyRun.objects.filter(_takeable(clock.now())).order_by("due_at").values_list("name", flat=True)
    ran = 0
    for name in list(due):
        if name in known and claim(known[name], worker):
            perform(known[name], worker)
            ran += 1
    return ran


def beat(worker: str) -> None:
    """Say that a worker lives, and keep the leases of what it is doing."""
    at = clock.now()
    Worker.objects.update_or_create(
        name=worker, defaults={"seen_at": at}, create_defaults={"seen_at": at, "started_at": at}
    )
    DutyRun.objects.filter(claimed_by=worker).update(leased_until=at + LEASE)


def sign_off(worker: str) -> None:
    """A worker ends in good order: what it held is free at once."""
    DutyRun.objects.filter(claimed_by=worker).update(claimed_by="", leased_until=None)
    Worker.objects.filter(name=worker).delete()


def lag() -> dt.timedelta | None:
    """How long the most overdue duty has waited for a worker; None when nothing was ever scheduled."""
    at = clock.now()
    if not DutyRun.objects.exists():
        return None
    waiting = DutyRun.objects.filter(_takeable(at)).order_by("due_at").values_list("due_at", flat=True)
    return max(at - (waiting.first() or at), dt.timedelta())
