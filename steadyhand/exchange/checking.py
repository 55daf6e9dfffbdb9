"""The check: what an import will do, row by row, before anything is written.

What the check stores is what the import does. Nothing of a file is decided twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Protocol

from django.db import transaction

from steadyhand.clients.models import Stage
from steadyhand.core import clock
from steadyhand.core.refusals import Refusal
from steadyhand.exchange.client_rows import ClientRows
from steadyhand.exchange.columns import Columns
from steadyhand.exchange.hubspot_rows import ActivityRows, CompanyRows, ContactRows, DealRows
from steadyhand.exchange.interaction_rows import InteractionRows
from steadyhand.exchange.known import Known
from steadyhand.exchange.models import AmountBasis, ImportFile, ImportRow, ImportRun, RowAction, RunState
from steadyhand.exchange.plan import LeftOut, RowPlan
from steadyhand.exchange.presets import check_mapping
from steadyhand.exchange.runs import Claim, actor_of, check_unwritten, kind_of, table_of

CHUNK = 1000
#: What names a row that is skipped, the best first.
LABELS = ("name", "title", "summary", "client", "email", "subject", "notes", "id")
#: Hears how many more rows are through.
type Heard = Callable[[int], None]


class Planner(Protocol):
    """Plans the rows of one kind of file."""

    def plan(self, line: int, cells: dict[str, str]) -> RowPlan:
        """What the row will do; refuses one that cannot be right."""


def check(run: ImportRun, *, heard: Heard | None = None) -> ImportRun:
    """Read the files and store what each row will do. May be killed and begun again at any time."""
    check_unwritten(run)
    states = (RunState.UPLOADED, RunState.CHECKING, RunState.CHECKED, RunState.FAILED)
    claim = Claim.take(run, states, RunState.CHECKING)
    if claim is None:
        return run
    try:
        _check(run, claim, heard or (lambda count: None))
    except Refusal as refusal:
        run.rows.all().delete()
        claim.release(RunState.FAILED, problem=str(refusal), counts={}, notices=[])
        raise
    except Exception:
        claim.let_go()
        raise
    return run


def _check(run: ImportRun, claim: Claim, heard: Heard) -> None:
    run.rows.all().delete()
    known = Known(run.source, actor_of(run))
    files = list(run.files.all())
    columns = [_columns(file, known) for file in files]
    claim.hold(total=sum(each.rows for each in columns), done=0, problem="")
    notices = [each.table.described for each in columns if each.table.described]
    notices += [notice for each in columns for notice in each.notices]
    counts: Counter[str] = Counter()
    pending: list[ImportRow] = []
    for number, row in enumerate(_rows(run, files, columns, known), start=1):
        row.number = number
        counts[f"{row.kind}.{row.action}"] += 1
        pending.append(row)
        if len(pending) >= CHUNK:
            _store(pending, claim, number, heard)
            pending = []
    _store(pending, claim, sum(counts.values()), heard)
    notices += _consequences(run, known)
    claim.release(RunState.CHECKED, counts=dict(counts), notices=notices, checked_at=clock.now(), done=0)


def _consequences(run: ImportRun, known: Known) -> Iterator[str]:
    """What follows from the files as a whole and is easily overlooked."""
    prospects = sum(1 for c in known.clients.values() if c.line and c.stage == Stage.PROSPECT)
    if prospects:
        yield (
            f"{prospects:,} of the companies have no won deal: they are prospects, outside the list of"
            " clients and without a plan, until they buy."
        )
    if run.amount_basis == AmountBasis.PROJECT:
        yield "HubSpot knows no end of a project: set it on the client’s page, or the project runs on."
    if known.new_members:
        people = sorted(known.new_members)
        shown = ", ".join(people[:8]) + (f" and {len(people) - 8} more" if len(people) > 8 else "")
        yield f"New members, not invited and not written to: {shown}."


def _columns(file: ImportFile, known: Known) -> Columns:
    table = table_of(file)
    mapping = check_mapping(kind_of(file), file.mapping, table.headings, file.name)
    return Columns(table, kind_of(file), mapping, known.agency)


def _rows(
    run: ImportRun, files: list[ImportFile], columns: list[Columns], known: Known
) -> Iterator[ImportRow]:
    for file, cols in zip(files, columns, strict=True):
        planner = _planner(run, file, cols, known)
        for row in cols.table.rows():
            yield _plan_row(run, file.kind, row.line, planner, partial(cols.cells, row))


def _plan_row(
    run: ImportRun, kind: str, line: int, planner: Planner, read: Callable[[], dict[str, str]]
) -> ImportRow:
    label = ""
    try:
        cells = read()
        label = next((cells[name] for name in LABELS if cells.get(name)), "")
        plan = planner.plan(line, cells)
    except Refusal as refusal:
        where = f"{refusal.field}: " if refusal.field else ""
        return ImportRow(
            run=run,
            kind=kind,
            line=line,
            label=label[:300],
            action=RowAction.SKIP,
            reason=f"{where}{refusal.sentence} {refusal.remedy}".strip(),
            mendable=not isinstance(refusal, LeftOut),
        )
    return ImportRow(
        run=run,
        kind=kind,
        line=line,
        label=plan.label[:300],
        action=plan.action,
        reason=" ".join(plan.remarks),
        steps=[step.as_json() for step in plan.steps],
    )


def _planner(run: ImportRun, file: ImportFile, columns: Columns, known: Known) -> Planner:
    if file.kind == "companies":
        return CompanyRows(known, columns)
    if file.kind == "contacts":
        return ContactRows(known, columns)
    if file.kind == "deals":
        return DealRows(known, columns, run.amount_basis)
    if file.kind == "activities":
        return ActivityRows(known, columns)
    if file.kind == "interactions":
        return InteractionRows(known, columns)
    return ClientRows(known, columns)


def _store(rows: list[ImportRow], claim: Claim, done: int, heard: Heard) -> None:
    with transaction.atomic():
        ImportRow.objects.bulk_create(rows, batch_size=500)
        claim.hold(done=done)
    heard(len(rows))
