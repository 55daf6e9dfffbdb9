"""Imports in the background: the row is what must happen, the task only makes the worker look at once."""

from __future__ import annotations

import datetime as dt

from django.tasks import task

from steadyhand.core.duties import duty
from steadyhand.exchange.models import ImportRun
from steadyhand.exchange.work import go_on, go_on_with_all


@task()
def go_on_with(run_id: int) -> None:
    """Look at one import now."""
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is not None:
        go_on(run)


@duty("exchange.imports", every=dt.timedelta(seconds=15))
def sweep() -> None:
    """Find what a killed worker dropped."""
    go_on_with_all()
