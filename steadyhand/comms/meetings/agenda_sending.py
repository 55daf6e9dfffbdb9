"""Sending the agenda to those who come, with a link by which they add points of their own (S9 A)."""

from __future__ import annotations

from django.db import transaction

from steadyhand.comms.mail.addresses import reply_address
from steadyhand.comms.mail.rendering import as_html, as_text
from steadyhand.comms.meetings import preparing
from steadyhand.comms.meetings.inviting import agenda_words, when_words
from steadyhand.comms.meetings.links_in_mail import point_words
from steadyhand.comms.meetings.rights import refuse_strangers
from steadyhand.comms.models import Attendee, Meeting, Step
from steadyhand.core import clock, events, outbox
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal

#: What the outbox names as the cause of an agenda's mail.
ABOUT = "comms.meeting"


@transaction.atomic
def send_agenda(meeting: Meeting, *, by: Actor) -> list[Attendee]:
    """Titles and minutes to everybody with an address; what is written for us stays here. Keeps that
    preparation's promise. It may be sent again after a change."""
    refuse_strangers(meeting, by)
    if not meeting.is_open:
        raise Refusal(f"“{meeting.title}” is over.", remedy="Open it again first.")
    agenda = agenda_words(meeting)
    if not agenda:
        raise Refusal("There is nothing on the agenda yet.", remedy="Add a point, then send it.")
    everybody = meeting.attendees.filter(removed_at=None).select_related("member", "contact")
    to = [one for one in everybody if one.address and one.member_id != meeting.led_by_id]
    if not to:
        raise Refusal("Nobody who comes has an e-mail address.", remedy="Add one first.")
    leader = meeting.led_by
    subject = f"Agenda: {meeting.title}"
    reply_to = reply_address(meeting.client, leader) if meeting.client is not None else ""
    for one in to:
        words = f"Here is what we plan to talk about on {when_words(meeting)}.\n\n{agenda}"
        if not one.is_ours:
            words += f"\n\n{point_words(one)}"
        outbox.post(
            "agenda",
            f"{one.shown_name} <{one.address}>",
            subject,
            as_text(words, leader),
            as_html(subject, words, leader),
            sender=f"{leader.name} <{leader.email}>" if leader is not None else "",
            reply_to=reply_to,
            client_id=meeting.client_id,
            about=(ABOUT, meeting.pk),
            automatic=False,
        )
    meeting.agenda_sent_at = clock.now()
    meeting.save(update_fields=["agenda_sent_at"])
    preparing.finish(meeting, Step.AGENDA, by=by)
    events.record(
        "meeting.agenda_sent",
        by=by,
        client_id=meeting.client_id,
        subject=meeting,
        title=meeting.title,
        recipients=[one.shown_name for one in to],
    )
    return to
