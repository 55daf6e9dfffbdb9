"""Whose a mail is: which client's, from whom to whom; or that a person has to say so."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from steadyhand.clients.models import Client, Contact, Stage
from steadyhand.comms.mail import addresses
from steadyhand.comms.mail.addresses import Whose
from steadyhand.comms.mail.receiving.letter import Letter, bare_addresses
from steadyhand.comms.mail.receiving.threading import Thread, thread_of
from steadyhand.comms.models import Direction, Mailbox, UnwantedSender
from steadyhand.people.models import Member

FORWARDED = re.compile(r"\s*(?:fwd?|wg|tr|rv)\s*:", re.IGNORECASE)
HEAD_OF_FORWARDED = 3_000  # characters: where the headers of what was forwarded stand


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail belongs. Without a client somebody has to say; `is_wanted` false: nobody needs to."""

    client: Client | None = None
    contact: Contact | None = None
    member: Member | None = None
    direction: Direction = Direction.IN
    thread: Thread | None = None
    is_known: bool = False
    is_wanted: bool = True


def place_of(letter: Letter, envelope_to: list[str], mailbox: Mailbox | None) -> Place:
    """Thread first, then the address it reached, then who sent it (or to whom a colleague did).

    In a member's own mailbox only what concerns a client is ours to keep; the rest is left alone.
    """
    ours = addresses.first_of_ours([*envelope_to, *letter.addressees, *_delivered_to(letter)])
    sender = colleague(letter.sender)
    owner = sender or _owner(ours, mailbox)
    thread = thread_of(letter)
    place = Place(member=owner, thread=thread, is_known=sender is not None)
    if sender is not None:
        return _from_us(letter, place, ours)
    people = known_people([letter.sender])
    client = (thread.client if thread else None) or _client_of(ours) or _only_client(people)
    place = replace(place, client=client, is_known=bool(people) or thread is not None)
    if client is not None:
        return replace(place, contact=next((p for p in people if p.client_id == client.pk), None))
    is_private = mailbox is not None and mailbox.member_id is not None and ours is None
    is_wanted = bool(people) or not (is_unwanted(letter.sender, owner) or is_private)
    return replace(place, is_wanted=is_wanted or bool(client_by_domain(letter.sender)))


def _from_us(letter: Letter, place: Place, ours: Whose | None) -> Place:
    """A colleague wrote to a client with us in copy, or forwards what a client wrote."""
    people = known_people(letter.addressees)
    is_forwarded = not people and bool(FORWARDED.match(letter.subject))
    if is_forwarded:
        people = known_people(bare_addresses(letter.text[:HEAD_OF_FORWARDED]))
    thread_client = place.thread.client if place.thread else None
    client = _client_of(ours) or thread_client or _only_client(people)
    contact = next((p for p in people if client is not None and p.client_id == client.pk), None)
    direction = Direction.IN if is_forwarded and contact else Direction.OUT
    # A colleague's mail to nobody we know is none of ours, unless it was sent to us on purpose.
    is_wanted = client is not None or bool(people) or ours is not None
    return replace(place, client=client, contact=contact, direction=direction, is_wanted=is_wanted)


def colleague(address: str) -> Member | None:
    """The member who writes from this address: their own, or that of a mailbox they connected."""
    here = Member.objects.here()
    return here.filter(email__iexact=address).first() or (
        here.filter(mailboxes__address=address, mailboxes__disconnected_at=None).first() if address else None
    )


def known_people(found: list[str]) -> list[Contact]:
    """Contacts with one of these addresses, at clients that still stand; those still there first."""
    people = Contact.objects.filter(email__in=[a for a in found if a]).exclude(client__stage=Stage.MERGED)
    return sorted(people.select_related("client"), key=lambda p: (p.left_on is not None, p.pk))


def client_by_domain(address: str) -> Client | None:
    """The client whose domain an address is of: a guess to offer, never to act on."""
    domain = address.rpartition("@")[2]
    if not domain:
        return None
    return Client.objects.filter(domain=domain).exclude(stage=Stage.MERGED).first()


def is_unwanted(address: str, owner: Member | None) -> bool:
    """Whether somebody said that mail of this sender is to be dismissed."""
    return UnwantedSender.objects.filter(address=address, member=owner).exists()


def _only_client(people: list[Contact]) -> Client | None:
    """The one client all of them are of; of two, a person has to choose."""
    here = [p for p in people if p.left_on is None] or people
    clients = {p.client_id: p.client for p in here}
    return next(iter(clients.values())) if len(clients) == 1 else None


def _client_of(ours: Whose | None) -> Client | None:
    """The client an address of ours stands for; of a merged one, the client it became."""
    found = Client.objects.filter(pk=ours.client_id).first() if ours and ours.client_id else None
    while found is not None and found.merged_into is not None:
        found = found.merged_into
    return found


def _owner(ours: Whose | None, mailbox: Mailbox | None) -> Member | None:
    if ours is not None and ours.member_id is not None:
        return Member.objects.filter(pk=ours.member_id).first()
    return mailbox.member if mailbox is not None else None


def _delivered_to(letter: Letter) -> list[str]:
    """What the last mail server wrote down: with a blind copy, the only place our address stands."""
    named = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
    return [address for name in named for address in bare_addresses(letter.headers.get(name, ""))]
