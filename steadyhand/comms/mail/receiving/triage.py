"""Mail nobody could place: a person files it with a client, or dismisses it; either can be undone."""

from __future__ import annotations

from uuid import uuid4

from django.db import transaction

from steadyhand.clients import book
from steadyhand.clients.models import Client, Contact
from steadyhand.commitments.keeping import NotYours, may_act_for
from steadyhand.comms.interactions import remove_interactions
from steadyhand.comms.mail.receiving.taking_in import logged
from steadyhand.comms.models import Arrival, Direction, Fate, Message, MessageState, UnwantedSender
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal

WAITING = MessageState.TRIAGE


@transaction.atomic
def file_message(
    message: Message, client: Client, *, by: Actor, contact: Contact | None = None, new_contact: str = ""
) -> Message:
    """This mail is that client's: it stands on their timeline. `new_contact` makes its sender a contact."""
    row = _waiting(message, by)
    if not may_act_for(client.pk, by):
        raise NotYours(
            f"You are not on the account team of {client.name}.", remedy="Ask their lead to put you on it."
        )
    if contact is not None and contact.client_id != client.pk:
        raise Refusal(
            f"{contact.name} belongs to another client.", remedy="Choose their contact.", field="contact"
        )
    if new_contact.strip():
        contact = book.add_contact(client, new_contact, by=by, email=row.from_address, batch=uuid4())
    row.client = client
    row.contact = contact or client.contacts.filter(email=row.from_address).exclude(email="").first()
    row.state = MessageState.RECEIVED if row.direction == Direction.IN else MessageState.SENT
    row.interaction = logged(row, client, row.contact, by=by)
    row.changed_at = clock.now()
    row.save()
    Arrival.objects.filter(message=row).update(fate=Fate.FILED)
    return row


@transaction.atomic
def take_back_filing(message: Message, *, by: Actor) -> Message:
    """Filed with the wrong client: it waits again, and its line on the timeline goes. The contact stays."""
    row = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if row.client_id is None or not Arrival.objects.filter(message=row, fate=Fate.FILED).exists():
        raise Refusal("That mail was not filed here.", remedy="It is on its client's timeline.")
    if not may_act_for(row.client_id, by):
        raise NotYours("You are not on that account team.", remedy="Ask their lead to put you on it.")
    logged_as = row.interaction_id
    row.client = row.contact = row.interaction = None
    row.state, row.changed_at = WAITING, clock.now()
    row.save()
    Arrival.objects.filter(message=row).update(fate=Fate.TRIAGE)
    remove_interactions([logged_as] if logged_as else [], by=by)
    return row


@transaction.atomic
def dismiss(message: Message, *, by: Actor, always: bool = False) -> Message:
    """It concerns no client. `always`: nor does anything else of its sender."""
    row = _waiting(message, by)
    row.state, row.changed_at = MessageState.DISMISSED, clock.now()
    row.save(update_fields=["state", "changed_at"])
    if always and row.from_address:
        UnwantedSender.objects.get_or_create(
            address=row.from_address, member=row.member, defaults={"made_at": clock.now()}
        )
    events.record("message.dismissed", by=by, subject=row, sender=row.from_address, always=always)
    return row


@transaction.atomic
def take_back_dismissal(message: Message, *, by: Actor) -> Message:
    """It does concern somebody; and its sender is heard again."""
    row = Message.objects.select_for_update(of=("self",)).visible_to(by).filter(pk=message.pk).first()
    if row is None or row.state != MessageState.DISMISSED:
        raise Refusal("That mail is not dismissed.", remedy="It waits to be filed, or is filed.")
    row.state, row.changed_at = WAITING, clock.now()
    row.save(update_fields=["state", "changed_at"])
    UnwantedSender.objects.filter(address=row.from_address, member=row.member).delete()
    events.record("message.undismissed", by=by, subject=row, sender=row.from_address)
    return row


def _waiting(message: Message, by: Actor) -> Message:
    row = Message.objects.select_for_update(of=("self",)).visible_to(by).filter(pk=message.pk).first()
    if row is None or row.state != WAITING:
        raise Refusal(
            "That mail waits for nobody any more.", remedy="Somebody else has filed or dismissed it."
        )
    return row
