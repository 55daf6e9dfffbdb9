"""What this room does when it hears of something below."""

from __future__ import annotations

from steadyhand.clients.models import Position
from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import OWED
from steadyhand.commitments.models import Commitment
from steadyhand.comms.models import Meeting, Message, MessageState
from steadyhand.core.actor import Actor
from steadyhand.core.events import react, react_in_bulk
from steadyhand.core.models import Event
from steadyhand.onboarding.forms.merging import move_forms
from steadyhand.onboarding.kickoffs import draft_actions, refuse_client_first
from steadyhand.onboarding.models import Agreement, Goal, Handover, PitchPromise, SuccessWords
from steadyhand.onboarding.winning import ABOUT, CLIENT, INTERNAL, LETTER

#: Who keeps the promises that a letter keeps by itself.
KEEPER = Actor.system("handover")


@react("client.merged")
def handovers_merged(event: Event) -> None:
    """What the husk had is the kept client's."""
    for table in (Handover, PitchPromise, SuccessWords, Goal):
        table.objects.filter(client_id=event.data["husk_id"]).update(client_id=event.client_id)


@react("client.merged")
def forms_merged(event: Event) -> None:
    """Forms, and what they told us, as well."""
    move_forms(husk=event.data["husk_id"], kept=event.client_id or 0)


@react("client.merged")
def agreements_merged(event: Event) -> None:
    """Agreements go along; the text, its digests and the chain keep the name under which they were signed."""
    Agreement.objects.filter(client_id=event.data["husk_id"]).update(client_id=event.client_id)


@react("client.team_changed")
def another_lead(event: Event) -> None:
    """A handover under way goes on with whoever leads the client now."""
    if event.data.get("position") == Position.LEAD and event.data.get("member_id"):
        under_way = Handover.objects.under_way().filter(client=event.client_id)
        under_way.update(led_by=event.data["member_id"])


@react("meeting.closed")
def kickoff_held(event: Event) -> None:
    """The client is not met before our own people; and what was agreed leaves the same day (O4, O5)."""
    handover = Handover.objects.filter(client_kickoff=event.subject_id).preloaded().first()
    if handover is not None and handover.client_kickoff is not None:
        refuse_client_first(handover.client_kickoff, "be held")
        draft_actions(handover, handover.client_kickoff, by=KEEPER, batch=event.batch)


@react("meeting.moved")
def kickoff_moved(event: Event) -> None:
    """Neither kickoff passes the other."""
    meeting = Meeting.objects.filter(pk=event.subject_id or 0).first()
    if meeting is not None and meeting.agenda_key in (INTERNAL, CLIENT):
        refuse_client_first(meeting, "lie before the internal one")


@react("meeting.planned")
def kickoff_planned_anew(event: Event) -> None:
    """A kickoff planned again takes the place of the one that was called off."""
    meeting = Meeting.objects.get(pk=event.subject_id or 0)
    under_way = Handover.objects.under_way().filter(client=meeting.client_id)
    for agenda, field in ((INTERNAL, "internal_kickoff"), (CLIENT, "client_kickoff")):
        if meeting.agenda_key == agenda and meeting.client_id is not None:
            under_way.filter(**{f"{field}__cancelled_at__isnull": False}).update(**{field: meeting})


@react("message.queued", "message.approved")
def thread_the_reply(event: Event) -> None:
    """The account lead's reply answers the introduction, on the same thread (W5)."""
    handover = Handover.objects.filter(introduction=event.subject_id).select_related("introduction").first()
    if handover is None or handover.introduction is None:
        return
    known = handover.introduction
    Message.objects.filter(pk=handover.reply_id or 0, state=MessageState.DRAFT).update(
        in_reply_to=known.message_id, thread=known.thread or known.message_id
    )


@react_in_bulk("mail.sent")
def letters_left(events: list[Event]) -> None:
    """A letter of a handover that left keeps the promise to send it. One query where none is."""
    mails = [event.subject_id for event in events]
    sent = Message.objects.filter(outbox__in=mails, about_type=ABOUT).values_list("pk", flat=True)
    owed = Commitment.objects.filter(closes_with=LETTER, about_type=LETTER, about_id__in=list(sent))
    for promise in owed.filter(state__in=OWED):
        keeping.complete(promise, by=KEEPER, evidence=(LETTER, promise.about_id or 0), batch=events[0].batch)
