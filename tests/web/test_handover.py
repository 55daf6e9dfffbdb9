"""Winning a lead, its handover, kickoffs and goals, as pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from steadyhand.clients.models import Stage
from steadyhand.newbusiness.leads import add_lead
from steadyhand.newbusiness.models import Lead, LeadStage
from steadyhand.onboarding.models import Goal, Handover, KickoffWaiver, PitchPromise, SuccessWords
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from tests import cast
from tests.cast import Cast, joined, user_of
from tests.onboarding.test_winning import prospect, won

pytestmark = pytest.mark.django_db

SMART = {
    "text": "Trade enquiries by the web form in the United Kingdom",
    "measure": "40 a month, in their CRM",
    "achievable": "They have 22 today without advertising",
    "relevant": "Trade is where their margin is",
    "due_on": "2027-06-30",
}


@pytest.fixture
def northwind() -> Iterator[Cast]:
    with time_machine.travel(cast.NOW, tick=False):
        yield cast.build(planned=False)


@pytest.fixture
def ana(northwind: Cast) -> Member:
    return joined("Ana Costa", Role.NEW_BUSINESS)


@pytest.fixture
def handover(northwind: Cast, ana: Member) -> Handover:
    return won(prospect()[0], ana, northwind.jody)


def of(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(user_of(member))
    return browser


def a_lead(ana: Member) -> Lead:
    return add_lead(
        "Brightwater Spa",
        by=ana.actor,
        owner=ana,
        source="Referred by Halden",
        value=Decimal(4000),
        services=["SEO", "Paid search"],
        contact_name="Priya Raman",
        contact_email="priya@brightwater.test",
    )


def test_a_lead_is_won_after_seeing_what_follows(northwind: Cast, ana: Member) -> None:
    lead, browser = a_lead(ana), of(ana)
    url = f"/leads/{lead.pk}/winning/"
    page = browser.get(url)
    assert b"Choose who looks after them" in page.content
    assert "leads 3 clients" in page.content.decode()
    contact = lead.client.contacts.get()
    values = {
        "kind": "retainer",
        "amount": "4000",
        "currency": "GBP",
        "services": "SEO\nPaid search\n\nSEO",
        "starts_on": "2026-12-07",
        "lead_person": northwind.jody.pk,
        "contact": contact.pk,
    }
    looked = browser.post(url, values | {"look": "1"}).content.decode()
    assert "Wednesday 25 November, 10:00, led by Ana Costa" in looked and "in person" in looked
    lead.refresh_from_db()
    assert lead.stage == LeadStage.OPEN, "looking wins nothing"
    answer = browser.post(url, values)
    assert answer.headers["Location"] == "/clients/brightwater-spa/handover/"
    lead.refresh_from_db()
    assert lead.stage == LeadStage.WON
    handover = Handover.objects.get()
    assert handover.client.stage == Stage.LIVE and handover.engagement.services.count() == 2
    assert "is decided" in browser.post(url, values).content.decode()
    assert Handover.objects.count() == 1


def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(northwind: Cast, ana: Member) -> None:
    lead = a_lead(ana)
    page = of(ana).post(f"/leads/{lead.pk}/winning/", {"services": "Bees", "amount": "4000"})
    assert page.status_code == 422
    assert b"Bees" in page.content and b"errorlist" not in page.content


def test_the_path_shows_each_step_with_its_next_click(handover: Handover, northwind: Cast) -> None:
    page = of(northwind.jody).get("/clients/brightwater-spa/handover/").content.decode()
    assert handover.answer is not None
    assert f"/messages/{handover.answer.pk}/" in page
    assert "After the introduction" in page and "0 of 7 done" in page
    assert page.count('class="way__step') == 9 and page.count("is-next") == 1


def test_the_list_shows_who_waits_on_whom(handover: Handover, northwind: Cast) -> None:
    page = of(northwind.keiran).get("/handovers/").content.decode()
    assert "Brightwater Spa" in page and "Ana Costa" in page
    assert "Brightwater Spa" not in of(northwind.sam).get("/handovers/").content.decode()
    assert of(northwind.sam).get("/clients/brightwater-spa/handover/").status_code == 404
    moved = of(northwind.jody).get(f"/handovers/{handover.pk}/")
    assert moved.headers["Location"] == "/clients/brightwater-spa/handover/"


def test_a_client_without_a_handover_says_so(northwind: Cast) -> None:
    page = of(northwind.jody).get("/clients/halden-bikes/handover/")
    assert page.status_code == 200 and b"was not handed over here" in page.content
    assert of(northwind.jody).get("/clients/halden-bikes/kickoff/").status_code == 404


def test_the_deck_is_attached_read_and_taken_off(handover: Handover, northwind: Cast) -> None:
    browser, url = of(northwind.jody), "/clients/brightwater-spa/handover/deck/"
    assert browser.get(url).status_code == 404
    refused = browser.post(url, {"deck": SimpleUploadedFile("deck.exe", b"MZ\x90\x00" + b"\0" * 60)})
    assert refused.status_code == 422
    sent = SimpleUploadedFile("deck.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\n%%EOF")
    assert browser.post(url, {"deck": sent}).status_code == 302
    assert browser.get(url)["Content-Type"] == "application/pdf"
    assert of(northwind.sam).get(url).status_code == 404
    browser.post(f"{url}removal/")
    handover.refresh_from_db()
    assert handover.deck is None


def test_the_news_answered_by_telephone_and_the_handover_closed(handover: Handover, northwind: Cast) -> None:
    browser, url = of(northwind.jody), "/clients/brightwater-spa/handover/"
    browser.post(f"{url}call/", {"minutes": "7", "note": "Delighted."})
    assert "by call" in browser.get(url).content.decode()
    assert browser.post(f"{url}closing/", {"reason": ""}).status_code == 422
    browser.post(f"{url}closing/", {"reason": "They merged."})
    assert "They merged." in browser.get(url).content.decode()
    assert "They merged." in browser.get("/handovers/?closed").content.decode()
    browser.post(f"{url}closing/removal/")
    assert Handover.objects.under_way().exists()


def test_the_kickoff_page_keeps_what_is_said(handover: Handover, northwind: Cast) -> None:
    browser, url = of(northwind.jody), "/clients/brightwater-spa/kickoff/"
    browser.post(f"{url}promises/", {"text": "A named contact in Leeds"})
    assert browser.post(f"{url}promises/", {"text": ""}).status_code == 422
    page = browser.get(url).content.decode()
    assert "A named contact in Leeds" in page and "leads 4 clients" in page
    assert "Jody Marsh</b>, your account manager" in page
    browser.post(f"{url}promises/{PitchPromise.objects.get().pk}/removal/")
    assert not PitchPromise.objects.standing().exists()
    browser.post(f"{url}waiver/", {"reason": "Here only today."})
    assert KickoffWaiver.objects.get().by_name == "Jody Marsh"
    browser.post(f"{url}waiver/removal/")
    assert not KickoffWaiver.objects.exists()
    contact = handover.client.contacts.get()
    assert browser.post(f"{url}ways/", {"contact": contact.pk}).status_code == 422
    browser.post(f"{url}ways/", {"contact": contact.pk, "bad_news": "at once"})
    assert contact.working_notes.get().text == "Bad news: at once"


def test_the_team_is_chosen_with_its_load_shown(handover: Handover, northwind: Cast) -> None:
    url = "/clients/brightwater-spa/kickoff/"
    page = of(northwind.keiran).get(url).content.decode()
    assert "Sam Okafor: leads 1 client, 0 h of 150 h" in page
    of(northwind.keiran).post(f"{url}team/", {"member": northwind.sam.pk, "position": "delivery"})
    assert handover.client.team.filter(member=northwind.sam, until=None).exists()
    refused = of(northwind.jody).post(f"{url}team/", {"member": northwind.sam.pk, "position": "lead"})
    assert refused.status_code == 403


def test_goals_are_checked_letter_by_letter_on_their_page(northwind: Cast) -> None:
    browser, url = of(northwind.jody), "/clients/halden-bikes/goals/"
    vague = browser.post(url, {"text": "Grow the brand"})
    assert vague.status_code == 422
    said = vague.content.decode()
    assert "Measurable: There is no figure" in said and 'value="Grow the brand"' in said
    browser.post(url, {"text": "Grow the brand", "override": "Maya insists."})
    browser.post(url, SMART)
    assert Goal.objects.standing().count() == 2
    goal = Goal.objects.get(text=SMART["text"])
    browser.post(f"{url}{goal.pk}/outcome/", {"reached": "yes", "outcome": "43 in May"})
    assert "43 in May" in browser.get(url).content.decode()
    browser.post(f"{url}{goal.pk}/outcome/removal/")
    browser.post(f"{url}{goal.pk}/removal/")
    assert Goal.objects.standing().count() == 1
    assert browser.post(f"/clients/lumen-legal/goals/{goal.pk}/removal/").status_code == 404


def test_their_words_stand_side_by_side(northwind: Cast) -> None:
    browser, url = of(northwind.jody), "/clients/halden-bikes/goals/"
    browser.post(f"{url}success/", {"words": "A full order book.", "said_on": "2026-08-20"})
    browser.post(f"{url}success/", {"words": "Half from trade.", "said_on": "2026-11-24"})
    page = browser.get(url).content.decode()
    assert page.index("Half from trade.") < page.index("A full order book.")
    late = browser.post(f"{url}success/", {"words": "x", "said_on": "2030-01-01"})
    assert late.status_code == 422
    row = SuccessWords.objects.earliest("said_on")
    browser.post(f"{url}success/{row.pk}/removal/")
    assert SuccessWords.objects.standing().get().said_on == dt.date(2026, 11, 24)
