"""The import itself: exactly what the check stored, in chunks that may be killed and taken up again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from django.db import IntegrityError, transaction

from steadyhand.core import clock, events
from steadyhand.core.refusals import Refusal
from steadyhand.exchange.models import ImportRow, ImportRun, RowAction, RunState
from steadyhand.exchange.plan import Step
from steadyhand.exchange.runs import Claim, actor_of
from steadyhand.exchange.steps import Hands

CHUNK = 200
CLASH = "The book has changed since the check and this line no longer fits in. Check the file again."


def apply(run: ImportRun, *, heard: Callable[[int], None] | None = None) -> ImportRun:
    """Do what the check stored. Each chunk is one transaction; a killed import goes on where it stopped."""
    claim = Claim.take(run, (RunState.CHECKED, RunState.APPLYING), RunState.APPLYING)
    if claim is None:
        return run
    try:
        _apply(run, claim, heard or (lambda count: None))
    except Refusal as refusal:
        # Nothing more can be done as asked: what is applied stays, the rest can be asked for again.
        ImportRun.objects.filter(pk=run.pk, claim=claim.token).update(
            state=RunState.CHECKED, claim=None, problem=str(refusal)
        )
        raise
    except Exception:
        claim.let_go()
        raise
    return run


def _apply(run: ImportRun, claim: Claim, heard: Callable[[int], None]) -> None:
    by = actor_of(run)
    made: dict[str, int] = {}
    for row_made in run.rows.filter(applied=True).exclude(made={}).values_list("made", flat=True).iterator():
        made.update(row_made)
    hands = Hands(run, by, made)
    done = run.rows.filter(applied=True).count()
    after = 0
    while rows := list(run.rows.filter(applied=False, number__gt=after).order_by("number")[:CHUNK]):
        after = rows[-1].number
        with transaction.atomic():
            done += len(rows)
            claim.hold(done=done)
            _do_chunk(rows, hands)
        hands.forget()
        heard(len(rows))
    with transaction.atomic():
        counts = _counts(run)
        events.record("import.applied", by=by, subject=run, batch=run.batch, counts=counts)
        claim.release(RunState.APPLIED, counts=counts, applied_at=clock.now(), done=done, problem="")


def _do_chunk(rows: list[ImportRow], hands: Hands) -> None:
    """Together where that goes, which is many times faster; else row by row, to refuse only the culprits."""
    active = [row for row in rows if row.steps and row.action != RowAction.SKIP]
    try:
        with transaction.atomic():
            made = hands.do_many([_steps(row) for row in active])
    except (Refusal, IntegrityError):
        hands.forget()
        for row in active:
            _do_row(row, hands)
    else:
        for row, row_made in zip(active, made, strict=True):
            row.made = row_made
    refused = [row for row in active if row.action == RowAction.SKIP]
    ImportRow.objects.bulk_update([row for row in active if row.made], ["made"], batch_size=100)
    ImportRow.objects.bulk_update(refused, ["action", "reason", "mendable"], batch_size=100)
    ImportRow.objects.filter(run=hands.run, number__in=[row.number for row in rows]).update(applied=True)


def _do_row(row: ImportRow, hands: Hands) -> None:
    try:
        with transaction.atomic():
            row.made = dict(hands.do_row(_steps(row)))
    except (Refusal, IntegrityError) as error:
        hands.forget()
        row.action, row.mendable = RowAction.SKIP, True
        row.reason = str(error) if isinstance(error, Refusal) else CLASH


def _steps(row: ImportRow) -> list[Step]:
    return [Step.from_json(step) for step in row.steps]


def _counts(run: ImportRun) -> dict[str, int]:
    pairs = run.rows.order_by().values_list("kind", "action")
    return dict(Counter(f"{kind}.{action}" for kind, action in pairs.iterator()))
