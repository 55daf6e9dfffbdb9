"""Asking for approval: a visible act that names who decides, in which order, and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import uuid4

from django.db import transaction

from steadyhand.clients import book
from steadyhand.clients.models import Contact
from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import OWED
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.approvals.following import FOLLOWER, follow, locked, ours, refuse_withdrawn
from steadyhand.delivery.approvals.letters import write_to
from steadyhand.delivery.approvals.preparing import refuse_past
from steadyhand.delivery.approvals.standing import Stand, Standing, Turn, standings, turn_of
from steadyhand.delivery.models import Approver, Bundle, Mode

MOST_LEVELS = 4

#: Why the promise moves.
OTHER_DAY = "the deadline we gave them"


@transaction.atomic
def ask_for_approval(
    bundle: Bundle, levels: Sequence[Sequence[Contact]], *, by: Actor, due_on: dt.date | None = None
) -> Bundle:
    """Share it, and ask. `levels`: who decides, in order; at each level one of those named is enough.

    From now on a promise waits on the client; mails with their links are drafted to the first level.
    """
    row, batch = ours(bundle, by), uuid4()
    if row.asked_at is not None:
        raise Refusal(f"{row.client.name} was asked already.", remedy="Ask again with another day.")
    if row.mode == Mode.NONE:
        raise Refusal(
            "This bundle needs no approval.", remedy="Give it another mode, if somebody is to be asked."
        )
    pieces = standings(row)
    _refuse_incomplete(pieces)
    _refuse_levels(row, levels)
    row.due_on = due_on or row.due_on
    refuse_past(row.client, row.due_on)
    now = clock.now()
    row.asked_at, row.levels = now, len(levels)
    row.save(update_fields=["asked_at", "levels", "due_on"])
    Approver.objects.bulk_create(
        Approver(bundle=row, contact=contact, level=level, named_at=now)
        for level, contacts in enumerate(levels, start=1)
        for contact in contacts
    )
    follow(row, batch=batch)
    events.record(
        "approval.asked",
        by=by,
        client_id=row.client_id,
        subject=row,
        batch=batch,
        title=row.title,
        names=[contact.name for contacts in levels for contact in contacts],
        due_on=row.due_on,
    )
    for contact in levels[0]:
        write_to(row, contact, by=by, pieces=len(pieces))
    return row


@transaction.atomic
def ask_again(bundle: Bundle, *, by: Actor, due_on: dt.date) -> Bundle:
    """Give whoever is still asked another day, with a mail drafted to each; the reminders begin anew."""
    row, batch = ours(bundle, by), uuid4()
    if row.asked_at is None:
        raise Refusal("Nobody was asked yet.", remedy="Ask for approval first.")
    pieces = standings(row)
    if turn_of(pieces) is not Turn.THEIRS:
        raise Refusal(
            "Nothing waits on the client.",
            remedy="Put up the version they asked for first; they then see it.",
        )
    refuse_past(row.client, due_on)
    row.due_on, row.asked_at = due_on, clock.now()
    row.save(update_fields=["due_on", "asked_at"])
    if row.commitment is not None and row.commitment.state in OWED and row.commitment.due_on != due_on:
        keeping.move(row.commitment, due_on, by=by, reason=OTHER_DAY, batch=batch)
    follow(row, batch=batch)
    events.record(
        "approval.asked_again",
        by=by,
        client_id=row.client_id,
        subject=row,
        batch=batch,
        title=row.title,
        due_on=due_on,
    )
    for contact in awaited(row, pieces):
        write_to(row, contact, by=by, pieces=waiting_pieces(pieces))
    return row


@transaction.atomic
def hand_over(
    bundle: Bundle,
    contact: Contact,
    *,
    by: Actor,
    to: Contact | None = None,
    name: str = "",
    email: str = "",
    note: str = "",
) -> Approver:
    """A colleague decides in `contact`'s place: one we know (`to`), or a new one by name and address.

    Whoever is asked may do so for themselves, the account team for anybody.
    """
    row, batch = locked(bundle), uuid4()
    refuse_withdrawn(row)
    if by.kind is ActorKind.CONTACT:
        _refuse_others(contact, by)
    else:
        ours(bundle, by)
    place = row.approvers.filter(contact=contact, ended_at=None).first()
    if place is None:
        raise Refusal(f"{contact.name} is not asked about “{row.title}”.")
    to = to or _colleague(contact, name, email, by)
    if to.client_id != row.client_id or to.left_on is not None:
        raise Refusal(f"{to.name} is not at {row.client.name}.", remedy="Choose a colleague.", field="to")
    if row.approvers.filter(contact=to, ended_at=None).exists():
        raise Refusal(f"{to.name} is asked already.", remedy="Choose somebody else.", field="to")
    now = clock.now()
    place.ended_at = now
    place.save(update_fields=["ended_at"])
    made = Approver.objects.create(
        bundle=row,
        contact=to,
        level=place.level,
        named_at=now,
        handed_by=contact,
        note=note.strip()[:500],
    )
    events.record(
        "approval.handed_over",
        by=by,
        client_id=row.client_id,
        subject=row,
        batch=batch,
        title=row.title,
        before=contact.name,
        name=to.name,
        note=made.note,
    )
    pieces = standings(row)
    if any(one.level == place.level for one in pieces if one.is_waiting):
        write_to(row, to, by=FOLLOWER, pieces=waiting_pieces(pieces), handed_by=contact.name)
    return made


def awaited(bundle: Bundle, pieces: Sequence[Standing]) -> list[Contact]:
    """Whose answer is awaited: those named at a level that is asked next about some piece."""
    levels = {one.level for one in pieces if one.is_waiting}
    rows = bundle.approvers.filter(level__in=levels, ended_at=None).select_related("contact")
    return [row.contact for row in rows]


def waiting_pieces(pieces: Sequence[Standing]) -> int:
    """How many pieces somebody is asked about."""
    return sum(one.is_waiting for one in pieces)


def _refuse_incomplete(pieces: Sequence[Standing]) -> None:
    if not pieces:
        raise Refusal("There is nothing in the bundle yet.", remedy="Add a piece first.")
    empty = next((one.piece for one in pieces if one.stand is Stand.EMPTY), None)
    if empty is not None:
        raise Refusal(f"“{empty.title}” has no version yet.", remedy="Add one, or take the piece out.")


def _refuse_levels(bundle: Bundle, levels: Sequence[Sequence[Contact]]) -> None:
    if not levels or not all(levels):
        raise Refusal("Choose who decides.", remedy="Every level needs somebody.", field="levels")
    if bundle.mode != Mode.SEVERAL and len(levels) > 1:
        raise Refusal("One approval is wanted, not several.", remedy="Choose one level.", field="levels")
    if bundle.mode == Mode.SEVERAL and not 2 <= len(levels) <= MOST_LEVELS:
        raise Refusal(
            f"Several approvals are two to {MOST_LEVELS}.", remedy="Say who decides second.", field="levels"
        )
    named = [contact for contacts in levels for contact in contacts]
    for contact in named:
        if contact.client_id != bundle.client_id or contact.left_on is not None:
            raise Refusal(f"{contact.name} is not at {bundle.client.name}.", field="levels")
        if not contact.email:
            raise Refusal(
                f"{contact.name} has no e-mail address.",
                remedy="Add it under Contacts: the link goes there.",
                field="levels",
            )
    if len({contact.pk for contact in named}) < len(named):
        raise Refusal("Somebody is named twice.", remedy="Name everybody once.", field="levels")


def _refuse_others(contact: Contact, by: Actor) -> None:
    if by.id != contact.pk:
        raise Refusal("Only whoever is asked hands it over.", remedy=f"Ask {contact.name}.")


def _colleague(contact: Contact, name: str, email: str, by: Actor) -> Contact:
    """Somebody at the same client by address; a new one only where the address is of the same house."""
    email = email.strip().lower()
    if not email:
        raise Refusal(
            "Say who decides instead.", remedy="Choose a colleague, or write their e-mail.", field="to"
        )
    known = Contact.objects.filter(client=contact.client_id, email__iexact=email, left_on=None).first()
    if known is not None:
        return known
    house = email.rpartition("@")[2]
    houses = {contact.email.rpartition("@")[2].lower(), contact.client.domain.lower()} - {""}
    if by.kind is ActorKind.CONTACT and house not in houses:
        raise Refusal(
            f"{email} is outside your organisation.",
            remedy="Ask your account manager to add them; they then get a link.",
            field="email",
        )
    return book.add_contact(contact.client, name, by=by, email=email)
