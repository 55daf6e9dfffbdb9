"""A book of clients for benchmarks, written straight into the tables: the planner is what is measured."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

from django.utils import timezone

from steadyhand.clients.models import (
    Access,
    Assignment,
    Client,
    Engagement,
    EngagementKind,
    Position,
    Service,
)
from steadyhand.core.models import Agency
from steadyhand.people.models import Member

COUNTRIES = (("GB", "Europe/London"), ("DE", "Europe/Berlin"), ("US", "America/New_York"))
SPENDS = (600, 900, 1200, 1499, 1800, 2400, 3000, 3500, 5000, 7500)
SERVICES = (("SEO", "seo"), ("Paid search", "paid-search"), ("Content", "content"))


def build_book(clients: int, *, members: int = 50, seed: int = 7, as_of: dt.date) -> None:
    """`clients` live clients with a retainer each, and a project for every fifth; one lead each."""
    chance = random.Random(seed)
    now = timezone.now()
    currency = Agency.get().currency
    team = Member.objects.bulk_create(
        Member(name=f"Member {n:03}", email=f"member{n:03}@example.com", made_at=now) for n in range(members)
    )
    rows = []
    for n in range(clients):
        country, zone = COUNTRIES[n % 10 % 3]
        rows.append(
            Client(
                ref=f"client-{n:05}",
                name=f"Client {n:05}",
                country=country,
                zone=zone,
                since=as_of - dt.timedelta(days=chance.randint(0, 900)),
                made_at=now,
            )
        )
    rows = Client.objects.bulk_create(rows, batch_size=2000)
    Assignment.objects.bulk_create(
        (
            Assignment(client=client, member=team[n % members], position=Position.LEAD, since=as_of)
            for n, client in enumerate(rows)
        ),
        batch_size=2000,
    )
    Access.objects.bulk_create(
        (Access(client=client, member=team[n % members]) for n, client in enumerate(rows)), batch_size=2000
    )
    engagements = []
    for n, client in enumerate(rows):
        assert client.since is not None
        common = {"client": client, "currency": currency, "made_at": now}
        engagements.append(
            Engagement(
                ref=f"{client.ref}-1",
                kind=EngagementKind.RETAINER,
                title="Retainer",
                amount=Decimal(SPENDS[n % len(SPENDS)]),
                starts_on=client.since,
                **common,
            )
        )
        if n % 5 == 0:
            engagements.append(
                Engagement(
                    ref=f"{client.ref}-2",
                    kind=EngagementKind.PROJECT,
                    title="Project",
                    amount=Decimal(chance.choice((3000, 7000, 12000))),
                    starts_on=as_of - dt.timedelta(days=14),
                    ends_on=as_of + dt.timedelta(days=chance.randint(20, 120)),
                    **common,
                )
            )
    engagements = Engagement.objects.bulk_create(engagements, batch_size=2000)
    Service.objects.bulk_create(
        (
            Service(engagement=engagement, number=1, name=SERVICES[n % 3][0], channel=SERVICES[n % 3][1])
            for n, engagement in enumerate(engagements)
        ),
        batch_size=2000,
    )
