"""Addresses at which mail reaches a client's timeline.

All of them are plus-addresses of `STEADYHAND_RECEIVING_ADDRESS`: `clients+<whose>-<mark>@in.agency.example`.
The mark is 80 bits of an HMAC over whose it is, made with the installation's key: it cannot be guessed,
and a stolen database alone does not give it. A dropbox address is for people to put in copy, and can be
made anew; a reply address stands in mail we sent, and works as long as the client exists, so that late
answers still arrive. Without a receiving address there are none.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from steadyhand.clients.models import Client
from steadyhand.comms.models import Dropbox
from steadyhand.core import events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability

MARK = 16  # letters of base32, five bits each


@dataclass(frozen=True, slots=True)
class Whose:
    """What one of our addresses stands for: a client, a member, or (a reply address) both."""

    client_id: int | None = None
    member_id: int | None = None
    is_reply: bool = False

    def __str__(self) -> str:
        client = f"c{self.client_id}." if self.client_id is not None else ""
        member = f"m{self.member_id}." if self.member_id is not None else ""
        return f"{client}{member}{'r.' if self.is_reply else ''}".rstrip(".")


def receiving_address() -> str:
    """The address all others are made from; empty where mail cannot be received."""
    return str(getattr(settings, "RECEIVING_ADDRESS", "")).lower()


def client_dropbox(client: Client) -> str:
    """Where to send a copy so that it stands on this client's timeline; empty where mail is not received."""
    return _address(Whose(client_id=client.pk), _number(Whose(client_id=client.pk)))


def member_dropbox(member: Member) -> str:
    """This member's own: the client is found by the other addresses of the mail."""
    return _address(Whose(member_id=member.pk), _number(Whose(member_id=member.pk)))


def reply_address(client: Client, member: Member | None) -> str:
    """The Reply-To of mail that `member` sends to a client: answers come to the client's timeline."""
    member_id = member.pk if member is not None else None
    return _address(Whose(client_id=client.pk, member_id=member_id, is_reply=True), 0)


def whose(address: str) -> Whose | None:
    """Whose address this is, however it is capitalised; None for any other, and for one made anew since."""
    local, _, domain = address.strip().lower().rpartition("@")
    base, _, own_domain = receiving_address().rpartition("@")
    named, _, token = local.partition("+")
    if not own_domain or (named, domain) != (base, own_domain):
        return None
    told, _, mark = token.rpartition("-")
    found = _read(told)
    if found is None or not mark.isascii():
        return None
    number = 0 if found.is_reply else _number(found)
    return found if hmac.compare_digest(mark, _mark(found, number)) else None


def first_of_ours(addresses: Iterable[str]) -> Whose | None:
    """The most telling of our addresses among these: one with a client before one with a member alone."""
    ours = [found for found in map(whose, addresses) if found is not None]
    return next((found for found in ours if found.client_id is not None), ours[0] if ours else None)


def is_ours(address: str) -> bool:
    """Whether mail to this address is received here: the bare receiving address, or one made from it."""
    return address.strip().lower() == receiving_address() != "" or whose(address) is not None


@transaction.atomic
def renew(holder: Client | Member, *, by: Actor) -> str:
    """A new dropbox address for a client or oneself; the old one stops working. The new address.

    A client's is renewed by those who may change the client, a member's by that member or those who
    manage people.
    """
    client = holder if isinstance(holder, Client) else None
    member = holder if isinstance(holder, Member) else None
    _refuse_unless_theirs(client, member, by)
    row, _ = Dropbox.objects.select_for_update().get_or_create(client=client, member=member)
    row.number += 1
    row.save(update_fields=["number"])
    events.record(
        "dropbox.renewed", by=by, client_id=client.pk if client else None, subject=row, number=row.number
    )
    return client_dropbox(holder) if isinstance(holder, Client) else member_dropbox(holder)


def _refuse_unless_theirs(client: Client | None, member: Member | None, by: Actor) -> None:
    if client is not None:
        if not Client.objects.in_full(by).filter(pk=client.pk).exists():
            raise Refusal("You are not on that account team.", remedy="Ask their lead to put you on it.")
    elif member is not None and by.member_id != member.pk and not by.may(Capability.MANAGE_PEOPLE):
        raise Refusal(f"Only {member.name} makes their own address anew.")


def _number(of: Whose) -> int:
    """How often it was made: the first is 1."""
    rows = Dropbox.objects.filter(client=of.client_id, member=of.member_id)
    return rows.values_list("number", flat=True).first() or 1


def _address(of: Whose, number: int) -> str:
    base, _, domain = receiving_address().rpartition("@")
    return f"{base}+{of}-{_mark(of, number)}@{domain}" if domain else ""


def _mark(of: Whose, number: int) -> str:
    digest = salted_hmac("steadyhand.comms.mail.addresses", f"{of} {number}", algorithm="sha256").digest()
    return base64.b32encode(digest).decode().lower()[:MARK]


def _read(told: str) -> Whose | None:
    """`c12.m7.r` as the client, the member and whether it is a reply address; None for anything else."""
    match = re.fullmatch(r"(?:c(\d{1,15}))?(\.?m(\d{1,15}))?(\.r)?", told, re.ASCII)
    if not match or not (match[1] or match[3]):
        return None
    found = Whose(
        client_id=int(match[1]) if match[1] else None,
        member_id=int(match[3]) if match[3] else None,
        is_reply=bool(match[4]),
    )
    return found if str(found) == told else None
