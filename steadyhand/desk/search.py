"""Finding a client, a contact, a promise or a colleague from a few letters: at most eight of each.

A word matches where it begins: “bik” finds Halden Bikes. Nothing is sorted before it is cut off, so a
search stops at its eighth hit; promises are found through their owner or through the clients found.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from steadyhand.clients.models import Access, Client, Contact, Stage
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.models.commitment import CommitmentQuerySet
from steadyhand.core.actor import Actor
from steadyhand.desk.why import short
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability

MOST = 8
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Found:
    """One hit: where it leads, and a word about it."""

    label: str
    url: str
    note: str = ""
    icon: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one sort."""

    label: str
    entries: list[Found]


def begins(query: str, *fields: str) -> Q:
    """Some word of some field begins with the query."""
    match = Q()
    for name in fields:
        match |= Q(**{f"{name}__istartswith": query}) | Q(**{f"{name}__icontains": f" {query}"})
    return match


def cleaned(query: str) -> str:
    """What is looked for: no surplus spaces, not longer than any name."""
    return " ".join(query.split())[:LONGEST]


def search(query: str, actor: Actor) -> list[Group]:
    """Everything of the book that this actor sees and that is called like it; empty groups left out."""
    query = cleaned(query)
    if not query:
        return []
    clients = clients_called(query, actor)
    groups = [
        Group("Clients", [_client(client) for client in clients]),
        Group("Contacts", [_contact(contact) for contact in _contacts(query, actor)]),
        Group("Promises", [_promise(row) for row in _promises(query, clients, actor)]),
        Group("Colleagues", [_colleague(member) for member in _colleagues(query, actor)]),
    ]
    return [group for group in groups if group.entries]


def clients_called(query: str, actor: Actor) -> list[Client]:
    """Clients whose name or domain begins like it, whole names first."""
    if not query:
        return []
    known = Client.objects.visible_to(actor).exclude(stage=Stage.MERGED).order_by()
    found = known.filter(begins(query, "name") | Q(domain__istartswith=query))[:MOST]
    return sorted(found, key=lambda client: _rank(client.name, query))


def _contacts(query: str, actor: Actor) -> list[Contact]:
    known = Contact.objects.visible_to(actor).filter(left_on=None).order_by()
    if not actor.may(Capability.SEE_ALL_CLIENTS):
        # The same again as a list, so that the few clients one sees are looked through, not every contact.
        known = known.filter(client__in=Access.objects.filter(member=actor.member_id).values("client"))
    found = known.filter(begins(query, "name") | Q(email__istartswith=query)).select_related("client")[:MOST]
    return sorted(found, key=lambda contact: _rank(contact.name, query))


def _promises(query: str, clients: Iterable[Client], actor: Actor) -> list[Commitment]:
    """One's own by their title; and what is owed to the clients found."""
    visible = Commitment.objects.visible_to(actor).open().select_related("client").order_by("due_at", "pk")
    mine = visible.owned_by(actor.member_id or 0).filter(begins(query, "title"))
    owed = visible.filter(client__in=[client.pk for client in clients][:3])
    found = {row.pk: row for rows in (mine, owed) for row in _first(rows)}
    return sorted(found.values(), key=lambda row: (row.due_at, row.pk))[:MOST]


def _first(rows: CommitmentQuerySet) -> list[Commitment]:
    return list(rows[:MOST])


def _colleagues(query: str, actor: Actor) -> list[Member]:
    known = Member.objects.visible_to(actor).here()
    return list(known.filter(begins(query, "name") | Q(email__istartswith=query))[:MOST])


def _rank(name: str, query: str) -> tuple[bool, str]:
    return not name.lower().startswith(query.lower()), name.lower()


def _client(client: Client) -> Found:
    note = "ended" if client.stage == Stage.ENDED else client.domain
    return Found(client.name, client.get_absolute_url(), note, "building-office-2")


def _contact(contact: Contact) -> Found:
    note = f"{contact.job_title}, {contact.client.name}" if contact.job_title else contact.client.name
    return Found(contact.name, contact.client.get_absolute_url(), note, "user")


def _promise(row: Commitment) -> Found:
    title = f"{row.client.name}: {row.title}" if row.client else row.title
    return Found(title, f"/commitments/{row.pk}/", f"due {short(row.due_on)}", "check-circle")


def _colleague(member: Member) -> Found:
    return Found(member.name, f"/team/people/{member.pk}/", str(member.get_role_display()), "user-group")
