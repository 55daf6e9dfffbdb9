"""Mail that waits to be filed, with what we know about its sender."""

from __future__ import annotations

from dataclasses import dataclass

from steadyhand.clients.models import Client, Contact, Stage
from steadyhand.comms.mail.receiving.quoting import fresh
from steadyhand.comms.models import Attachment, Message, MessageState
from steadyhand.core.actor import Actor

MOST = 50
SHOWN_OF_TEXT = 600  # characters; the rest can be unfolded


@dataclass(frozen=True, slots=True)
class Waiting:
    """One mail. `suggested` are the clients it is likely of, the likeliest first; only a guess."""

    message: Message
    sender_name: str
    beginning: str
    is_cut: bool
    files: list[Attachment]
    suggested: list[Client]
    is_contact: bool

    @property
    def why(self) -> str:
        """Why nobody but a person can file it."""
        if self.is_contact and len(self.suggested) > 1:
            return f"A contact of {' and of '.join(client.name for client in self.suggested)}."
        if self.is_contact:
            return "From us, to people at more than one client."
        if self.suggested:
            return f"Nobody we know, but from the domain of {self.suggested[0].name}."
        return "Nobody we know."


def waiting_for(actor: Actor) -> list[Waiting]:
    """What one may file, the oldest first. Four queries."""
    rows = Message.objects.visible_to(actor).filter(state=MessageState.TRIAGE).select_related("arrival")
    messages = list(rows.prefetch_related("attachments").order_by("made_at", "pk")[:MOST])
    senders = {message.from_address for message in messages} - {""}
    seen = Client.objects.visible_to(actor).exclude(stage=Stage.MERGED)
    contacts = Contact.objects.filter(email__in=senders, client__in=seen).select_related("client")
    by_address: dict[str, list[Client]] = {}
    for contact in contacts:
        by_address.setdefault(contact.email, []).append(contact.client)
    domains = {address.rpartition("@")[2] for address in senders} - {""}
    by_domain = {client.domain: client for client in seen.filter(domain__in=domains)}
    return [_waiting(message, by_address, by_domain) for message in messages]


def _waiting(message: Message, by_address: dict[str, list[Client]], by_domain: dict[str, Client]) -> Waiting:
    text = fresh(message.text)
    known = by_address.get(message.from_address, [])
    guessed = by_domain.get(message.from_address.rpartition("@")[2])
    arrival = getattr(message, "arrival", None)
    return Waiting(
        message=message,
        sender_name=arrival.sender_name if arrival else "",
        beginning=text if len(text) <= SHOWN_OF_TEXT else text[:SHOWN_OF_TEXT].rpartition(" ")[0],
        is_cut=len(text) > SHOWN_OF_TEXT,
        files=list(message.attachments.all()),
        suggested=known or ([guessed] if guessed else []),
        is_contact=bool(known) or message.direction == "out",
    )


def count_waiting(actor: Actor) -> int:
    """How many wait for this person. One query."""
    return Message.objects.visible_to(actor).filter(state=MessageState.TRIAGE).count()
