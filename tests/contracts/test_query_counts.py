"""Every list and page makes the queries that are written down, in a small book and in one three times larger.

`QUERY_COUNTS=write pytest tests/contracts/test_query_counts.py` writes them down anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from bench.book import build_book
from steadyhand.clients import team
from steadyhand.clients.models import Access, Client, Position
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.planning import plan_book
from steadyhand.people.models import Member
from tests import cast
from tests.contracts.query_counts import all_pinned

pytestmark = pytest.mark.django_db

SMALL, LARGE, LED = 20, 60, 20
MONDAY = cast.NOW.date().replace(day=16)

PAGES = (
    "/",
    "/?tab=week",
    "/?of=everyone",
    "/due/",
    "/clients/",
    "/clients/?sort=-spend",
    "/clients/?q=client&tier=2",
    "/clients/{ref}/",
    "/clients/{ref}/plan/",
    "/clients/{ref}/brief/",
    "/clients/{ref}/timeline/",
    "/clients/{ref}/knowledge/",
    "/clients/{ref}/contacts/",
    "/clients/{ref}/details/",
    "/clients/{ref}/messages/",
    "/clients/{ref}/engagements/{engagement}/",
    "/playbook/sectors/",
    "/playbook/services/",
    "/playbook/service-standard/",
    "/adoption/",
    "/calendar/2026-11/",
    "/calendar/2026-W48/",
    "/calendar/2026-11-24/",
    "/agreements/",
    "/commitments/{promise}/",
    "/search/?q=client",
    "/search/clients/?client=client",
    "/team/",
    "/team/delivered/",
    "/team/people/",
    "/team/people/{member}/",
    "/approvals/",
    "/approvals/?part=all&client={ref}",
    "/wins/",
    "/team/all-hands/",
    "/team/feedback/",
    "/team/reviews/",
    "/meetings/",
    "/meetings/series/",
    "/requests/",
    "/flags/",
    "/dips/",
    "/handovers/",
    "/clients/{ref}/handover/",
    "/clients/{ref}/goals/",
    "/clients/{ref}/figures/",
    "/clients/{ref}/sources/",
    "/api/clients/{ref}/figures",
    "/reports/",
    "/reports/?part=missed",
    "/reports/?part=sent",
    "/clients/{ref}/reports/",
    "/api/clients/{ref}/reports",
    "/clients/{ref}/forms/",
    "/api/clients/{ref}/forms",
    "/api/handovers",
    "/api/clients/{ref}/goals",
    "/api/clients/{ref}/success",
    "/set-up/",
    "/deliverables/",
    "/glossary/",
    "/introductions/",
    "/clients/{ref}/delivery/",
    "/clients/{ref}/set-up/",
    "/clients/{ref}/strategy/",
    "/clients/{ref}/paths/",
    "/clients/{ref}/insights/",
    "/api/clients/{ref}/insights",
    "/api/clients/{ref}/signals",
    "/clients/{ref}/work/",
    "/clients/{ref}/work/links/",
    "/api/clients/{ref}/work/links",
    "/api/clients/{ref}/work/plan",
    "/api/clients/{ref}/deliverables",
    "/api/clients/{ref}/set-up",
    "/api/set-up",
    "/api/glossary",
    "/messages/triage/",
    "/account/mailboxes/",
    "/imports/",
    "/account/",
    "/api/clients",
    "/api/clients/{ref}",
    "/api/clients/{ref}/timeline",
    "/api/clients/{ref}/messages",
    "/api/clients/{ref}/flags",
    "/api/clients/{ref}/ratings",
    "/api/clients/{ref}/calls",
    "/api/clients/{ref}/agreements",
    "/api/clients/{ref}/meetings",
    "/api/clients/{ref}/contacts",
    "/api/clients/{ref}/engagements",
    "/api/clients/{ref}/plan",
    "/api/clients/{ref}/details",
    "/api/clients/{ref}/discovery",
    "/api/clients/{ref}/expectations",
    "/api/commitments?from=2026-11-01&to=2026-11-30",
    "/api/today",
    "/api/members",
    "/api/approvals",
    "/api/dips",
    "/api/wins",
    "/api/series",
)
FOR_HEADS = ("/?of=everyone", "/team/", "/team/delivered/", "/imports/", "/adoption/")


type Counted = dict[tuple[str, str, int], int]


@pytest.fixture(scope="module")
def counted(django_db_setup: None, django_db_blocker: Any) -> Iterator[Counted]:
    """(who, page, clients) → queries, in one book that grows."""
    with django_db_blocker.unblock(), time_machine.travel(cast.NOW, tick=False), transaction.atomic():
        made = cast.build(planned=False)
        member, head = made.jody, made.keiran
        found: Counted = {}
        for size in (SMALL, LARGE):
            _grow(size, member)
            for who, asker in (("member", member), ("head", head)):
                browser = Browser()
                browser.force_login(cast.user_of(asker))
                for page in PAGES:
                    if who == "head" or page not in FOR_HEADS:
                        found[who, page, size] = _queries(browser, _filled(page, member))
        yield found
        transaction.set_rollback(True)


def _grow(size: int, member: Member) -> None:
    """A book of `size` clients, of which the member leads twenty, planned and partly overdue."""
    Access.objects.filter(client__ref__startswith="client-").delete()
    Client.objects.filter(ref__startswith="client-").delete()
    Member.objects.filter(email__startswith="member").delete()
    build_book(size, members=size // LED, as_of=MONDAY)
    led = list(Client.objects.filter(ref__startswith="client-").order_by("ref")[:LED])
    for client in led:
        team.assign(client, member, Position.LEAD, by=cast.SYSTEM)
    plan_book(MONDAY)


def _filled(page: str, member: Member) -> str:
    client = Client.objects.get(ref="client-00000")
    engagement = client.engagements.earliest("pk")
    # Of the retainer, which is the same in both books; amounts and ends of projects are drawn.
    promise = Commitment.objects.filter(engagement=engagement).earliest("due_at", "pk")
    return page.format(ref=client.ref, engagement=engagement.pk, promise=promise.pk, member=member.pk)


def _queries(browser: Browser, path: str) -> int:
    assert browser.get(path).status_code == 200, path  # what is read once a process is read now
    with CaptureQueriesContext(connection) as queries:
        browser.get(path)
    return len(queries)


def test_the_same_queries_however_large_the_book(counted: Counted) -> None:
    small, large = (
        {(who, page): queries for (who, page, size), queries in counted.items() if size == wanted}
        for wanted in (SMALL, LARGE)
    )
    grown = {page: (small[page], queries) for page, queries in large.items() if queries != small[page]}
    assert not grown, f"queries among {SMALL} and among {LARGE} clients"
    all_pinned({f"book: {who} {page}": queries for (who, page), queries in large.items()})
