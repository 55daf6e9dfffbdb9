"""However many leads there are, and however much belongs to one, the pages ask the database as often."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from steadyhand.care.flags import raise_flag
from steadyhand.clients import book
from steadyhand.clients.models import Position, Stage
from steadyhand.clients.team import assign
from steadyhand.newbusiness import leads, pairing, pitching, proposals
from steadyhand.newbusiness.models import Lead
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from steadyhand.people.tokens import make_token
from tests import cast
from tests.cast import NOW, SYSTEM, Cast, joined
from tests.contracts.query_counts import pinned
from tests.contracts.world import pursue

pytestmark = pytest.mark.django_db
PAGES = ("/leads/", "/leads/?view=table", "/leads/outcomes/", "/pairings/")
PARTS = ("", "process/", "pairing/", "pitches/")


def pitched(name: str, northwind: Cast) -> Lead:
    """A lead with all that belongs to a pitch, the meeting too."""
    lead = pursue(book.add_client(name, by=SYSTEM, stage=Stage.PROSPECT), northwind.jody)
    book.add_contact(lead.client, f"{name} Contact", by=SYSTEM)
    day, hour = dt.date(2026, 12, 1), dt.time(8 + Lead.objects.count())
    pairing.plan_pitch(lead, by=SYSTEM, day=day, time=hour, led_by=northwind.sam)
    return lead


def grown(lead: Lead, northwind: Cast) -> None:
    """More of everything: of this lead, of others in every lane, of pairings under strain."""
    book.add_contact(lead.client, "Another Contact", by=SYSTEM)
    points = {question.key: 3 for question in pitching.rules().pitch_questions}
    pitching.decide_pitch(lead, points, by=SYSTEM, reason="Once more.")
    pitching.consult(lead, northwind.sam, by=SYSTEM)
    proposals.draft_proposal(lead, by=SYSTEM)
    proposals.attach_deck(lead, "second.pdf", b"%PDF-1.7 another deck", by=SYSTEM)
    pairing.propose_pairing(lead, northwind.sam, "Knows them.", by=SYSTEM)
    pairing.plan_pitch(lead, by=SYSTEM, day=dt.date(2026, 12, 3), time=dt.time(10), led_by=northwind.jody)
    others = [pitched(name, northwind) for name in ("Thistle", "Yarrow", "Sorrel", "Tansy", "Mallow")]
    leads.lose_lead(others[0], "They chose somebody else.", by=SYSTEM)
    leads.withdraw_lead(others[1], "Not for us.", by=SYSTEM)
    for client in (northwind.orbit, northwind.lumen):
        raise_flag(client, "They are unhappy.", by=SYSTEM)
    assign(northwind.lumen, northwind.jody, Position.LEAD, by=SYSTEM)


def counted(browser: Browser, program: Browser, lead: Lead) -> dict[str, int]:
    made = {}
    own = [f"/leads/{lead.pk}/{part}" for part in PARTS]
    for page in (*PAGES, *own, "/api/leads", f"/api/leads/{lead.pk}"):
        asker = program if page.startswith("/api") else browser
        assert asker.get(page).status_code == 200, page
        with CaptureQueriesContext(connection) as queries:
            asker.get(page)
        made[page.replace(f"/{lead.pk}", "/{lead}")] = len(queries)
    return made


@pytest.mark.parametrize("who", ["new business", "head"])
def test_pages_ask_as_often_for_many_leads_as_for_one(who: str) -> None:
    with time_machine.travel(NOW, tick=False):
        northwind = cast.build(planned=False)
        asker: Member = northwind.keiran if who == "head" else joined("Callum Price", Role.NEW_BUSINESS)
        browser, (_, secret) = Browser(), make_token(asker, "tests", "read", by=asker.actor)
        browser.force_login(cast.user_of(asker))
        program = Browser(headers={"Authorization": f"Bearer {secret}"})
        lead = pitched("Zinnia", northwind)
        leads.lose_lead(pitched("Aster", northwind), "Too dear.", by=SYSTEM)
        raise_flag(northwind.halden, "They are unhappy.", by=SYSTEM)
        few = counted(browser, program, lead)
        grown(lead, northwind)
        many = counted(browser, program, lead)
    assert {page: (few[page], many[page]) for page in few if few[page] != many[page]} == {}
    for page, count in many.items():
        pinned(f"leads: {who} {page}", count)
