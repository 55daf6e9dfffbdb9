"""Tasks only nudge, and none stays stranded."""

from __future__ import annotations

import datetime as dt

import pytest
from django.tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult, get_date_max

from steadyhand.core import clock, duties, tasks

DATABASE_QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@task
def look(value: int) -> int:
    """A task to enqueue."""
    return value


@pytest.mark.django_db
def test_a_nudge_waits_for_the_commit(settings, django_capture_on_commit_callbacks):
    settings.TASKS = DATABASE_QUEUE
    with django_capture_on_commit_callbacks(execute=True):
        tasks.nudge(look, value=3)
        assert not DBTaskResult.objects.exists()
    assert DBTaskResult.objects.get().args_kwargs["kwargs"] == {"value": 3}


@pytest.mark.django_db
def test_tasks_of_dead_workers_are_put_back_and_those_of_living_ones_left(settings):
    settings.TASKS = DATABASE_QUEUE
    duties.beat("alive")
    for worker in ("alive", "dead"):
        DBTaskResult.objects.create(
            args_kwargs={"args": [], "kwargs": {"value": 1}},
            task_path="tests.core.test_tasks.look",
            backend_name="default",
            run_after=get_date_max(),
            status=TaskResultStatus.RUNNING,
            worker_ids=[worker],
            started_at=clock.now() - dt.timedelta(minutes=1),
        )
    assert tasks.requeue_stranded() == 1
    states = {row.worker_ids[0]: row.status for row in DBTaskResult.objects.all()}
    assert states == {"alive": TaskResultStatus.RUNNING, "dead": TaskResultStatus.READY}
