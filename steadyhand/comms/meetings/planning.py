"""Planning meetings, moving them and calling them off (S9).

Every meeting is a promise of whoever leads it, so that Today, the calendar and the feeds know its hour.
One that the playbook asked for is taken up (`commitment=`); for any other a promise is made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from steadyhand.clients.models import Client, Contact
from steadyhand.commitments import keeping
from steadyhand.commitments.feed_file import installation_id
from steadyhand.commitments.keeping import AD_HOC, NotYours, may_act_for
from steadyhand.commitments.kinds import OWED, TIMED, Kind, State
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.timing import set_due
from steadyhand.comms.meetings import attending, inviting, preparing
from steadyhand.comms.meetings.agenda_items import copy_agenda
from steadyhand.comms.meetings.rights import refuse_strangers
from steadyhand.comms.models import Answer, Host, Meeting
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.clock import zone_info
from steadyhand.core.models import Agency
from steadyhand.core.recurrence import local_instant
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability

#: What a meeting's promise is about, and the only evidence that keeps it.
ABOUT = "comms.meeting"

LONGEST = 960


@transaction.atomic
def plan_meeting(
    client: Client | None,
    title: str,
    *,
    by: Actor,
    day: dt.date,
    time: dt.time,
    zone: str = "",
    minutes: int = 60,
    led_by: Member | None = None,
    members: Iterable[Member] = (),
    contacts: Iterable[Contact] = (),
    guests: Iterable[tuple[str, str]] = (),
    agenda_key: str = "",
    in_person: bool = False,
    host: Host = Host.NOBODY,
    place: str = "",
    commitment: Commitment | None = None,
    prepare: bool = False,
    batch: UUID | None = None,
) -> Meeting:
    """Put a meeting in the diary: `day` and `time` on the wall clock of `zone` (the client's, else ours).

    `guests` are (name, address) of people who are neither ours nor the client's. The items of the
    playbook's agenda are copied. `prepare` also plans the five preparations. Nobody is invited yet:
    `inviting.send_invitations` does that. Refuses an hour at which whoever leads has another meeting.
    """
    _refuse_outsiders(client, by)
    if not title.strip():
        raise Refusal("Say what the meeting is about.", remedy="A line is enough.", field="title")
    minutes = _length(minutes)
    zone = zone or (client.zone if client else Agency.get().zone)
    starts_at = _start(day, time, zone)
    batch = batch or uuid4()
    at = clock.now()
    meeting = Meeting.objects.create(
        client=client,
        title=title.strip()[:200],
        agenda_key=agenda_key,
        led_by=led_by,
        starts_at=starts_at,
        minutes=minutes,
        zone=zone,
        place=place.strip()[:300],
        in_person=in_person,
        host=Host(host) if in_person else Host.NOBODY,
        uid=f"meeting-{uuid4().hex}@{installation_id(Agency.get())}",
        made_at=at,
        changed_at=at,
    )
    meeting.commitment = _promised(meeting, by=by, batch=batch, taken_up=commitment)
    meeting.save(update_fields=["commitment"])
    if led_by is not None:
        attending.put_down(meeting, member=led_by, answer=Answer.ACCEPTED)
    for member in members:
        attending.put_down(meeting, member=member)
    for contact in contacts:
        attending.put_down(meeting, contact=contact)
    for name, address in guests:
        attending.put_down(meeting, name=name, email=address)
    copy_agenda(meeting)
    if prepare:
        preparing.plan_preparations(meeting, by=by, batch=batch)
    _record("meeting.planned", meeting, by=by, batch=batch, starts_at=starts_at)
    return meeting


@transaction.atomic
def move_meeting(
    meeting: Meeting,
    day: dt.date,
    time: dt.time,
    *,
    by: Actor,
    zone: str = "",
    minutes: int | None = None,
    reason: str = "",
    batch: UUID | None = None,
) -> Meeting:
    """Another day, hour or length, on the wall clock of `zone` (the one it was agreed on).

    Everybody who was invited is sent the new time and asked again; preparations nobody has moved follow.
    """
    row = _locked(meeting, by)
    _still_open(row, "moved")
    zone = zone or row.zone
    starts_at = _start(day, time, zone)
    length = row.minutes if minutes is None else _length(minutes)
    if (starts_at, length, zone) == (row.starts_at, row.minutes, row.zone):
        raise Refusal(
            f"It is on {row.local:%d %B at %H:%M} already.", remedy="Choose another time.", field="day"
        )
    before = row.starts_at
    batch = batch or uuid4()
    row.starts_at, row.zone, row.minutes = starts_at, zone, length
    row.save(update_fields=["starts_at", "zone", "minutes"])
    promise = row.commitment
    if promise is not None and promise.state in OWED:
        promise.minutes = length
        promise.save(update_fields=["minutes"])
        if _hour_of(row, promise) != (promise.due_on, promise.due_time):
            on, hour = _hour_of(row, promise)
            keeping.move(promise, on, to_time=hour, by=by, reason=reason, batch=batch)
        else:
            set_due(promise, promise.due_on, promise.due_time)
            promise.save(update_fields=["due_at", "starts_at"])
    _was_moved(row, before, by=by, batch=batch, reason=reason)
    return row


@transaction.atomic
def change_meeting(
    meeting: Meeting,
    *,
    by: Actor,
    title: str | None = None,
    place: str | None = None,
    in_person: bool | None = None,
    host: Host | None = None,
) -> Meeting:
    """Another title or place; those who were invited are told. Their answers stand, and so does SEQUENCE
    (RFC 5546, 2.1.4): a reply that is on its way still counts."""
    row = _locked(meeting, by)
    _still_open(row, "changed")
    if title is not None and not title.strip():
        raise Refusal("Say what the meeting is about.", remedy="A line is enough.", field="title")
    changed = {}
    for name, value in (("title", title), ("place", place), ("in_person", in_person), ("host", host)):
        value = value.strip() if isinstance(value, str) else value
        if value is not None and value != getattr(row, name):
            changed[name] = [str(getattr(row, name)), str(value)]
            setattr(row, name, value)
    if not changed:
        return row
    _save(row)
    if "title" in changed and row.commitment is not None and row.commitment.rule == AD_HOC:
        Commitment.objects.filter(pk=row.commitment.pk).update(title=row.title, changed_at=row.changed_at)
    inviting.tell_of_change(row, by=by)
    _record("meeting.changed", row, by=by, changed=changed)
    return row


@transaction.atomic
def lead_meeting(meeting: Meeting, member: Member, *, by: Actor, batch: UUID | None = None) -> Meeting:
    """Somebody else leads it, and owns its promise."""
    row = _locked(meeting, by)
    _still_open(row, "handed over")
    if row.led_by_id == member.pk:
        raise Refusal(f"{member.name} leads it already.", field="led_by")
    batch = batch or uuid4()
    before = row.led_by.name if row.led_by else ""
    row.led_by = member
    _save(row)
    attending.put_down(row, member=member, answer=Answer.ACCEPTED)
    promise = row.commitment
    if promise is not None and promise.state in OWED and promise.owner_id != member.pk:
        keeping.hand_over(promise, member, by=by, batch=batch)
    inviting.tell_of_change(row, by=by)
    _record("meeting.handed_over", row, by=by, batch=batch, before=before, leader=member.name)
    return row


@transaction.atomic
def cancel_meeting(
    meeting: Meeting, *, by: Actor, reason: str, owed_still: bool | None = None, batch: UUID | None = None
) -> Meeting:
    """It will not be held, for a reason; those who were invited are told.

    A promise that was made for it is waived. One that the playbook asked for is owed still, unless
    `owed_still` says no (the client declined it).
    """
    row = _locked(meeting, by)
    _still_open(row, "called off")
    if not reason.strip():
        raise Refusal("Say why it is called off.", remedy="One sentence.", field="reason")
    batch = batch or uuid4()
    row.cancelled_at, row.cancelled_because = clock.now(), reason.strip()[:300]
    row.sequence += 1
    _save(row)
    promise = row.commitment
    if promise is not None and promise.state in OWED:
        if owed_still is None:
            owed_still = promise.rule != AD_HOC
        if owed_still:
            _give_free(promise)
        else:
            keeping.waive(promise, by=by, reason=reason, batch=batch)
    preparing.call_off(row, by=by, batch=batch)
    inviting.tell_cancelled(row, by=by)
    _record("meeting.cancelled", row, by=by, batch=batch, reason=row.cancelled_because)
    return row


@transaction.atomic
def revive_meeting(meeting: Meeting, *, by: Actor, batch: UUID | None = None) -> Meeting:
    """It is held after all, at the time it had; who was invited is invited again."""
    row = _locked(meeting, by)
    if row.cancelled_at is None:
        raise Refusal("It has not been called off.")
    if row.ends_at < clock.now():
        raise Refusal(f"{row.local:%d %B at %H:%M} is over.", remedy="Plan it anew.")
    batch = batch or uuid4()
    called_off_at = row.cancelled_at
    row.cancelled_at, row.cancelled_because = None, ""
    row.sequence += 1
    _save(row)
    promise = row.commitment
    if promise is not None:
        if promise.state == State.WAIVED:
            keeping.unwaive(promise, by=by, batch=batch)
            promise.refresh_from_db()
        _take_up(row, promise)
    preparing.take_up_again(row, called_off_at, by=by, batch=batch)
    inviting.tell_moved(row, by=by)
    _record("meeting.revived", row, by=by, batch=batch)
    return row


def follow_promise(promise: Commitment, *, by: Actor, batch: UUID | None = None) -> None:
    """Keep the meeting of a promise that was moved, handed over, waived or owed again elsewhere in step."""
    row = Meeting.objects.filter(commitment=promise, closed_at=None).order_by("-pk").first()
    if row is None:
        return
    if promise.state == State.WAIVED and row.cancelled_at is None:
        cancel_meeting(row, by=by, reason="Its promise was waived.", batch=batch)
        return
    if promise.state not in OWED:
        return
    if row.cancelled_at is not None:
        if promise.about_id == row.pk and row.ends_at > clock.now():
            revive_meeting(row, by=by, batch=batch)
        return
    if promise.starts_at is not None and promise.starts_at != row.starts_at:
        before, row.starts_at = row.starts_at, promise.starts_at
        row.save(update_fields=["starts_at"])
        _was_moved(row, before, by=by, batch=batch)
    if promise.owner is not None and promise.owner_id != row.led_by_id:
        lead_meeting(row, promise.owner, by=by, batch=batch)


def _promised(meeting: Meeting, *, by: Actor, batch: UUID, taken_up: Commitment | None) -> Commitment:
    if taken_up is None:
        zone = meeting.client.zone if meeting.client else Agency.get().zone
        local = meeting.starts_at.astimezone(zone_info(zone))
        return keeping.promise(
            meeting.client,
            meeting.title,
            by=by,
            owner=meeting.led_by,
            due_on=local.date(),
            due_time=local.time(),
            kind=Kind.MEETING,
            minutes=meeting.minutes,
            internal=meeting.client is None,
            about=(ABOUT, meeting.pk),
            closes_with=ABOUT,
            batch=batch,
        )
    row = Commitment.objects.select_related("client").get(pk=taken_up.pk)
    _refuse_unfit(meeting, row)
    row.minutes = meeting.minutes
    _take_up(meeting, row)
    on, hour = _hour_of(meeting, row)
    if (on, hour) != (row.due_on, row.due_time):
        keeping.move(row, on, to_time=hour, by=by, batch=batch)
    if meeting.led_by is None:
        meeting.led_by = row.owner
        meeting.save(update_fields=["led_by"])
    elif meeting.led_by_id != row.owner_id:
        keeping.hand_over(row, meeting.led_by, by=by, batch=batch)
    row.refresh_from_db()
    return row


def _refuse_unfit(meeting: Meeting, row: Commitment) -> None:
    if row.client_id != meeting.client_id:
        raise Refusal("That promise is another client's.", remedy="Choose one of theirs.", field="commitment")
    if row.kind not in TIMED or row.state not in OWED:
        raise Refusal(
            f"“{row.title}” is no meeting that is still owed.",
            remedy="Plan it without a promise.",
            field="commitment",
        )
    if row.meetings.filter(cancelled_at=None).exclude(pk=meeting.pk).exists():
        raise Refusal(
            f"“{row.title}” has its meeting already.",
            remedy="Open that one, or move it.",
            field="commitment",
        )


def _take_up(meeting: Meeting, row: Commitment) -> None:
    """The promise serves this meeting from now on: the planner leaves it, and only the meeting keeps it."""
    row.about_type, row.about_id, row.closes_with = ABOUT, meeting.pk, ABOUT
    row.touched_at = row.touched_at or clock.now()
    row.save(update_fields=["about_type", "about_id", "closes_with", "touched_at", "minutes"])


def _give_free(row: Commitment) -> None:
    row.about_type, row.about_id, row.closes_with = "", None, ""
    row.save(update_fields=["about_type", "about_id", "closes_with"])


def _was_moved(row: Meeting, before: dt.datetime, *, by: Actor, batch: UUID | None, reason: str = "") -> None:
    row.sequence += 1
    _save(row)
    asked = row.attendees.exclude(member__isnull=False, member=row.led_by_id)
    asked.update(answer=Answer.NONE, answered_at=None, comment="")
    preparing.shift(row, by=by, batch=batch)
    inviting.tell_moved(row, by=by)
    _record(
        "meeting.moved",
        row,
        by=by,
        batch=batch,
        before=before,
        starts_at=row.starts_at,
        reason=reason.strip(),
    )


def _hour_of(meeting: Meeting, row: Commitment) -> tuple[dt.date, dt.time]:
    local = meeting.starts_at.astimezone(zone_info(row.zone))
    return local.date(), local.time()


def _start(day: dt.date, time: dt.time, zone: str) -> dt.datetime:
    starts_at = local_instant(day, time, zone)
    if starts_at < clock.now():
        raise Refusal(f"{day:%d %B %Y}, {time:%H:%M} is over.", remedy="Choose a time to come.", field="day")
    return starts_at


def _length(minutes: int) -> int:
    if not 1 <= minutes <= LONGEST:
        raise Refusal(
            f"A meeting of {minutes} minutes?", remedy=f"Choose 1 to {LONGEST} minutes.", field="minutes"
        )
    return minutes


def _refuse_outsiders(client: Client | None, by: Actor) -> None:
    if client is not None and not may_act_for(client.pk, by):
        raise NotYours("You are not on that account team.", remedy="Ask their lead to put you on it.")
    if client is None and not (by.is_system or by.may(Capability.KEEP_PROMISES)):
        raise NotYours("Your role does not plan meetings.", remedy="Ask whoever leads the team.")


def _locked(meeting: Meeting, by: Actor) -> Meeting:
    row = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("client", "led_by", "commitment")
        .get(pk=meeting.pk)
    )
    refuse_strangers(row, by)
    return row


def _still_open(row: Meeting, what: str) -> None:
    if row.closed_at is not None:
        raise Refusal(f"“{row.title}” has been held and cannot be {what}.", remedy="Open it again first.")
    if row.cancelled_at is not None:
        raise Refusal(f"“{row.title}” was called off and cannot be {what}.", remedy="Take that back first.")


def _save(row: Meeting) -> None:
    row.changed_at = clock.now()
    row.save()


def _record(verb: str, row: Meeting, *, by: Actor, batch: UUID | None = None, **data: Any) -> None:
    events.record(verb, by=by, client_id=row.client_id, subject=row, batch=batch, title=row.title, **data)
