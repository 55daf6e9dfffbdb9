"""Undoing an import: what it made goes, what it changed is as before, what was used since stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import models, transaction

from steadyhand.clients.models import Client, Contact, Engagement
from steadyhand.clients.removing import remove_clients, remove_contacts, remove_engagements
from steadyhand.clients.team import take_back
from steadyhand.clients.winning import unwin_client
from steadyhand.comms.interactions import remove_interactions
from steadyhand.comms.models import Interaction
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from steadyhand.exchange.models import ExternalRef, ImportRow, ImportRun, RunState
from steadyhand.exchange.plan import Ref, Step
from steadyhand.exchange.runs import Claim
from steadyhand.exchange.steps import Hands
from steadyhand.people.removing import remove_unused_members

CHUNK = 200


def undo(run: ImportRun, *, by: Actor, heard: Callable[[int], None] | None = None) -> ImportRun:
    """Take an import back, last row first, in chunks that may be killed and taken up again."""
    claim = Claim.take(run, (RunState.APPLIED, RunState.UNDOING), RunState.UNDOING)
    if claim is None:
        raise Refusal("This import is not there to be undone.", remedy="Look at its state.")
    try:
        _undo(run, claim, by, heard or (lambda count: None))
    except Refusal as refusal:
        claim.release(RunState.APPLIED, problem=str(refusal))
        raise
    except Exception:
        claim.let_go()
        raise
    return run


def used_since(run: ImportRun) -> dict[int, str]:
    """The clients this import made that somebody has used since, with what happened to them last."""
    made = {
        pk
        for row in run.rows.exclude(made={}).values_list("made", flat=True)
        for key, pk in row.items()
        if key.startswith("c")
    }
    names: dict[int, str] = {}
    for event in _foreign(run, made).order_by("id"):
        assert event.client_id is not None  # noqa: S101
        names[event.client_id] = f"{event.verb.replace('.', ' ').replace('_', ' ')} by {event.actor_name}"
    return names


def _foreign(run: ImportRun, client_ids: set[int]) -> models.QuerySet[Event]:
    """What others did to these clients: not this import, nor the system by itself."""
    own = models.Q(batch=run.batch) | models.Q(batch=None, actor_kind=str(ActorKind.SYSTEM))
    found = Event.objects.exclude(own)
    if len(client_ids) < 500:
        return found.filter(client_id__in=client_ids)
    earliest = Event.objects.filter(batch=run.batch).order_by("id").values_list("id", flat=True).first() or 0
    touched = set(found.filter(id__gt=earliest).values_list("client_id", flat=True).distinct())
    return found.filter(client_id__in=[pk for pk in touched if pk in client_ids])


def _undo(run: ImportRun, claim: Claim, by: Actor, heard: Callable[[int], None]) -> None:
    made: dict[str, int] = {}
    for row_made in run.rows.exclude(made={}).values_list("made", flat=True):
        made.update(row_made)
    total = run.rows.filter(applied=True).count()
    claim.hold(total=total, done=0)
    used = used_since(run)
    work = _Undoing(Hands(run, by, made), used)
    done, below = 0, run.rows.count() + 1
    while rows := list(run.rows.filter(applied=True, number__lt=below).order_by("-number")[:CHUNK]):
        below = rows[-1].number
        with transaction.atomic():
            done += len(rows)
            claim.hold(done=done)
            for row in rows:
                work.take_back(row)
            work.sweep()
            ImportRow.objects.bulk_update(rows, ["applied", "made", "reason"], batch_size=100)
        heard(len(rows))
    with transaction.atomic():
        take_back(run.batch, by=by)
        members = [pk for key, pk in made.items() if key.startswith("member:")]
        remove_unused_members(members, by=by, batch=run.batch)
        kept = run.rows.filter(applied=True).exclude(steps=[]).count()
        events.record("import.undone", by=by, subject=run, batch=run.batch, kept=kept)
        claim.release(RunState.UNDONE, undone_at=clock.now(), done=done)


@dataclass(slots=True)
class _Undoing:
    """Takes rows back; what can go together is swept once a chunk."""

    hands: Hands
    used: dict[int, str]
    clients: list[int] = field(default_factory=list)
    engagements: list[int] = field(default_factory=list)
    contacts: list[int] = field(default_factory=list)
    interactions: list[int] = field(default_factory=list)
    prospects: list[int] = field(default_factory=list)

    def take_back(self, row: ImportRow) -> None:
        """Take one row back, or say why it stays."""
        lists = (self.clients, self.engagements, self.contacts, self.interactions, self.prospects)
        lengths = [len(ids) for ids in lists]
        try:
            with transaction.atomic():
                for data in reversed(row.steps):
                    self._step(Step.from_json(data))
        except Refusal as refusal:
            for ids, length in zip(lists, lengths, strict=True):
                del ids[length:]
            row.reason = f"Kept: {refusal}"
            return
        row.applied, row.made = False, {}

    def sweep(self) -> None:
        """Remove what the rows so far let go."""
        by, batch = self.hands.by, self.hands.run.batch
        remove_interactions(self.interactions, by=by, batch=batch)
        remove_contacts(self.contacts, by=by, batch=batch)
        remove_engagements(self.engagements, by=by, batch=batch)
        remove_clients(self.clients, by=by, batch=batch)
        for client in Client.objects.filter(pk__in=self.prospects, engagements=None):
            unwin_client(client, by=by, batch=batch)
        for ids in (self.interactions, self.contacts, self.engagements, self.clients, self.prospects):
            ids.clear()

    def _step(self, step: Step) -> None:
        if step.verb == "remember":
            self._forget(step)
        elif step.verb == "add_client":
            self._remove_client(step.of)
        elif step.verb in ("begin_engagement", "add_contact", "log_interaction"):
            self._remove_part(step)
        elif step.verb == "win_client":
            if isinstance(step.of, int):
                self.prospects.append(step.of)
        elif step.verb != "lead_client":  # leads are taken back together, at the end
            self._restore(step)

    def _made(self, ref: Ref) -> int | None:
        return ref if isinstance(ref, int) else self.hands.made.get(ref)

    def _check_unused(self, client: int | None) -> None:
        if client in self.used:
            name = Client.objects.filter(pk=client).values_list("name", flat=True).first() or "It"
            raise Refusal(
                f"{name} has been used since ({self.used[client]}).", remedy="End the client instead."
            )

    def _remove_client(self, ref: Ref) -> None:
        pk = self._made(ref)
        self._check_unused(pk)
        if pk is not None:
            self.clients.append(pk)

    def _remove_part(self, step: Step) -> None:
        pk, client_ref = self._made(step.of), step.values["client"]
        client = self._made(client_ref)
        self._check_unused(client)
        if pk is None or isinstance(client_ref, str):
            return  # it goes with its client
        if step.verb == "begin_engagement":
            engagement = Engagement.objects.filter(pk=pk).first()
            if engagement is not None:
                self._check_engagement(engagement)
                self.engagements.append(pk)
        elif step.verb == "add_contact":
            self._check_subject(Contact, pk)
            self.contacts.append(pk)
        else:
            self._check_subject(Interaction, pk)
            self.interactions.append(pk)

    def _check_engagement(self, engagement: Engagement) -> None:
        self._check_subject(Engagement, engagement.pk)
        if engagement.commitments.exclude(touched_at=None).exists():
            raise Refusal(
                f"Promises of {engagement.title} have been kept or changed since.", remedy="End it instead."
            )

    def _check_subject(self, model: type[models.Model], pk: int) -> None:
        since = Event.objects.filter(subject_type=model._meta.label_lower, subject_id=pk)
        event = since.exclude(batch=self.hands.run.batch).order_by("-id").first()
        if event is not None:
            raise Refusal(f"{event.actor_name} has changed it since.", remedy="Change it by hand.")

    def _restore(self, step: Step) -> None:
        """The same verb with the values from before, where ours still stand."""
        if isinstance(step.of, str):
            return
        before = {name: step.before[name] for name in step.values if name in step.before}
        self.hands.forget()
        self.hands.do_row([Step(step.verb, step.of, before, {name: step.values[name] for name in before})])

    def _forget(self, step: Step) -> None:
        refs = ExternalRef.objects.filter(
            source=self.hands.run.source, kind=step.values["kind"], external_id=step.values["external_id"]
        )
        if step.before:
            refs.update(**step.before)
        else:
            refs.delete()
