"""How we look after you: what a prospect is shown at the pitch, from the playbook at their spend (W4)."""

from __future__ import annotations

import datetime as dt
import html
import io
import re
from collections.abc import Iterator
from decimal import Decimal

import pikepdf
import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.clients.models import EngagementKind
from steadyhand.core.refusals import Refusal
from steadyhand.desk.process import Process, process
from steadyhand.desk.process_pdf import contents, process_pdf
from steadyhand.newbusiness import leads, pairing
from steadyhand.newbusiness.models import Lead
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from tests import cast
from tests.cast import NOW, Cast, joined

pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast.build(planned=False)


@pytest.fixture
def callum(northwind: Cast) -> Member:
    return joined("Callum Price", Role.NEW_BUSINESS)


@pytest.fixture
def fennel(callum: Member) -> Lead:
    return leads.add_lead(
        "Fennel Foods",
        by=callum.actor,
        owner=callum,
        source="Website",
        value=Decimal(2000),
        services=["SEO", "Paid search", "New website"],
        face_to_face=True,
        contact_name="Nell Ash",
    )


def worth(lead: Lead, value: int, kind: EngagementKind = EngagementKind.RETAINER, **more: object) -> Process:
    lead.value, lead.kind = Decimal(value), kind
    for name, what in more.items():
        setattr(lead, name, what)
    return process(lead)


def titles(page: Process) -> list[str]:
    return [one.title for one in page.gets]


def test_it_says_what_the_playbook_promises_at_their_spend(northwind: Cast, fennel: Lead) -> None:
    small, larger = worth(fennel, 900), worth(fennel, 2000)
    assert titles(small)[:2] == ["Monthly call", "Monthly report"]
    assert titles(larger)[:3] == ["Weekly call", "Monthly report", "Live dashboard"]
    assert "paid-search" in " ".join(titles(larger)).lower()
    said = str(contents(larger))
    assert not re.search(r"upsell|entertain|capacity|because", said, re.IGNORECASE)
    assert [one.words for one in larger.levels][:3] == [
        "we answer within 4 working hours",
        "we turn it round within 5 working days",
        "we plan on 3 working days",
    ]
    assert not larger.agreed


def test_above_the_top_band_it_is_agreed_with_them(fennel: Lead) -> None:
    page = worth(fennel, 9000)
    assert page.agreed.startswith("At this size nothing is off the shelf")
    assert "agreed with you" in page.agreed
    assert not page.gets
    assert [one.title for one in page.weeks][:3] == [
        "You hear what happens next",
        "Our own kickoff",
        "Kickoff with you",
    ]
    assert "Your plan, in writing" in [one.title for one in page.weeks]


def test_the_first_weeks_are_counted_in_working_days_from_their_yes(northwind: Cast, fennel: Lead) -> None:
    page = worth(fennel, 2000, expected_on=dt.date(2026, 12, 19))  # a Saturday, Christmas after it
    days = {one.title: (one.day, one.when) for one in page.weeks}
    assert days["You hear what happens next"] == (dt.date(2026, 12, 21), "the day you say yes")
    assert days["Our own kickoff"] == (dt.date(2026, 12, 22), "working day 1")
    assert days["Kickoff with you"] == (dt.date(2026, 12, 29), "working day 4")
    assert days["Your first report"] == (dt.date(2026, 12, 31), "working day 6")
    assert [one.day for one in page.weeks] == sorted(one.day for one in page.weeks)


def test_a_worry_travels_by_name_where_names_are_known(northwind: Cast, callum: Member, fennel: Lead) -> None:
    nameless = process(fennel)
    assert nameless.path[0].startswith("Your account")
    assert "whom we name before the kickoff" in nameless.path[0]
    pairing.propose_pairing(fennel, northwind.jody, "Knows food.", by=callum.actor)
    page = process(fennel)
    assert page.who == "Jody Marsh"
    assert page.path[0].startswith("Jody Marsh, your account manager: within 4 working hours")
    assert page.path[1].startswith("Keiran Reid, head of client services")
    assert "Callum Price introduces Jody Marsh" in page.weeks[0].words


def test_a_project_has_its_own(fennel: Lead) -> None:
    page = worth(fennel, 6000, EngagementKind.PROJECT)
    assert "Closing report" in titles(page)
    assert "Client review" not in " ".join(titles(page))
    assert page.spend == "£6,000 project"


def test_without_a_rate_it_says_what_is_missing(fennel: Lead) -> None:
    page = worth(fennel, 2000, currency="USD")
    assert "no exchange rate for USD" in page.missing
    with pytest.raises(Refusal, match="USD"):
        process_pdf(page)


@pytest.mark.parametrize("value", [2000, 9000])
def test_the_paper_is_one_tagged_page(northwind: Cast, callum: Member, fennel: Lead, value: int) -> None:
    pairing.propose_pairing(fennel, northwind.jody, "Knows food.", by=callum.actor)
    made = process_pdf(worth(fennel, value))
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert len(pdf.pages) == 1
        assert [round(float(edge)) for edge in pdf.pages[0].mediabox[2:]] == [595, 842]
        assert "/StructTreeRoot" in pdf.Root


def test_a_long_one_is_set_smaller_rather_than_onto_a_second_page(northwind: Cast, fennel: Lead) -> None:
    page = process(fennel)
    page.gets = [one for one in page.gets for _ in range(5)]
    with pikepdf.open(io.BytesIO(process_pdf(page))) as pdf:
        assert len(pdf.pages) == 1


@pytest.mark.parametrize("kind", list(EngagementKind))
def test_every_spend_has_a_page_without_gaps(fennel: Lead, kind: EngagementKind) -> None:
    for value in (0, 1, 1000, 1499, 1500, 3000, 5999, 6000, 30_000):
        page = worth(fennel, value, kind)
        assert bool(page.gets) != bool(page.agreed), value
        assert all(one.words for one in [*page.gets, *page.levels, *page.weeks]), value


def test_whoever_is_invited_to_the_pitch_finds_it(northwind: Cast, callum: Member, fennel: Lead) -> None:
    pairing.propose_pairing(fennel, northwind.jody, "Knows food.", by=callum.actor)
    meeting = pairing.plan_pitch(
        fennel, by=callum.actor, day=dt.date(2026, 12, 1), time=dt.time(10), led_by=callum
    )
    browser = Browser()
    browser.force_login(cast.user_of(northwind.jody))
    link = f'href="/leads/{fennel.pk}/process/"'
    assert link in browser.get(f"/meetings/{meeting.pk}/").content.decode()
    assert link in browser.get(f"/leads/{fennel.pk}/").content.decode()
    page = html.unescape(browser.get(f"/leads/{fennel.pk}/process/").content.decode())
    assert "How we look after you" in page
    assert "Steadyhand" not in page
    assert browser.get(f"/leads/{fennel.pk}/process.pdf")["Content-Type"] == "application/pdf"
