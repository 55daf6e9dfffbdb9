"""Who comes to a meeting, on both sides; and what they answered."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from steadyhand.clients.models import Contact
from steadyhand.comms.meetings import inviting, preparing
from steadyhand.comms.meetings.booking import book_the_way
from steadyhand.comms.meetings.rights import refuse_strangers
from steadyhand.comms.models import Answer, Attendee, Meeting, Step
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member, MemberState


@transaction.atomic
def add_attendee(
    meeting: Meeting,
    *,
    by: Actor,
    member: Member | None = None,
    contact: Contact | None = None,
    name: str = "",
    email: str = "",
) -> Attendee:
    """A colleague, a contact of the client, or a guest by name and address. Where invitations have gone
    out already, this one follows at once, and nobody else hears of it."""
    refuse_strangers(meeting, by)
    _refuse_closed(meeting)
    attendee = put_down(meeting, member=member, contact=contact, name=name, email=email)
    if meeting.invited_at is not None:
        inviting.invite(attendee, by=by)
    _record("meeting.attendee_added", meeting, by=by, attendee=attendee.shown_name)
    return attendee


@transaction.atomic
def remove_attendee(attendee: Attendee, *, by: Actor) -> Attendee:
    """They need not come; if they were invited they are told."""
    meeting = attendee.meeting
    refuse_strangers(meeting, by)
    _refuse_closed(meeting)
    if attendee.removed_at is not None:
        raise Refusal(f"{attendee.shown_name} is not expected already.")
    if attendee.member_id is not None and attendee.member_id == meeting.led_by_id:
        raise Refusal(f"{attendee.shown_name} leads the meeting.", remedy="Let somebody else lead it first.")
    attendee.removed_at = clock.now()
    attendee.save(update_fields=["removed_at"])
    inviting.uninvite(attendee, by=by)
    _record("meeting.attendee_removed", meeting, by=by, attendee=attendee.shown_name)
    return attendee


@transaction.atomic
def agree_attendees(meeting: Meeting, *, by: Actor) -> Meeting:
    """Everybody who should be there is known, on both sides: that preparation is done, and what must be
    booked for a meeting at theirs is owed from now on (S9 B, D)."""
    refuse_strangers(meeting, by)
    _refuse_closed(meeting)
    if meeting.attendees_agreed_at is not None:
        raise Refusal("Who comes is agreed already.")
    if meeting.client_id is not None and not coming(meeting, ours=False):
        raise Refusal(
            "Nobody of the client is expected yet.", remedy="Add whoever should be there, then agree."
        )
    meeting.attendees_agreed_at = clock.now()
    meeting.save(update_fields=["attendees_agreed_at"])
    preparing.finish(meeting, Step.ATTENDEES, by=by)
    book_the_way(meeting, by=by)
    _record(
        "meeting.attendees_agreed", meeting, by=by, count=meeting.attendees.filter(removed_at=None).count()
    )
    return meeting


@transaction.atomic
def note_answer(attendee: Attendee, answer: Answer, *, by: Actor) -> Attendee:
    """What they told us themselves, on the phone for instance."""
    refuse_strangers(attendee.meeting, by)
    attendee.answer, attendee.answered_at = Answer(answer), clock.now()
    attendee.save(update_fields=["answer", "answered_at"])
    _record(
        "meeting.answered",
        attendee.meeting,
        by=by,
        attendee=attendee.shown_name,
        answer=str(attendee.answer),
        comment="",
    )
    return attendee


def put_down(
    meeting: Meeting,
    *,
    member: Member | None = None,
    contact: Contact | None = None,
    name: str = "",
    email: str = "",
    answer: Answer = Answer.NONE,
) -> Attendee:
    """Expect somebody; whoever was taken off comes back. Part of the verbs that add people, so no event."""
    if member is not None and member.state == MemberState.LEFT:
        raise Refusal(f"{member.name} has left.", remedy="Choose a colleague who is here.", field="members")
    if contact is not None and contact.client_id != meeting.client_id:
        raise Refusal(
            f"{contact.name} belongs to another client.", remedy="Choose their contact.", field="contacts"
        )
    if member is None and contact is None and "@" not in email:
        raise Refusal("Say who it is.", remedy="Choose somebody, or write a guest's address.", field="email")
    if member is not None or contact is not None:
        known = Attendee.objects.filter(meeting=meeting, member=member, contact=contact).first()
    else:
        known = Attendee.objects.filter(
            meeting=meeting, member=None, contact=None, email__iexact=email.strip()
        ).first()
    if known is None:
        known = Attendee(
            meeting=meeting, member=member, contact=contact, name=name.strip(), email=email.strip()
        )
    known.removed_at = None
    if answer != Answer.NONE or known.pk is None:
        known.answer = answer
    known.save()
    return known


def coming(meeting: Meeting, *, ours: bool) -> list[Attendee]:
    """Who is expected, of us or of them (guests count as theirs)."""
    found = meeting.attendees.filter(removed_at=None, member__isnull=not ours)
    return list(found.select_related("member", "contact"))


def _refuse_closed(meeting: Meeting) -> None:
    if not meeting.is_open:
        raise Refusal(f"“{meeting.title}” is over.", remedy="Open it again first.")


def _record(verb: str, meeting: Meeting, *, by: Actor, **data: Any) -> None:
    events.record(verb, by=by, client_id=meeting.client_id, subject=meeting, title=meeting.title, **data)
