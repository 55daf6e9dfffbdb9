"""The verbs of the book for many at once: the same rows and events as one by one, in a few statements.

Each is all or nothing. Whoever needs to know *which* of many is refused calls the single verbs instead.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from steadyhand.clients.book import free_ref
from steadyhand.clients.engagements import ServiceLine, channel_of, is_website_build
from steadyhand.clients.models import (
    Access,
    Assignment,
    Client,
    Contact,
    Engagement,
    EngagementKind,
    Level,
    Position,
    Service,
    Stage,
)
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.agency import check_country
from steadyhand.core.events import Happening
from steadyhand.core.models import Agency
from steadyhand.core.money import check_currency
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member, MemberState


@dataclass(frozen=True, slots=True)
class NewClient:
    """A client to be: its domain is bare (“example.com”) or empty, country and zone are given."""

    name: str
    domain: str
    country: str
    zone: str
    stage: Stage = Stage.LIVE
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewEngagement:
    """An engagement to be: `amount` is monthly for a retainer, the whole value of a project."""

    client: Client
    kind: EngagementKind
    amount: Decimal
    currency: str
    starts_on: dt.date
    ends_on: dt.date | None
    title: str = ""
    services: Sequence[ServiceLine] = ()


@dataclass(frozen=True, slots=True)
class NewContact:
    """A contact to be."""

    client: Client
    name: str
    email: str
    details: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def add_clients(news: Sequence[NewClient], *, by: Actor, batch: UUID | None = None) -> list[Client]:
    """New clients, in the order given. Refuses all of them where a domain is taken."""
    domains = Counter(new.domain for new in news if new.domain)
    taken = Client.objects.filter(domain__in=domains).exclude(stage=Stage.MERGED).first()
    twice = next((domain for domain, count in domains.items() if count > 1), "")
    if taken is not None or twice:
        raise Refusal(f"The domain {taken.domain if taken else twice} is taken.", field="domain")
    agency, now = Agency.get(), clock.now()
    clients = [
        Client(
            name=new.name[:200],
            ref=ref,
            domain=new.domain,
            country=check_country(new.country),
            subdivision=agency.subdivision if new.country == agency.country else "",
            zone=clock.zone_info(new.zone).key,
            stage=new.stage,
            made_at=now,
            **new.details,
        )
        for new, ref in zip(news, _free_refs([new.name for new in news]), strict=True)
    ]
    Client.objects.bulk_create(clients, batch_size=500)
    events.record_all(
        (Happening("client.added", client.pk, client, data={"name": client.name}) for client in clients),
        by=by,
        batch=batch,
    )
    return clients


def _free_refs(names: Sequence[str]) -> list[str]:
    bases = [slugify(name)[:70] or "client" for name in names]
    used = set(Client.objects.filter(ref__in=bases).values_list("ref", flat=True))
    refs = []
    for base in bases:
        ref = base
        if ref in used:
            ref = free_ref(base)
            number = int(ref.rpartition("-")[2]) if ref != base else 2
            while ref in used or ref == base:
                ref, number = f"{base}-{number}", number + 1
        used.add(ref)
        refs.append(ref)
    return refs


@transaction.atomic
def assign_first_leads(
    pairs: Sequence[tuple[Client, Member]], *, by: Actor, batch: UUID | None = None
) -> None:
    """A lead for each of these clients, none of whom has anybody on the account team yet."""
    clients = [client.pk for client, _ in pairs]
    if Assignment.objects.filter(client__in=clients).exists():
        raise Refusal("Some of these clients have an account team already.", remedy="Assign them singly.")
    gone = next((member for _, member in pairs if member.state == MemberState.LEFT), None)
    if gone is not None:
        raise Refusal(f"{gone.name} has left the agency.", remedy="Choose somebody who is here.")
    today = Agency.get().today()
    Assignment.objects.bulk_create(
        [Assignment(client=c, member=m, position=Position.LEAD, since=today) for c, m in pairs],
        batch_size=500,
    )
    Access.objects.bulk_create(
        [Access(client=client, member=member, level=Level.FULL) for client, member in pairs], batch_size=500
    )
    events.record_all(
        (
            Happening(
                "client.team_changed",
                client.pk,
                client,
                data={
                    "position": str(Position.LEAD),
                    "member": member.name,
                    "member_id": member.pk,
                    "instead_of": "",
                    "instead_of_id": None,
                    "helped": False,
                },
            )
            for client, member in pairs
        ),
        by=by,
        batch=batch,
    )


@transaction.atomic
def begin_engagements(
    news: Sequence[NewEngagement], *, by: Actor, batch: UUID | None = None
) -> list[Engagement]:
    """Clients buy something, in the order given."""
    ids = {new.client.pk for new in news}
    numbers = Counter(Engagement.objects.filter(client__in=ids).values_list("client_id", flat=True))
    locked = {client.pk: client for client in Client.objects.select_for_update().filter(pk__in=ids)}
    engagements: list[Engagement] = []
    since: set[int] = set()
    for new in news:
        client = locked[new.client.pk]
        _check(client, new)
        numbers[client.pk] += 1
        title = new.title or ", ".join(line.name for line in new.services)
        engagements.append(
            Engagement(
                client=client,
                ref=f"{client.ref}-{numbers[client.pk]}",
                kind=new.kind,
                title=(title or EngagementKind(new.kind).label.capitalize())[:200],
                amount=new.amount,
                currency=check_currency(new.currency),
                starts_on=new.starts_on,
                ends_on=new.ends_on,
                made_at=clock.now(),
            )
        )
        if client.since is None or new.starts_on < client.since:
            client.since = new.starts_on
            since.add(client.pk)
    _free_engagement_refs(engagements)
    Engagement.objects.bulk_create(engagements, batch_size=500)
    Service.objects.bulk_create(
        [
            Service(
                engagement=engagement,
                number=number,
                name=line.name[:200],
                channel=line.channel or channel_of(line.name),
                website_build=line.website_build or is_website_build(line.name),
            )
            for engagement, new in zip(engagements, news, strict=True)
            for number, line in enumerate(new.services, start=1)
        ],
        batch_size=500,
    )
    Client.objects.bulk_update([locked[pk] for pk in since], ["since"], batch_size=200)
    events.record_all((_begun(engagement) for engagement in engagements), by=by, batch=batch)
    return engagements


def _check(client: Client, new: NewEngagement) -> None:
    if client.stage in (Stage.ENDED, Stage.MERGED):
        raise Refusal(f"{client.name} has ended.", remedy="Add them as a client again first.")
    if new.amount < 0 or (new.ends_on is not None and new.ends_on < new.starts_on):
        raise Refusal(f"An engagement of {client.name} cannot be right.", remedy="Begin it singly.")


def _free_engagement_refs(engagements: Sequence[Engagement]) -> None:
    wanted = [engagement.ref for engagement in engagements]
    taken = set(Engagement.objects.filter(ref__in=wanted).values_list("ref", flat=True))
    for engagement in engagements:
        base, _, number = engagement.ref.rpartition("-")
        place = int(number)
        while engagement.ref in taken or (
            engagement.ref != f"{base}-{number}" and Engagement.objects.filter(ref=engagement.ref).exists()
        ):
            place += 1
            engagement.ref = f"{base}-{place}"
        taken.add(engagement.ref)


def _begun(engagement: Engagement) -> Happening:
    return Happening(
        "engagement.begun",
        engagement.client_id,
        engagement,
        data={
            "title": engagement.title,
            "kind": str(engagement.kind),
            "amount": engagement.amount,
            "currency": engagement.currency,
            "starts_on": engagement.starts_on,
            "ends_on": engagement.ends_on,
        },
    )


@transaction.atomic
def add_contacts(news: Sequence[NewContact], *, by: Actor, batch: UUID | None = None) -> list[Contact]:
    """People at these clients; one record for each address."""
    pairs = Counter((new.client.pk, new.email) for new in news if new.email)
    there = set(
        Contact.objects.filter(
            client__in={pk for pk, _ in pairs}, email__in={email for _, email in pairs}
        ).values_list("client_id", "email")
    )
    if there & set(pairs) or any(count > 1 for count in pairs.values()):
        raise Refusal("One of these addresses is a contact already.", remedy="Add them singly.")
    now = clock.now()
    contacts = [
        Contact(
            client=new.client, name=(new.name or new.email)[:200], email=new.email, made_at=now, **new.details
        )
        for new in news
    ]
    Contact.objects.bulk_create(contacts, batch_size=500)
    events.record_all(
        (Happening("contact.added", c.client_id, c, data={"name": c.name}) for c in contacts),
        by=by,
        batch=batch,
    )
    return contacts
