"""What becomes of a message once the outbox has it; a sent one is logged once (S8)."""

from __future__ import annotations

from steadyhand.comms.interactions import log_interaction
from steadyhand.comms.models import Channel, Direction, Message, MessageState
from steadyhand.core import clock
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.models import Event, MailState, OutboxMessage

SENT_BY = Actor.system("outbox")

STATES = {
    MailState.QUEUED: MessageState.QUEUED,
    MailState.SENDING: MessageState.SENDING,
    MailState.SENT: MessageState.SENT,
    MailState.FAILED: MessageState.FAILED,
    MailState.CANCELLED: MessageState.CANCELLED,
    MailState.UNCERTAIN: MessageState.UNCERTAIN,
}


def follow_outbox(event: Event) -> None:
    """Give the message of this mail the mail's state; one that was put into the outbox anew is left alone."""
    mail = OutboxMessage.objects.filter(pk=event.subject_id or 0).first()
    if mail is None:
        return
    found = Message.objects.select_for_update(of=("self",)).select_related("client", "contact", "member")
    message = found.filter(outbox=mail).first()
    if message is None:
        return
    message.state = STATES[MailState(mail.state)]
    message.changed_at = clock.now()
    if message.state == MessageState.SENT:
        message.at = mail.sent_at or clock.now()
        _log(message, event)
    message.save(update_fields=["state", "changed_at", "at", "interaction"])


def _log(message: Message, event: Event) -> None:
    """One interaction for a mail that left, however often it is told so."""
    if message.client is None or message.interaction_id is not None:
        return
    by = SENT_BY
    if event.actor_kind == ActorKind.MEMBER:
        by = Actor(ActorKind.MEMBER, event.actor_id, event.actor_name)
    message.interaction = log_interaction(
        message.client,
        Channel.EMAIL,
        by=by,
        at=message.at or clock.now(),
        contact=message.contact,
        member=message.member,
        direction=Direction.OUT,
        summary=message.subject,
        body=message.text,
        source="message",
    )
