"""Today’s pairings that look strained: lead and client, with the reasons (W2). There is no hidden score.

A pairing is listed for overdue promises, an open flag or a low rating; a full week and a contact of another
kind than the lead says they suit are shown beside these.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Avg, Count, Max

from steadyhand.care.models import Flag, Rating
from steadyhand.clients.models import Assignment, Client, Contact, Knowledge, MarketingKnowledge, Position
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.newbusiness.matching import FULL, time_of
from steadyhand.newbusiness.models import Style
from steadyhand.people.models import Member

#: Overdue promises of one client from which its pairing is looked at.
OVERDUE = 2
#: An average of the last month's ratings (1 to 5) below which they are low.
LOW = 3
MOST = 60


@dataclass(slots=True)
class Pair:
    """Who leads a client, and why that looks strained."""

    client: Client
    lead: Member
    contact: Contact | None = None
    serious: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)

    @property
    def reasons(self) -> list[str]:
        return [*self.serious, *self.beside]


def strained(actor: Actor) -> list[Pair]:
    """Pairings of clients one sees, those with most reasons first. Nine queries, however large the book."""
    seen = Client.objects.visible_to(actor).live()
    places = Assignment.objects.filter(client__in=seen.values("pk"), position=Position.LEAD, until=None)
    pairs = {
        place.client_id: Pair(place.client, place.member)
        for place in places.select_related("client", "member")
    }
    _overdue(pairs, actor)
    _flagged(pairs, actor)
    _rated(pairs, actor)
    found = {pk: pair for pk, pair in pairs.items() if pair.serious}
    _kept_busy(found, actor)
    _of_another_kind(found, actor)
    order = sorted(found.values(), key=lambda pair: (-len(pair.reasons), pair.client.name.casefold()))
    return order[:MOST]


def _overdue(pairs: dict[int, Pair], actor: Actor) -> None:
    rows = Commitment.objects.visible_to(actor).overdue(clock.now()).filter(waiting_since=None)
    counts = rows.order_by().values_list("client", "owner").annotate(Count("pk"))
    for client, owner, count in counts.filter(client__isnull=False):
        pair = pairs.get(client)
        if pair is not None and owner == pair.lead.pk and count >= OVERDUE:
            pair.serious.append(f"{count} promises overdue")


def _flagged(pairs: dict[int, Pair], actor: Actor) -> None:
    counts = Flag.objects.visible_to(actor).open().order_by().values_list("client").annotate(Count("pk"))
    for client, count in counts:
        if client in pairs:
            pairs[client].serious.append("a flag is open" if count == 1 else f"{count} flags are open")


def _rated(pairs: dict[int, Pair], actor: Actor) -> None:
    rows = Rating.objects.visible_to(actor).order_by()
    latest = dict(rows.values_list("client").annotate(Max("month")))
    for client, month, score in rows.values_list("client", "month").annotate(Avg("score")):
        if client in pairs and month == latest[client] and score < LOW:
            pairs[client].serious.append(f"rated {score:.1f} of 5 for {month:%B}")


def _kept_busy(pairs: dict[int, Pair], actor: Actor) -> None:
    time = time_of({pair.lead.pk: pair.lead for pair in pairs.values()}.values(), actor)
    for pair in pairs.values():
        theirs = time[pair.lead.pk]
        if theirs.share > FULL:
            pair.beside.append(f"{pair.lead.name} has {theirs.words}")


def _of_another_kind(pairs: dict[int, Pair], actor: Actor) -> None:
    suits = dict(
        Style.objects.filter(member__in={pair.lead.pk for pair in pairs.values()})
        .exclude(suits=[])
        .values_list("member", "suits")
    )
    contacts: dict[int, list[Contact]] = defaultdict(list)
    for contact in Contact.objects.filter(client__in=pairs, left_on=None):
        contacts[contact.client_id].append(contact)
    judged = MarketingKnowledge.objects.visible_to(actor).standing().filter(contact__client__in=pairs)
    levels = dict(judged.values_list("contact", "level"))
    for pk, pair in pairs.items():
        pair.contact = next(iter(contacts[pk]), None)
        level = levels.get(pair.contact.pk) if pair.contact else None
        if pair.contact and level and pair.lead.pk in suits and level not in suits[pair.lead.pk]:
            kind = Knowledge(level).label
            pair.beside.append(
                f"{pair.contact.name} {kind[:1].lower()}{kind[1:]}; not whom they say they suit"
            )
