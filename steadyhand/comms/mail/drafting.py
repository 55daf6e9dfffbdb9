"""Drafts of mail to clients: from a letter of the playbook or free; changed until they leave (S8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from steadyhand.clients.models import Client, Contact
from steadyhand.commitments.keeping import NotYours, may_act_for
from steadyhand.comms.mail.letters import fill, gaps, letter, values_for
from steadyhand.comms.models import Direction, Message, MessageState
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.mail_text import address_of, one_line
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.people.models import Member
from steadyhand.playbook.merge_fields import MERGE_FIELDS
from steadyhand.playbook.texts import shrugs

#: States in which a message may be written on.
WRITABLE = (MessageState.DRAFT, MessageState.CANCELLED, MessageState.FAILED)

MOST_TEXT = 100_000
MOST_ADDRESSES = 50


@transaction.atomic
def draft_message(
    client: Client,
    *,
    by: Actor,
    member: Member | None,
    contact: Contact | None = None,
    template: str = "",
    subject: str = "",
    text: str = "",
    to: Sequence[str] = (),
    copies: Sequence[str] = (),
    in_reply_to: Message | None = None,
    about: tuple[str, int] | None = None,
    fields: Mapping[str, str] | None = None,
    important: bool = False,
) -> Message:
    """A mail that is not sent yet, from `member` to `contact` (or the addresses in `to`).

    With `template` the letter of that key gives subject and text where none are given; merge fields that
    are not known of this client, and not in `fields`, stay in the text as gaps. No event until it is queued.
    """
    refuse_strangers(client, by)
    if contact is not None and contact.client_id != client.pk:
        raise Refusal(
            f"{contact.name} belongs to another client.", remedy="Choose their contact.", field="contact"
        )
    if template:
        chosen = letter(template)
        values = values_for(client, contact=contact, extra=fields)
        subject, text = subject or fill(chosen.subject, values), text or fill(chosen.body, values)
    if in_reply_to is not None and not subject:
        subject = replying(in_reply_to.subject)
    now = clock.now()
    return Message.objects.create(
        client=client,
        contact=contact,
        member=member,
        direction=Direction.OUT,
        state=MessageState.DRAFT,
        to=checked_addresses(to or ([contact.email] if contact and contact.email else []), "to"),
        copies=checked_addresses(copies, "copies"),
        subject=one_line(subject)[:500],
        text=text[:MOST_TEXT],
        template=template,
        important=important,
        in_reply_to=in_reply_to.message_id if in_reply_to else "",
        thread=(in_reply_to.thread or in_reply_to.message_id) if in_reply_to else "",
        about_type=about[0] if about else "",
        about_id=about[1] if about else None,
        made_at=now,
        changed_at=now,
    )


@transaction.atomic
def save_draft(message: Message, *, by: Actor, seen: dt.datetime | None = None, **values: Any) -> Message:
    """Keep what is written so far: `subject`, `text`, `to`, `copies`, `contact`, `important`. No event.

    One that was taken back or failed is a draft again. Conflict when somebody saved it after `seen`.
    """
    row = locked(message, by)
    if row.state not in WRITABLE:
        raise Refusal(
            f"“{row}” is {row.get_state_display()} and cannot be changed.", remedy="Take it back first."
        )
    if seen is not None and row.changed_at > seen:
        raise Conflict(
            f"“{row}” was changed elsewhere at {row.changed_at:%H:%M} (UTC).",
            remedy="Reload it, and put your words in again.",
        )
    return rewrite(row, **values)


def rewrite(row: Message, **values: Any) -> Message:
    """Lay new words over a locked message; what is not given stays."""
    contact = values.get("contact", row.contact)
    if contact is not None and contact.client_id != row.client_id:
        raise Refusal(
            f"{contact.name} belongs to another client.", remedy="Choose their contact.", field="contact"
        )
    row.contact = contact
    row.subject = one_line(values.get("subject", row.subject))[:500]
    row.text = str(values.get("text", row.text))[:MOST_TEXT].replace("\0", "")
    row.to = checked_addresses(values.get("to", row.to), "to")
    row.copies = checked_addresses(values.get("copies", row.copies), "copies")
    row.important = bool(values.get("important", row.important))
    if row.state in WRITABLE:
        row.state = MessageState.DRAFT
    row.changed_at = clock.now()
    row.save()
    return row


def check_sendable(message: Message) -> None:
    """Refuse what must not leave, with the field it is about."""
    if not message.to:
        raise Refusal(
            "This mail has nobody to go to.",
            remedy="Choose a contact with an e-mail address, or write one.",
            field="to",
        )
    if not message.subject.strip():
        raise Refusal("The subject is empty.", remedy="Say in a few words what it is about.", field="subject")
    if not message.text.strip():
        raise Refusal("The mail is empty.", remedy="Write it first.", field="text")
    for field, text in (("subject", message.subject), ("text", message.text)):
        if open_gaps := gaps(text):
            named = ", ".join(MERGE_FIELDS[name].tag for name in open_gaps)
            raise Refusal(
                f"The {'subject' if field == 'subject' else 'mail'} still has gaps: {named}.",
                remedy="Write the words in their place, or take them out.",
                field=field,
            )
        if shrugs(text):
            raise Refusal(
                "This mail tells the client that we do not know.",
                remedy="Promise to find out by a date instead.",
                field=field,
            )


def replying(subject: str) -> str:
    """“Re: …”, once."""
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def checked_addresses(addresses: Sequence[str], field: str) -> list[str]:
    """Each address once, bare; refuses what is none."""
    found: dict[str, str] = {}
    for text in addresses:
        if not text.strip():
            continue
        try:
            bare = address_of(text).addr_spec
        except Refusal as refusal:
            raise Refusal(
                refusal.sentence, remedy="Write it as maya@client.example.", field=field
            ) from refusal
        found.setdefault(bare.lower(), bare)
    if len(found) > MOST_ADDRESSES:
        raise Refusal(
            f"That is more than {MOST_ADDRESSES} addresses.", remedy="Write to fewer people.", field=field
        )
    return list(found.values())


def locked(message: Message, by: Actor) -> Message:
    """The message of ours to change, locked; refuses strangers, and mail that was received."""
    row = (
        Message.objects.select_for_update(of=("self",))
        .select_related("client", "contact", "member", "outbox")
        .get(pk=message.pk)
    )
    if row.client is None or row.direction != Direction.OUT:
        raise Refusal("That is mail you received.", remedy="Answer it instead.")
    refuse_strangers(row.client, by)
    return row


def refuse_strangers(client: Client, by: Actor) -> None:
    """Only who looks after a client writes to it."""
    if not may_act_for(client.pk, by):
        raise NotYours(
            f"You are not on the account team of {client.name}.", remedy="Ask their lead to put you on it."
        )


def refuse_unless_as_read(row: Message, message: Message) -> None:
    """Refuse to act on words that somebody changed since they were read."""
    if row.changed_at != message.changed_at:
        raise Conflict(f"“{row}” was changed meanwhile.", remedy="Read it again, then decide.")
