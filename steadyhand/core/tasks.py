"""Background tasks only nudge: what must happen is a row, and a duty finds it in any case.

So a lost task costs time, never work; and a task that a killed worker left running is put back here.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.tasks import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult

from steadyhand.core import clock
from steadyhand.core.duties import LEASE, duty
from steadyhand.core.models.duty import Worker

KEEP_FINISHED = dt.timedelta(days=14)


def nudge(task: Task[Any, Any], *args: Any, **kwargs: Any) -> None:
    """Enqueue a task once the current transaction has committed. A queue that is down costs time only."""
    transaction.on_commit(partial(task.enqueue, *args, **kwargs), robust=True)


def uses_database_queue() -> bool:
    """Whether tasks are rows of our own database (the default)."""
    return "django_tasks_db" in settings.TASKS["default"]["BACKEND"]


@duty("tasks.requeue", every=dt.timedelta(seconds=30))
def requeue_stranded() -> int:
    """Put back the tasks of workers that are gone: the queue itself leaves them running for ever."""
    if not uses_database_queue():
        return 0
    at = clock.now()
    Worker.objects.filter(seen_at__lt=at - dt.timedelta(days=1)).delete()
    alive = set(Worker.objects.filter(seen_at__gte=at - LEASE).values_list("name", flat=True))
    stranded = [
        task.pk
        for task in DBTaskResult.objects.running().only("pk", "worker_ids")
        if not alive.intersection(task.worker_ids[-1:])
    ]
    return DBTaskResult.objects.filter(pk__in=stranded, status=TaskResultStatus.RUNNING).update(
        status=TaskResultStatus.READY, started_at=None
    )


@duty("tasks.prune", every=dt.timedelta(hours=6))
def prune_finished() -> int:
    """Forget tasks that ended two weeks ago."""
    if not uses_database_queue():
        return 0
    removed, _ = DBTaskResult.objects.finished().filter(finished_at__lt=clock.now() - KEEP_FINISHED).delete()
    return removed
