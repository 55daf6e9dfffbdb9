"""The five preparations of a meeting with a client, dated, each a promise (S9, S12)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from steadyhand.clients.models import Assignment, Position
from steadyhand.commitments import keeping
from steadyhand.commitments.calendars import working_days
from steadyhand.commitments.kinds import OWED, Kind, State
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.models.commitment import CommitmentQuerySet
from steadyhand.comms.meetings.rights import refuse_strangers
from steadyhand.comms.models import Meeting, Preparation, Step
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member

#: What the promise of a preparation is about.
ABOUT = "comms.preparation"

#: Working days before the meeting (after it where negative) by which each is due.
DAYS_BEFORE: Mapping[Step, int] = {
    Step.ATTENDEES: 10,
    Step.LOGISTICS: 7,
    Step.AGENDA: 5,
    Step.PRESENTATION: 2,
    Step.MINUTES: -1,
}
DEPARTMENT_DAYS_BEFORE = 3

TITLES: Mapping[Step, str] = {
    Step.ATTENDEES: "Agree who comes to “{}”",
    Step.LOGISTICS: "Arrange where and how for “{}”",
    Step.AGENDA: "Send the agenda of “{}”",
    Step.PRESENTATION: "Prepare the presentation for “{}”",
    Step.MINUTES: "Circulate minutes and actions of “{}”",
}

#: Why a preparation is moved when nobody moves it.
FOLLOWS = "The meeting was moved."
FOLLOWER = Actor.system("meetings")


@transaction.atomic
def prepare_meeting(meeting: Meeting, *, by: Actor) -> list[Preparation]:
    """Plan whichever of the five preparations are not planned yet."""
    refuse_strangers(meeting, by)
    _refuse_closed(meeting)
    made = plan_preparations(meeting, by=by)
    if not made:
        raise Refusal("Every preparation of this meeting is planned already.")
    events.record(
        "meeting.prepared",
        by=by,
        client_id=meeting.client_id,
        subject=meeting,
        title=meeting.title,
        steps=[str(one.step) for one in made],
    )
    return made


@transaction.atomic
def ask_department(
    meeting: Meeting, member: Member, what: str, *, by: Actor, due_on: dt.date | None = None
) -> Preparation:
    """Give another department notice of the meeting, and something to prepare for it (S9 B)."""
    refuse_strangers(meeting, by)
    _refuse_closed(meeting)
    if not what.strip():
        raise Refusal("Say what they should prepare.", remedy="A line is enough.", field="what")
    day = due_on or _due(meeting, DEPARTMENT_DAYS_BEFORE)
    made = _promised(meeting, Step.DEPARTMENT, what.strip(), member, day, by=by, batch=None)
    events.record(
        "meeting.department_asked",
        by=by,
        client_id=meeting.client_id,
        subject=meeting,
        title=meeting.title,
        what=what.strip(),
        member=member.name,
    )
    return made


def plan_preparations(meeting: Meeting, *, by: Actor, batch: UUID | None = None) -> list[Preparation]:
    """Part of the verbs that plan a meeting, so no event of its own. Without travel there is no logistics."""
    known = set(meeting.preparations.values_list("step", flat=True))
    owner = _preparer(meeting)
    return [
        _promised(
            meeting, step, TITLES[step].format(meeting.title), owner, _due(meeting, days), by=by, batch=batch
        )
        for step, days in DAYS_BEFORE.items()
        if step not in known and (step is not Step.LOGISTICS or meeting.in_person)
    ]


def finish(meeting: Meeting, step: Step, *, by: Actor, batch: UUID | None = None) -> None:
    """What the preparation asked for has been done, whoever did it."""
    for promise in _promises(meeting, step):
        if promise.state in OWED:
            keeping.complete(promise, by=by, batch=batch)


def unfinish(meeting: Meeting, step: Step, *, by: Actor, batch: UUID | None = None) -> None:
    """What was done is taken back."""
    for promise in _promises(meeting, step):
        if promise.state in (State.DONE, State.DONE_LATE):
            keeping.reopen(promise, by=by, batch=batch)


def shift(meeting: Meeting, *, by: Actor, batch: UUID | None = None) -> None:
    """The meeting has moved: so do its preparations, but for those somebody has moved themselves."""
    for one in meeting.preparations.select_related("commitment"):
        promise = one.commitment
        if promise is None or promise.state not in OWED:
            continue
        if promise.moves.filter(undone_at=None).exclude(note=FOLLOWS).exists():
            continue
        day = _due(meeting, DAYS_BEFORE.get(Step(one.step), DEPARTMENT_DAYS_BEFORE))
        if day != promise.due_on:
            keeping.move(promise, day, by=FOLLOWER, reason=FOLLOWS, batch=batch)


def call_off(meeting: Meeting, *, by: Actor, batch: UUID | None = None) -> None:
    """The meeting is off: nothing has to be ready for it."""
    for promise in _everything(meeting).filter(state__in=OWED):
        keeping.waive(promise, by=FOLLOWER, reason=f"“{meeting.title}” was called off.", batch=batch)


def take_up_again(meeting: Meeting, since: dt.datetime, *, by: Actor, batch: UUID | None = None) -> None:
    """The meeting is on again: what was waived with it, at `since`, is owed again."""
    waived = _everything(meeting).filter(
        state=State.WAIVED,
        waivers__undone_at=None,
        waivers__at__gte=since,
        waivers__by_name=FOLLOWER.name,
    )
    for promise in waived.distinct():
        keeping.unwaive(promise, by=FOLLOWER, batch=batch)


def _everything(meeting: Meeting) -> CommitmentQuerySet:
    return Commitment.objects.filter(
        Q(preparation__meeting=meeting) | Q(booking__meeting=meeting) | Q(report_request__meeting=meeting)
    )


def _promises(meeting: Meeting, step: Step) -> Iterable[Commitment]:
    return list(Commitment.objects.filter(preparation__meeting=meeting, preparation__step=step))


def _promised(
    meeting: Meeting,
    step: Step,
    title: str,
    owner: Member | None,
    day: dt.date,
    *,
    by: Actor,
    batch: UUID | None,
) -> Preparation:
    made = Preparation.objects.create(meeting=meeting, step=step, made_at=clock.now())
    made.commitment = keeping.promise(
        meeting.client,
        title,
        by=by,
        owner=owner,
        due_on=day,
        kind=Kind.ACTION,
        internal=True,
        about=(ABOUT, made.pk),
        batch=batch,
    )
    made.save(update_fields=["commitment"])
    return made


def _preparer(meeting: Meeting) -> Member | None:
    """Whoever leads the account prepares, also where a director leads the meeting (S20)."""
    if meeting.client_id is None:
        return meeting.led_by
    lead = Assignment.objects.filter(client=meeting.client_id, position=Position.LEAD, until=None)
    found = lead.select_related("member").first()
    return found.member if found is not None else meeting.led_by


def _due(meeting: Meeting, days_before: int) -> dt.date:
    zone = meeting.client.zone if meeting.client else meeting.zone
    day = meeting.starts_at.astimezone(clock.zone_info(zone)).date()
    return max(working_days(meeting.client).add_working(day, -days_before), clock.today(zone))


def _refuse_closed(meeting: Meeting) -> None:
    if not meeting.is_open:
        raise Refusal(f"“{meeting.title}” is over.", remedy="Open it again first.")
