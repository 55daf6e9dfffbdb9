"""However much is delivered, the pages ask the database as often."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from steadyhand.clients import book, engagements, team
from steadyhand.clients.engagements import ServiceLine
from steadyhand.clients.models import Client, EngagementKind, Position
from tests import cast
from tests.cast import NOW, SYSTEM, Cast
from tests.contracts.delivered import delivered

pytestmark = pytest.mark.django_db
PAGES = ("/set-up/", "/deliverables/", "/glossary/", "/introductions/", "/api/set-up", "/api/glossary")


@pytest.fixture
def northwind() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast.build(planned=False)


def bought(name: str, northwind: Cast, services: int) -> Client:
    """A client of Jody's with all that is delivered."""
    client = book.add_client(name, by=SYSTEM)
    engagements.begin_engagement(
        client,
        EngagementKind.RETAINER,
        by=SYSTEM,
        amount=Decimal(900),
        currency="GBP",
        starts_on=NOW.date(),
        services=[ServiceLine(f"Service {number}") for number in range(services)],
    )
    team.assign(client, northwind.jody, Position.LEAD, by=SYSTEM)
    contact = book.add_contact(client, f"{name} Contact", by=SYSTEM)
    delivered(name, contact, northwind.jody)
    return client


def counts(browser: Browser, pages: list[str]) -> dict[str, int]:
    made = {}
    for page in pages:
        browser.get(page)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(page).status_code == 200, page
        made[page] = len(queries)
    return made


def test_pages_ask_as_often_for_many_as_for_one(northwind: Cast) -> None:
    browser = Browser()
    browser.force_login(cast.user_of(northwind.jody))
    first = bought("Zinnia", northwind, 1)
    own = [f"/clients/{first.ref}/{part}/" for part in ("delivery", "set-up", "strategy")]
    before = counts(browser, [*PAGES, *own])
    for number in range(5):
        engagements.add_service(first.engagements.get(), ServiceLine(f"More {number}"), by=SYSTEM)
    for name in ("Thistle", "Yarrow", "Sorrel"):
        bought(name, northwind, 4)
    assert counts(browser, [*PAGES, *own]) == before
