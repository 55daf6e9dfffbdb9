"""Every service a client bought is set up inside the first week: manager, tasks, start (O6, B10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from steadyhand.clients import team
from steadyhand.clients.models import Engagement, Position
from steadyhand.commitments import keeping
from steadyhand.commitments.keeping import NotYours, may_act_for
from steadyhand.commitments.kinds import OWED, Kind
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.first_week import first_week, missing
from steadyhand.delivery.models import ServiceSetup, SetupContact, Task
from steadyhand.delivery.rights import in_working_days, lead_of, refuse_strangers
from steadyhand.people.models import Member, MemberState

#: What a chase is about; what the look through the project tool on the day of assignment is about.
ABOUT, ABOUT_TOOL = "delivery.servicesetup", "delivery.projecttool"
#: The planner's rule that promises the set-up of each service.
RULE = "service-setup"
#: Working days that somebody who is chased has.
CHASED_WITHIN = 1


@transaction.atomic
def plan_setup(
    setup: ServiceSetup,
    *,
    by: Actor,
    manager: Member | None,
    starts_on: dt.date | None,
    reason: str = "",
    batch: UUID | None = None,
) -> ServiceSetup:
    """Who delivers the service and when the work begins. The manager joins the account team to read along.

    A start after the first week needs a reason (B10); website builds are free of that.
    """
    row = _locked(setup, by)
    if manager is not None and manager.state == MemberState.LEFT:
        raise Refusal(f"{manager.name} has left.", remedy="Choose a colleague who is here.", field="manager")
    engagement, week = row.service.engagement, first_week()
    if starts_on is not None and starts_on < engagement.starts_on:
        raise Refusal(
            f"{engagement.title} only begins on {engagement.starts_on:%-d %B %Y}.",
            remedy="Choose that day or a later one.",
            field="starts_on",
        )
    last = week.last_day(row.service)
    if starts_on is not None and last is not None and starts_on > last and not reason.strip():
        raise Refusal(
            f"The first week ends on {last:%-d %B}.",
            remedy="Start it by then, or say why it starts later.",
            field="reason",
        )
    row.manager, row.starts_on, row.reason = manager, starts_on, reason.strip()[:300]
    row.save(update_fields=["manager", "starts_on", "reason"])
    if manager is not None and not row.client.team.filter(member=manager, until=None).exists():
        team.assign(row.client, manager, Position.DELIVERY, by=by, batch=batch)
    _record(
        "setup.planned",
        row,
        by=by,
        batch=batch,
        manager=manager.name if manager else "",
        starts_on=starts_on,
        reason=row.reason,
    )
    return row


@transaction.atomic
def add_task(
    setup: ServiceSetup, title: str, *, by: Actor, due_on: dt.date | None = None, owner: Member | None = None
) -> Task:
    """A piece of the work as it stands in the project tool; the manager's where nobody else is named."""
    row = _locked(setup, by)
    if not title.strip():
        raise Refusal("Say what is to be done.", remedy="A few words are enough.", field="title")
    task = Task.objects.create(
        client=row.client,
        service=row.service,
        title=title.strip()[:200],
        due_on=due_on,
        owner=owner or row.manager,
        made_at=clock.now(),
    )
    _record("task.added", row, by=by, title=task.title, due_on=due_on)
    return task


@transaction.atomic
def finish_task(task: Task, *, by: Actor) -> Task:
    """It is done."""
    row, setup = _task(task, by)
    if row.done_at is not None:
        raise Refusal(f"“{row.title}” is done already.")
    row.done_at = clock.now()
    row.save(update_fields=["done_at"])
    _record("task.done", setup, by=by, title=row.title)
    return row


@transaction.atomic
def reopen_task(task: Task, *, by: Actor) -> Task:
    """It is not done after all."""
    row, setup = _task(task, by)
    if row.done_at is None:
        raise Refusal(f"“{row.title}” is not done.")
    row.done_at = None
    row.save(update_fields=["done_at"])
    _record("task.reopened", setup, by=by, title=row.title)
    return row


@transaction.atomic
def remove_task(task: Task, *, by: Actor) -> None:
    """It was written down by mistake; its event stays."""
    row, setup = _task(task, by)
    title = row.title
    row.delete()
    _record("task.removed", setup, by=by, title=title)


@transaction.atomic
def log_contact(setup: ServiceSetup, note: str, *, by: Actor) -> SetupContact:
    """A word with the deliverable manager, written down, until everything is set up."""
    row = _locked(setup, by)
    if row.manager is None:
        raise Refusal(
            f"Nobody delivers {row.service.name} yet.",
            remedy="Name the deliverable manager first.",
            field="note",
        )
    if not note.strip():
        raise Refusal("Say what they told you.", remedy="One line is enough.", field="note")
    return _contacted(row, note, by=by, chased=False, batch=None)


@transaction.atomic
def chase(setups: Iterable[ServiceSetup], *, by: Actor) -> list[Commitment]:
    """Promise for each what is missing, to its manager, else to the account lead; the contact is logged.

    What is complete, or has been chased and is still owed, is left alone.
    """
    rows = [_locked(setup, by) for setup in setups]
    owed = set(
        Commitment.objects.filter(
            about_type=ABOUT, about_id__in=[row.pk for row in rows], state__in=OWED
        ).values_list("about_id", flat=True)
    )
    batch = uuid4()
    return [_chased(row, by, batch) for row in rows if row.pk not in owed and _lacks(row)]


