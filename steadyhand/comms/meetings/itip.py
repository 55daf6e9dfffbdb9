"""What invited people's calendars answer (RFC 5546): coming, perhaps, not coming, another time."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from steadyhand.comms.meetings import inviting
from steadyhand.comms.meetings.calendar_part import Reply, read
from steadyhand.comms.meetings.planning import move_meeting
from steadyhand.comms.meetings.rights import refuse_strangers
from steadyhand.comms.models import Answer, Attendee, Meeting, TimeProposal
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.clock import zone_info
from steadyhand.core.refusals import Refusal


@transaction.atomic
def take_reply(raw_ics: bytes, from_address: str, *, by: Actor) -> list[Attendee]:
    """Take what a mail's text/calendar part says; those whose answer is known now.

    Only somebody who was invited can answer, for themselves: the part's ATTENDEE, or the sender where a
    mail system wrote another of their addresses. An answer to an earlier time, or older than one we have,
    changes nothing. Empty for calendars that are no answer to us. Raises Refusal for one that cannot be
    read, and for answers in the name of somebody else.
    """
    return [attendee for reply in read(raw_ics) if (attendee := _taken(reply, from_address, by)) is not None]


@transaction.atomic
def accept_proposal(proposal: TimeProposal, *, by: Actor) -> Meeting:
    """Move the meeting to the time they asked for; everybody is asked again."""
    row = _open_proposal(proposal, by)
    row.accepted_at = clock.now()
    row.save(update_fields=["accepted_at"])
    meeting = row.attendee.meeting
    local = row.starts_at.astimezone(zone_info(meeting.zone))
    return move_meeting(
        meeting,
        local.date(),
        local.time(),
        minutes=row.minutes or None,
        by=by,
        reason=f"{row.attendee.shown_name} asked for it.",
    )


@transaction.atomic
def decline_proposal(proposal: TimeProposal, *, by: Actor) -> TimeProposal:
    """The meeting stays where it is; they are told."""
    row = _open_proposal(proposal, by)
    row.declined_at = clock.now()
    row.save(update_fields=["declined_at"])
    inviting.tell_proposal_declined(row, by=by)
    _record("meeting.proposal_declined", row.attendee, by=by, starts_at=row.starts_at)
    return row


def _taken(reply: Reply, from_address: str, by: Actor) -> Attendee | None:
    meeting = Meeting.objects.filter(uid=reply.uid).select_related("client", "led_by").first()
    if meeting is None:
        return None
    attendee = _who(meeting, reply.address, from_address.strip().lower())
    if reply.sequence < meeting.sequence or not meeting.is_open:
        return attendee  # said about a time it no longer has
    known = (attendee.answered_sequence, attendee.answered_stamp)
    if known[1] is not None and (reply.sequence, reply.stamp) <= (known[0] or 0, known[1]):
        return attendee
    if reply.method == "REFRESH":
        inviting.send_again(attendee)
        return attendee
    attendee.answered_sequence, attendee.answered_stamp = reply.sequence, reply.stamp
    if reply.method == "COUNTER":
        return _proposed(attendee, reply, by)
    changes = (attendee.answer, attendee.comment) != (reply.answer, reply.comment)
    attendee.answer, attendee.comment, attendee.answered_at = reply.answer, reply.comment, clock.now()
    attendee.save()
    if changes:
        _record("meeting.answered", attendee, by=by, answer=str(reply.answer), comment=reply.comment)
    return attendee


def _proposed(attendee: Attendee, reply: Reply, by: Actor) -> Attendee:
    attendee.answer, attendee.comment, attendee.answered_at = Answer.TENTATIVE, reply.comment, clock.now()
    attendee.save()
    if reply.starts_at is None:
        return attendee
    attendee.proposals.filter(accepted_at=None, declined_at=None).delete()  # their latest wish counts
    made = TimeProposal.objects.create(
        attendee=attendee,
        starts_at=reply.starts_at,
        minutes=min(reply.minutes or attendee.meeting.minutes, 960),
        comment=reply.comment,
        made_at=clock.now(),
    )
    _record("meeting.time_proposed", attendee, by=by, starts_at=made.starts_at, comment=made.comment)
    return attendee


def _who(meeting: Meeting, address: str, sender: str) -> Attendee:
    """The invited person this is from. A colleague of theirs with another address cannot answer for them."""
    invited = {
        one.address.lower(): one
        for one in meeting.attendees.filter(removed_at=None).select_related("member", "contact")
        if one.address
    }
    said, sent = invited.get(address), invited.get(sender)
    if sent is not None:
        return sent
    if said is not None and address.rpartition("@")[2] == sender.rpartition("@")[2]:
        return said
    raise Refusal(
        f"{sender or 'Somebody'} was not invited to “{meeting.title}”.",
        remedy="Ask whom the answer is for, and note it on the meeting's page.",
    )


def _open_proposal(proposal: TimeProposal, by: Actor) -> TimeProposal:
    row = (
        TimeProposal.objects.select_for_update(of=("self",))
        .select_related("attendee__meeting__client", "attendee__meeting__led_by", "attendee__contact")
        .get(pk=proposal.pk)
    )
    refuse_strangers(row.attendee.meeting, by)
    if row.accepted_at is not None or row.declined_at is not None:
        raise Refusal("That time is settled already.")
    return row


def _record(verb: str, attendee: Attendee, *, by: Actor, **data: Any) -> None:
    meeting = attendee.meeting
    events.record(
        verb,
        by=by,
        client_id=meeting.client_id,
        subject=meeting,
        title=meeting.title,
        attendee=attendee.shown_name,
        **data,
    )
