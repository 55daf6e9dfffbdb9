"""What this room does when it hears of something below."""

from __future__ import annotations

from django.db.models import QuerySet

from steadyhand.clients.models import Contact
from steadyhand.commitments.feed_guests import also_in_feeds
from steadyhand.commitments.models import Commitment
from steadyhand.comms.mail.following import follow_outbox
from steadyhand.comms.mail.receiving.bounces import forget_other_addresses
from steadyhand.comms.mail.supervising import review_newcomer
from steadyhand.comms.meetings.planning import follow_promise
from steadyhand.comms.meetings.preparing import FOLLOWER
from steadyhand.comms.meetings.team_meetings import lay_out
from steadyhand.comms.models import (
    Action,
    Bounce,
    Call,
    Chase,
    Interaction,
    Meeting,
    Message,
    OpenQuestion,
    ReportRequest,
)
from steadyhand.comms.notifying import RULES, notify
from steadyhand.core.events import react, react_in_bulk
from steadyhand.core.models import Event
from steadyhand.people.models import Member


@react("client.merged")
def clients_merged(event: Event) -> None:
    """What was said to the husk was said to the client that is kept."""
    for table in (Interaction, Call, Chase, Meeting, Action, OpenQuestion, Message, ReportRequest, Bounce):
        table.objects.filter(client_id=event.data["husk_id"]).update(client_id=event.client_id)


@react_in_bulk(
    "mail.sent", "mail.failed", "mail.uncertain", "mail.cancelled", "mail.repeated", "mail.retried"
)
def mail_moved(events: list[Event]) -> None:
    """The outbox says what became of mails: their messages say the same, and a sent one was said."""
    follow_outbox(events)


@react(
    "commitment.moved",
    "commitment.unmoved",
    "commitment.handed_over",
    "commitment.taken_back",
    "commitment.waived",
    "commitment.unwaived",
)
def promise_changed(event: Event) -> None:
    """A meeting follows its promise, wherever that was moved, handed over or waived."""
    promise = Commitment.objects.select_related("owner").filter(pk=event.subject_id or 0).first()
    if promise is not None and promise.meetings.exists():
        follow_promise(promise, by=FOLLOWER, batch=event.batch)


@react("member.joined")
def somebody_joined(event: Event) -> None:
    """New account executives and managers are reviewed first, where the agency wants it."""
    review_newcomer(Member.objects.get(pk=event.subject_id or 0))


@react("contact.changed")
def contact_changed(event: Event) -> None:
    """With another address, what bounced was the old one."""
    contact = Contact.objects.filter(pk=event.subject_id or 0).first()
    if contact is not None and "email" in event.data.get("changed", {}):
        forget_other_addresses(contact.pk, contact.email)


@react("meeting.planned")
def agenda_fills_itself(event: Event) -> None:
    """The points of the team's own meetings, and of a review, know what fills them."""
    lay_out(Meeting.objects.get(pk=event.subject_id or 0))


@react_in_bulk(*RULES)
def somebody_is_concerned(events: list[Event]) -> None:
    """Whom it concerns is told, at the hours they chose."""
    notify(events)


@also_in_feeds
def meetings_attended(member: Member) -> QuerySet[Meeting, int | None]:
    """The promises of meetings somebody else leads."""
    attends = Meeting.objects.filter(attendees__member=member, attendees__removed_at=None)
    return attends.filter(commitment__isnull=False).values_list("commitment", flat=True)
