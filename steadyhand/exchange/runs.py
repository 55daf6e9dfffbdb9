"""Beginning an import, and claiming it for work that may be killed at any moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import uuid4

from django.db import models, transaction

from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.exchange.models import AmountBasis, ImportFile, ImportRow, ImportRun, RunState
from steadyhand.exchange.presets import HUBSPOT, KINDS, TABLES, FileKind, check_mapping
from steadyhand.exchange.tables import Table, open_table
from steadyhand.exchange.uploads import Upload, path_of
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability

LEASE = dt.timedelta(seconds=60)
#: Imports of our own shape share one name space of references, so that presets may change between runs.
FILE_SOURCE, HUBSPOT_SOURCE = "file", "hubspot"


@transaction.atomic
def begin(
    uploads: Mapping[str, Upload],
    mappings: Mapping[str, Mapping[str, str]],
    *,
    by: Actor,
    amount_basis: str = "",
) -> ImportRun:
    """A new import of these files (kind → file), each with its mapping. Nothing is read yet."""
    kinds = set(uploads)
    is_table = len(kinds) == 1 and kinds <= {kind.key for kind in TABLES}
    if not is_table and not kinds <= {kind.key for kind in HUBSPOT}:
        raise Refusal("These files do not belong together.", remedy="Import them one after the other.")
    if not kinds:
        raise Refusal("Choose a file.", field="file")
    if "deals" in kinds and amount_basis not in AmountBasis.values:
        raise Refusal(
            "Say what the amount of a deal is.",
            remedy="Choose a month’s fee, a year’s fee or a project’s total.",
            field="amount",
        )
    run = ImportRun.objects.create(
        source=FILE_SOURCE if is_table else HUBSPOT_SOURCE,
        amount_basis=amount_basis,
        batch=uuid4(),
        by_member_id=by.member_id,
        by_name=by.name,
        asked_member_id=by.member_id,
        asked_name=by.name,
        made_at=clock.now(),
    )
    for kind in KINDS.values():
        if kind.key in uploads:
            upload = uploads[kind.key]
            ImportFile.objects.create(
                run=run,
                kind=kind.key,
                name=upload.name,
                digest=upload.digest,
                size=upload.size,
                mapping=dict(mappings.get(kind.key, {})),
            )
    names = [upload.name for upload in uploads.values()]
    events.record("import.begun", by=by, subject=run, batch=run.batch, files=names)
    return run


@transaction.atomic
def choose_columns(file: ImportFile, mapping: Mapping[str, str], *, by: Actor) -> ImportFile:
    """Say which column means what; an earlier check is void."""
    run = ImportRun.objects.select_for_update().get(pk=file.run_id)
    if run.state not in (RunState.UPLOADED, RunState.CHECKED, RunState.FAILED):
        raise Refusal("This import is already under way.", remedy="Begin a new one.")
    check_unwritten(run)
    table = table_of(file)
    file.mapping = check_mapping(kind_of(file), dict(mapping), table.headings, file.name)
    file.save(update_fields=["mapping"])
    if run.state != RunState.UPLOADED:
        run.rows.all().delete()
        run.state, run.problem = RunState.UPLOADED, ""
        run.save(update_fields=["state", "problem"])
    events.record("import.columns_chosen", by=by, subject=run, batch=run.batch, file=file.name)
    return file


def check_unwritten(run: ImportRun) -> None:
    """Refuses an import of which anything has been written: its rows are what an undo goes by."""
    if ImportRow.objects.filter(run=run, applied=True).exists():
        raise Refusal("Part of this import has been written.", remedy="Import the rest, then undo it.")


def table_of(file: ImportFile) -> Table:
    """The kept file, opened."""
    return open_table(path_of(file.digest), file.name)


def kind_of(file: ImportFile) -> FileKind:
    """What kind of file it is."""
    return KINDS[file.kind]


#: What may be asked for, from which states.
ASKABLE: dict[RunState, tuple[RunState, ...]] = {
    RunState.CHECKING: (RunState.UPLOADED, RunState.CHECKED, RunState.FAILED),
    RunState.APPLYING: (RunState.CHECKED,),
    RunState.UNDOING: (RunState.APPLIED,),
}


@transaction.atomic
def ask(run: ImportRun, for_: RunState, *, by: Actor) -> ImportRun:
    """Ask for a check, the import or its undo; whoever works on imports finds the row and does it."""
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state not in ASKABLE[for_]:
        raise Refusal(f"This import is {run.get_state_display()}.", remedy="Look at its page.")
    if for_ == RunState.CHECKING:
        check_unwritten(run)
    run.state, run.done, run.problem = for_, 0, ""
    run.claim = run.claimed_until = None
    run.asked_member_id, run.asked_name = by.member_id, by.name
    run.save()
    events.record("import.asked", by=by, subject=run, batch=run.batch, work=str(for_))
    return run


def actor_of(run: ImportRun) -> Actor:
    """Whoever asked, with what they may do today; refuses one who may not import any more."""
    if run.asked_member_id is None:
        return Actor.system(run.asked_name)
    member = Member.objects.here().filter(pk=run.asked_member_id).first()
    if member is None or not member.actor.may(Capability.IMPORT):
        raise Refusal(f"{run.asked_name} may not import any more.", remedy="Ask somebody who may.")
    return member.actor


class Claim:
    """A lease on an import: one process works on it, another takes over when this one dies."""

    def __init__(self, run: ImportRun) -> None:
        self.run, self.token = run, uuid4()

    @classmethod
    def take(cls, run: ImportRun, states: tuple[RunState, ...], into: RunState) -> Claim | None:
        """Claim the import if it is in one of `states` and nobody works on it; it is then `into`."""
        claim = cls(run)
        now = clock.now()
        free = models.Q(claim=None) | models.Q(claimed_until__lt=now)
        took = ImportRun.objects.filter(free, pk=run.pk, state__in=states).update(
            state=into, claim=claim.token, claimed_until=now + LEASE
        )
        if not took:
            return None
        run.refresh_from_db()
        return claim

    def hold(self, **values: object) -> None:
        """Prolong the lease and write progress; inside the chunk's transaction, so a lost lease undoes it."""
        held = ImportRun.objects.filter(pk=self.run.pk, claim=self.token).update(
            claimed_until=clock.now() + LEASE, **values
        )
        if not held:
            raise Refusal("Another process has taken this import over.", remedy="Nothing was lost.")
        for name, value in values.items():
            setattr(self.run, name, value)

    def let_go(self) -> None:
        """Somebody else may take it up at once, where this one stumbled."""
        ImportRun.objects.filter(pk=self.run.pk, claim=self.token).update(claim=None)

    def release(self, state: RunState, **values: object) -> None:
        """The work is over: the import is in `state` and nobody’s."""
        self.hold(state=state, claim=None, **values)


def drop(run: ImportRun, *, by: Actor) -> None:
    """Throw away an import of which nothing has been written."""
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        if run.state not in (RunState.UPLOADED, RunState.CHECKED, RunState.FAILED):
            raise Refusal("This import has been written.", remedy="Undo it instead.")
        check_unwritten(run)
        events.record("import.dropped", by=by, subject=run, batch=run.batch)
        run.delete()