@transaction.atomic
def confirm_setup(setup: ServiceSetup, *, by: Actor) -> ServiceSetup:
    """You looked in the project tool and everything is there; what was promised about it is kept.

    Refuses while the manager, a task or the start is missing: whoever looks after the account answers for it.
    """
    refuse_strangers(setup.client_id, by)
    row = _locked(setup, by)
    if row.confirmed_at is not None:
        raise Refusal(f"{row.confirmed_by} has confirmed it already.")
    if lacks := missing(row):
        raise Refusal(
            f"{row.service.name} of {row.client.name} still lacks {_listed(lacks)}.",
            remedy="Add what is missing, then confirm it.",
        )
    batch = uuid4()
    row.confirmed_at, row.confirmed_by = clock.now(), by.name
    row.save(update_fields=["confirmed_at", "confirmed_by"])
    for promised in _promised(row):
        keeping.complete(promised, by=by, evidence=(ABOUT, row.pk), batch=batch)
    _record("setup.confirmed", row, by=by, batch=batch)
    return row


@transaction.atomic
def reopen_setup(setup: ServiceSetup, *, by: Actor) -> ServiceSetup:
    """It is not set up after all; what was promised is owed again."""
    refuse_strangers(setup.client_id, by)
    row = _locked(setup, by)
    if row.confirmed_at is None:
        raise Refusal("Nobody has confirmed it.")
    batch = uuid4()
    row.confirmed_at, row.confirmed_by = None, ""
    row.save(update_fields=["confirmed_at", "confirmed_by"])
    kept = Commitment.objects.filter(
        completions__evidence_type=ABOUT, completions__evidence_id=row.pk, completions__undone_at=None
    )
    for commitment in kept.distinct():
        keeping.reopen(commitment, by=by, batch=batch)
    _record("setup.reopened", row, by=by, batch=batch)
    return row


@transaction.atomic
def promise_tool_review(engagement: Engagement, lead: Member, *, by: Actor) -> Commitment | None:
    """The lead's own look through the project tool, due today; once, and by whoever leads now (O6)."""
    mine = Commitment.objects.filter(about_type=ABOUT_TOOL, about_id=engagement.pk, kind=Kind.SETUP)
    standing = mine.exclude(state="withdrawn").select_related("owner").first()
    if standing is not None:
        if standing.state in OWED and standing.owner_id != lead.pk:
            keeping.hand_over(standing, lead, by=Actor.system("set-up"), note=f"{lead.name} leads now.")
        return None
    return keeping.promise(
        engagement.client,
        f"Look through the project tool: {engagement.title}"[:200],
        by=by,
        owner=lead,
        due_on=clock.today(engagement.client.zone),
        kind=Kind.SETUP,
        internal=True,
        about=(ABOUT_TOOL, engagement.pk),
    )


def _chased(row: ServiceSetup, by: Actor, batch: UUID) -> Commitment:
    owner = row.manager or lead_of(row.client)
    lacks = _lacks(row)
    note = f"{row.service.name}: {_listed(lacks)} missing"
    made = keeping.promise(
        row.client,
        f"Set up {note}"[:200],
        by=by,
        owner=owner,
        due_on=in_working_days(row.client, CHASED_WITHIN),
        kind=Kind.SETUP,
        internal=True,
        about=(ABOUT, row.pk),
        batch=batch,
    )
    _contacted(row, f"Asked for {_listed(lacks)}", by=by, chased=True, batch=batch)
    return made


def _contacted(row: ServiceSetup, note: str, *, by: Actor, chased: bool, batch: UUID | None) -> SetupContact:
    made = SetupContact.objects.create(
        setup=row,
        manager=row.manager,
        at=clock.now(),
        by_name=by.name,
        note=note.strip()[:300],
        chased=chased,
    )
    verb = "setup.chased" if chased else "setup.contacted"
    _record(verb, row, by=by, batch=batch, note=made.note, manager=row.manager.name if row.manager else "")
    return made


def _lacks(row: ServiceSetup) -> list[str]:
    if row.confirmed_at is not None:
        return []
    return missing(row) or ["your word that it runs"]


def _promised(row: ServiceSetup) -> list[Commitment]:
    """What is owed about a set-up: the planner's promise, and what was chased."""
    of_service = Commitment.objects.filter(
        engagement=row.service.engagement_id, rule=RULE, slot=row.service.number, state__in=OWED
    )
    chased = Commitment.objects.filter(about_type=ABOUT, about_id=row.pk, state__in=OWED)
    return [*of_service, *chased]


def _locked(setup: ServiceSetup, by: Actor) -> ServiceSetup:
    row = (
        ServiceSetup.objects.select_for_update(of=("self",))
        .select_related("client", "manager", "service__engagement")
        .get(pk=setup.pk)
    )
    is_theirs = by.member_id is not None and by.member_id == row.manager_id
    if not is_theirs and not may_act_for(row.client_id, by):
        raise NotYours("You are not on that account team.", remedy="Ask their lead to put you on it.")
    return row


def _task(task: Task, by: Actor) -> tuple[Task, ServiceSetup]:
    row = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    setup = ServiceSetup.objects.filter(service=row.service_id).first()
    if setup is None:
        raise Refusal(f"“{row.title}” belongs to no service that is being set up.")
    return row, _locked(setup, by)


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _record(verb: str, row: ServiceSetup, *, by: Actor, batch: UUID | None = None, **data: Any) -> None:
    service = row.service.name
    events.record(verb, by=by, client_id=row.client_id, subject=row, batch=batch, service=service, **data)
