"""What becomes of a message once the outbox has it; a sent one is logged once (S8)."""

from __future__ import annotations

from collections import defaultdict

from steadyhand.comms.interactions import Said, log_interactions
from steadyhand.comms.models import Channel, Direction, Message, MessageState
from steadyhand.core import clock
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.models import Event, MailState, OutboxMessage

SENT_BY = Actor.system("outbox")

#: What the outbox names as the cause of a message's mail.
ABOUT = "comms.message"

STATES = {
    MailState.QUEUED: MessageState.QUEUED,
    MailState.SENDING: MessageState.SENDING,
    MailState.SENT: MessageState.SENT,
    MailState.FAILED: MessageState.FAILED,
    MailState.CANCELLED: MessageState.CANCELLED,
    MailState.UNCERTAIN: MessageState.UNCERTAIN,
}


def follow_outbox(events: list[Event]) -> None:
    """Give the messages of these mails the mails' states; one put into the outbox anew is left alone.

    Five queries, however many mails; none for mail that is no message.
    """
    acts = {event.subject_id or 0: event for event in events if event.data.get("about_type", ABOUT) == ABOUT}
    if not acts:
        return
    mails = OutboxMessage.objects.filter(pk__in=acts).values_list("pk", "state", "sent_at")
    now = {pk: (STATES[MailState(state)], sent_at) for pk, state, sent_at in mails}
    found = Message.objects.select_for_update(of=("self",)).select_related("client", "contact", "member")
    messages = list(found.filter(outbox__in=now))
    for message in messages:
        message.state, sent_at = now[message.outbox_id or 0]
        message.changed_at = clock.now()
        if message.state == MessageState.SENT:
            message.at = sent_at or clock.now()
    _log(messages, acts)
    Message.objects.bulk_update(messages, ["state", "changed_at", "at", "interaction"], batch_size=200)


def _log(messages: list[Message], acts: dict[int, Event]) -> None:
    """One interaction for each mail that left, however often it is told so."""
    by_actor: dict[Actor, list[Message]] = defaultdict(list)
    for message in messages:
        fresh = message.interaction_id is None and message.client is not None
        if message.state == MessageState.SENT and fresh:
            by_actor[_who(acts[message.outbox_id or 0])].append(message)
    for by, sent in by_actor.items():
        said = [_said(message) for message in sent]
        for message, interaction in zip(sent, log_interactions(said, by=by), strict=True):
            message.interaction = interaction


def _who(event: Event) -> Actor:
    if event.actor_kind == ActorKind.MEMBER:
        return Actor(ActorKind.MEMBER, event.actor_id, event.actor_name)
    return SENT_BY


def _said(message: Message) -> Said:
    assert message.client is not None  # noqa: S101  # only those of a client are logged
    return Said(
        message.client,
        Channel.EMAIL,
        message.at or clock.now(),
        contact=message.contact,
        member=message.member,
        direction=Direction.OUT,
        summary=message.subject or "(no subject)",
        body=message.text,
        source="message",
    )
