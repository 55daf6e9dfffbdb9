"""A large table of figures is looked at and brought in by the worker: an import like others, of one client.

The row is what must happen; a process that is killed leaves it to the next. Bringing in the same figures
twice changes nothing, so that it may begin again anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from django.db import transaction

from steadyhand.clients.models import Client
from steadyhand.commitments.keeping import may_act_for
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.exchange import figures
from steadyhand.exchange.models import ImportFile, ImportRun, RunState
from steadyhand.exchange.models.run import FIGURES
from steadyhand.exchange.runs import Claim
from steadyhand.exchange.uploads import Upload, path_of
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability

#: A smaller file is read while the person waits: it takes a second or two.
AT_ONCE = 1024 * 1024
#: Lines after which the page hears how far it is.
STEP = 20_000


@transaction.atomic
def begin(client: Client, upload: Upload, label: str, *, by: Actor) -> ImportRun:
    """Look at this file in the background; nothing is written before somebody says so."""
    run = ImportRun.objects.create(
        source=FIGURES,
        state=RunState.CHECKING,
        batch=uuid4(),
        by_member_id=by.member_id,
        by_name=by.name,
        asked_member_id=by.member_id,
        asked_name=by.name,
        made_at=clock.now(),
    )
    ImportFile.objects.create(
        run=run,
        kind=FIGURES,
        name=upload.name,
        digest=upload.digest,
        size=upload.size,
        mapping={"client": str(client.pk), "label": label, "roles": []},
    )
    events.record(
        "import.begun", by=by, client_id=client.pk, subject=run, batch=run.batch, files=[upload.name]
    )
    return run


@transaction.atomic
def ask(run: ImportRun, for_: RunState, roles: Sequence[str], *, by: Actor) -> ImportRun:
    """Ask to look again with these columns, or to bring in what was looked at."""
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    known = (RunState.CHECKED,) if for_ == RunState.APPLYING else (RunState.CHECKED, RunState.FAILED)
    if run.state not in known:
        raise Refusal(f"This table is {run.get_state_display()}.", remedy="Look at it again.")
    file = run.files.get()
    file.mapping = {**file.mapping, "roles": list(roles)}
    file.save(update_fields=["mapping"])
    run.state, run.done, run.problem, run.claim, run.claimed_until = for_, 0, "", None, None
    run.asked_member_id, run.asked_name = by.member_id, by.name
    run.save()
    client_id = int(file.mapping["client"])
    events.record("import.asked", by=by, client_id=client_id, subject=run, batch=run.batch, work=str(for_))
    return run


def newest(client: Client, digest: str) -> ImportRun | None:
    """The latest import of this file for this client; None where it is small and was never one."""
    rows = ImportRun.objects.filter(source=FIGURES, files__digest=digest)
    return rows.filter(files__mapping__client=str(client.pk)).order_by("-pk").first()


def go_on(run: ImportRun) -> None:
    """Look at the file, or bring it in, whichever is asked; what is wrong with it stays on the row."""
    claim = Claim.take(run, (RunState(run.state),), RunState(run.state))
    if claim is None:
        return
    try:
        if run.state == RunState.CHECKING:
            claim.release(RunState.CHECKED, counts=_looked(run, claim), problem="")
        else:
            said = _taken_in(run, claim)
            claim.release(RunState.APPLIED, notices=[said], applied_at=clock.now())
    except Refusal as refusal:
        claim.release(RunState.FAILED, problem=str(refusal), counts={})
    except Exception:
        claim.let_go()
        raise


def _looked(run: ImportRun, claim: Claim) -> dict[str, object]:
    client, file = _subject(run)
    seen = figures.look(
        client,
        path_of(file.digest),
        file.name,
        label=file.mapping["label"],
        roles=file.mapping["roles"] or None,
        heard=lambda lines: _heard(claim, lines),
    )
    return {**figures.told(seen), "roles": seen.roles}


def _taken_in(run: ImportRun, claim: Claim) -> str:
    client, file = _subject(run)
    received, _ = figures.take_in(
        client,
        path_of(file.digest),
        file.name,
        by=_actor_of(run, client),
        label=file.mapping["label"],
        roles=file.mapping["roles"] or None,
        heard=lambda lines: _heard(claim, lines),
    )
    return received.sentence


def _heard(claim: Claim, lines: int) -> None:
    if lines % STEP == 0:
        claim.hold(done=lines)


def _subject(run: ImportRun) -> tuple[Client, ImportFile]:
    file = run.files.get()
    client = Client.objects.filter(pk=int(file.mapping["client"])).first()
    if client is None:
        raise Refusal("The client of this table is gone.", remedy="Bring it in for the one that took over.")
    return client, file


def _actor_of(run: ImportRun, client: Client) -> Actor:
    """Whoever asked, with what they may do today."""
    member = Member.objects.here().filter(pk=run.asked_member_id or 0).first()
    if member is None or not (
        member.actor.may(Capability.KEEP_PROMISES) and may_act_for(client.pk, member.actor)
    ):
        raise Refusal(f"{run.asked_name} may not bring figures in any more.", remedy="Ask somebody who may.")
    return member.actor
