"""Going on with imports somebody has asked for, wherever the last process stopped."""

from __future__ import annotations

import logging

from django.db.models import Q

from steadyhand.core import clock
from steadyhand.core.refusals import Refusal
from steadyhand.exchange import figure_runs
from steadyhand.exchange.applying import apply
from steadyhand.exchange.checking import check
from steadyhand.exchange.models import ImportRun, RunState
from steadyhand.exchange.models.run import FIGURES
from steadyhand.exchange.runs import actor_of
from steadyhand.exchange.undoing import undo

log = logging.getLogger(__name__)

BUSY = (RunState.CHECKING, RunState.APPLYING, RunState.UNDOING)


def go_on(run: ImportRun) -> None:
    """Do what is asked of one import. A refusal is kept with it, for its page to say."""
    try:
        if run.source == FIGURES:
            figure_runs.go_on(run)
        elif run.state == RunState.CHECKING:
            check(run)
        elif run.state == RunState.APPLYING:
            apply(run)
        elif run.state == RunState.UNDOING:
            undo(run, by=actor_of(run))
    except Refusal as refusal:
        log.info("Import %s: %s", run.pk, refusal)
        ImportRun.objects.filter(pk=run.pk, problem="").update(problem=str(refusal))


def go_on_with_all() -> int:
    """Every import that waits and that nobody works on; how many there were."""
    free = Q(claim=None) | Q(claimed_until__lt=clock.now())
    waiting = list(ImportRun.objects.filter(free, state__in=BUSY).order_by("pk"))
    for run in waiting:
        go_on(run)
    return len(waiting)
