"""Inviting people to a meeting, and telling them when it is moved or called off; each gets a mail of theirs.

Colleagues with a calendar feed have the meeting there already and are not mailed, nor is whoever leads it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from steadyhand.commitments.feeds import feed_of
from steadyhand.comms.mail.rendering import as_html, as_text
from steadyhand.comms.meetings.calendar_part import CANCEL, DECLINE_COUNTER, REQUEST, invitation, organiser_of
from steadyhand.comms.meetings.links_in_mail import point_words
from steadyhand.comms.meetings.rights import refuse_strangers
from steadyhand.comms.models import Attendee, Meeting, TimeProposal
from steadyhand.core import clock, events, outbox
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal

#: What the outbox names as the cause of an invitation's mail.
ABOUT = "comms.attendee"


@transaction.atomic
def send_invitations(meeting: Meeting, *, by: Actor) -> list[Attendee]:
    """Invite everybody who is expected and has not been invited to this version of the meeting."""
    refuse_strangers(meeting, by)
    if not meeting.is_open:
        raise Refusal(f"“{meeting.title}” is over.", remedy="Open it again first.")
    if meeting.starts_at < clock.now():
        raise Refusal(f"{meeting.local:%d %B at %H:%M} is over.", remedy="Move the meeting, then invite.")
    waiting = [one for one in invitable(meeting) if one.invited_sequence != meeting.sequence]
    if not waiting:
        raise Refusal(
            "There is nobody to invite.",
            remedy="Add somebody with an e-mail address; colleagues with a calendar feed have it there.",
        )
    meeting.invited_at = meeting.invited_at or clock.now()
    meeting.save(update_fields=["invited_at"])
    for attendee in waiting:
        _send(attendee, meeting, REQUEST, f"Invitation: {meeting.title}", _invited_words(meeting))
    events.record(
        "meeting.invited",
        by=by,
        client_id=meeting.client_id,
        subject=meeting,
        title=meeting.title,
        names=[attendee.shown_name for attendee in waiting],
    )
    return waiting


def invitable(meeting: Meeting) -> list[Attendee]:
    """Those whom a mail reaches and who need one."""
    found = meeting.attendees.filter(removed_at=None).select_related("member", "contact")
    return [one for one in found if one.address and not _needs_none(one, meeting)]


def invite(attendee: Attendee, *, by: Actor) -> None:
    """One who was added later; part of adding them."""
    meeting = attendee.meeting
    if attendee in invitable(meeting) and meeting.starts_at > clock.now():
        _send(attendee, meeting, REQUEST, f"Invitation: {meeting.title}", _invited_words(meeting))


def uninvite(attendee: Attendee, *, by: Actor) -> None:
    """One who was taken off; part of taking them off."""
    meeting = attendee.meeting
    if attendee.invited_sequence is None or meeting.starts_at < clock.now():
        return
    words = f"You need not come to “{meeting.title}” on {when_words(meeting)} after all."
    _send(attendee, meeting, CANCEL, f"Not needed: {meeting.title}", words)
    attendee.invited_sequence = None
    attendee.save(update_fields=["invited_sequence"])


def tell_moved(meeting: Meeting, *, by: Actor) -> None:
    """Everybody who was invited is asked again, for the time it has now."""
    words = f"“{meeting.title}” is now on {when_words(meeting)}.\n\nPlease answer again from your calendar."
    for attendee in _invited(meeting):
        _send(attendee, meeting, REQUEST, f"New time: {meeting.title}", words)


def tell_of_change(meeting: Meeting, *, by: Actor) -> None:
    """Title, place or leader changed; the time did not, and answers stand."""
    for attendee in _invited(meeting):
        words = f"“{meeting.title}” on {when_words(meeting)} has changed. Your answer stands."
        _send(attendee, meeting, REQUEST, f"Changed: {meeting.title}", words)


def tell_cancelled(meeting: Meeting, *, by: Actor) -> None:
    """It is off; calendars take it out."""
    if meeting.starts_at < clock.now():
        return
    words = f"“{meeting.title}” on {when_words(meeting)} will not take place."
    for attendee in _invited(meeting):
        _send(attendee, meeting, CANCEL, f"Called off: {meeting.title}", words)


def tell_proposal_declined(proposal: TimeProposal, *, by: Actor) -> None:
    """The time somebody asked for does not work; the meeting stays where it is."""
    attendee = proposal.attendee
    meeting = attendee.meeting
    words = f"The other time does not work for everybody: “{meeting.title}” stays on {when_words(meeting)}."
    _send(attendee, meeting, DECLINE_COUNTER, f"Stays as it is: {meeting.title}", words)


def send_again(attendee: Attendee) -> None:
    """Their calendar asked for the meeting as it stands."""
    meeting = attendee.meeting
    method = REQUEST if meeting.cancelled_at is None else CANCEL
    _send(attendee, meeting, method, f"Invitation: {meeting.title}", _invited_words(meeting))


def _send(attendee: Attendee, meeting: Meeting, method: str, subject: str, words: str) -> None:
    everybody: Iterable[Attendee] = [attendee]
    if method == REQUEST:
        everybody = meeting.attendees.filter(removed_at=None).select_related("member", "contact")
    organiser = organiser_of(meeting)
    leader = meeting.led_by
    if method == REQUEST and not attendee.is_ours:
        words += f"\n\n{point_words(attendee)}"
    outbox.post(
        "meeting",
        f"{attendee.shown_name} <{attendee.address}>",
        subject,
        as_text(words, leader),
        as_html(subject, words, leader),
        sender=f"{leader.name} <{leader.email}>" if leader is not None else "",
        reply_to=organiser.address,
        calendar=invitation(meeting, everybody, method=method, description=agenda_words(meeting)),
        calendar_method=method,
        client_id=meeting.client_id,
        about=(ABOUT, attendee.pk),
    )
    attendee.invited_sequence = meeting.sequence
    attendee.save(update_fields=["invited_sequence"])


def agenda_words(meeting: Meeting) -> str:
    """What anybody who is invited may read of the agenda: titles and minutes."""
    items = [
        f"{number}. {item.title}" + (f" ({item.minutes} min)" if item.minutes else "")
        for number, item in enumerate(meeting.agenda.all(), start=1)
    ]
    return "Agenda\n" + "\n".join(items) if items else ""


def _invited_words(meeting: Meeting) -> str:
    where = f"\n\nWhere: {meeting.place}" if meeting.place else ""
    agenda = agenda_words(meeting)
    return (
        f"You are invited to “{meeting.title}” on {when_words(meeting)}.{where}"
        + (f"\n\n{agenda}" if agenda else "")
        + "\n\nPlease answer from your calendar."
    )


def when_words(meeting: Meeting) -> str:
    """“Tuesday 15 December 2026, 10:00 to 11:00 (London time)”."""
    local = meeting.local
    ends = meeting.ends_at.astimezone(local.tzinfo)
    city = meeting.zone.rpartition("/")[2].replace("_", " ")
    return f"{local:%A} {local.day} {local:%B %Y}, {local:%H:%M} to {ends:%H:%M} ({city} time)"


def _invited(meeting: Meeting) -> list[Attendee]:
    return [one for one in invitable(meeting) if one.invited_sequence is not None]


def _needs_none(attendee: Attendee, meeting: Meeting) -> bool:
    if attendee.member is None:
        return False
    return attendee.member_id == meeting.led_by_id or feed_of(attendee.member) is not None
