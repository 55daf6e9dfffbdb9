"""New business in the browser: the board, one lead from its first word to the pitch, pairings."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from steadyhand.care.flags import raise_flag
from steadyhand.clients.models import Client, Stage
from steadyhand.commitments import keeping
from steadyhand.newbusiness import leads
from steadyhand.newbusiness.models import Consultation, Deck, Lead, LeadStage, Pairing, Pitch, Proposal, Style
from steadyhand.newbusiness.pitching import rules
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from tests import cast
from tests.cast import NOW, SYSTEM, Cast, joined

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
NEW = {
    "name": "Fennel Foods",
    "source": "Website",
    "kind": "retainer",
    "value": "£3,200",
    "currency": "GBP",
    "services": "SEO\nPaid search",
    "face_to_face": "on",
}


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
        value=Decimal(3200),
        services=["SEO", "Paid search"],
        face_to_face=True,
        contact_name="Nell Ash",
    )


def browser_of(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(cast.user_of(member))
    return browser


def text(browser: Browser, url: str) -> str:
    page = html.unescape(browser.get(url).content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def answers(points: int, **others: str) -> dict[str, str]:
    return {f"points_{question.key}": str(points) for question in rules().pitch_questions} | others


def test_a_lead_is_added_and_stands_on_the_board(callum: Member) -> None:
    browser = browser_of(callum)
    assert "Here stands who may become a client" in text(browser, "/leads/")
    refused = browser.post("/leads/new/", NEW | {"owner": str(callum.pk), "value": "lots"})
    assert (refused.status_code, Lead.objects.count()) == (422, 0)
    added = browser.post("/leads/new/", NEW | {"owner": str(callum.pk)})
    lead = Lead.objects.get()
    assert added["Location"] == f"/leads/{lead.pk}/"
    assert (lead.client.stage, lead.value, lead.services) == (
        Stage.PROSPECT,
        Decimal(3200),
        ["SEO", "Paid search"],
    )
    board = text(browser, "/leads/")
    assert all(words in board for words in ("Fennel Foods", "£3,200 a month", "Should we pitch?"))
    assert "Fennel Foods" in text(browser, "/leads/?view=table&stage=open")
    assert "No lead is like that" in text(browser, "/leads/?view=table&stage=lost")
    assert "No lead is like that" in text(browser, "/leads/?q=nobody")


def test_a_prospect_of_that_name_is_taken(callum: Member, fennel: Lead) -> None:
    leads.lose_lead(fennel, "Too dear", by=callum.actor)
    browser_of(callum).post("/leads/new/", NEW | {"name": " fennel foods ", "owner": str(callum.pk)})
    assert (Lead.objects.count(), Client.objects.filter(stage=Stage.PROSPECT).count()) == (2, 1)


def test_the_test_decides_and_asks_client_services(northwind: Cast, callum: Member, fennel: Lead) -> None:
    browser = browser_of(callum)
    here = f"/leads/{fennel.pk}/"
    assert "weight 3" in text(browser, f"{here}test/")
    assert browser.post(f"{here}test/", {"points_field": "3"}).status_code == 422
    against = browser.post(f"{here}test/", answers(1, verdict="go"))
    assert against.status_code == 422
    assert "go begins at 60%" in html.unescape(against.content.decode())
    browser.post(f"{here}test/", answers(3, note_field="Two others"))
    fennel.refresh_from_db()
    assert fennel.stage == LeadStage.PITCHING
    page = text(browser, here)
    assert "75%" in page and "Two others" in page
    assert "Missing in this pitch: Keiran Reid has not answered yet; Nobody is proposed" in page
    asked = Consultation.objects.get()
    head = browser_of(northwind.keiran)
    assert f'href="/consultations/{asked.pk}/answer/?next=' in head.get("/?tab=week").content.decode()
    head.post(f"/consultations/{asked.pk}/answer/", {"said": "Jody has time."})
    assert "Jody has time." in text(browser, here)
    browser.post(f"{here}consultations/", {"member": northwind.jody.pk})
    second = Consultation.objects.get(member=northwind.jody)
    browser.post(f"/consultations/{second.pk}/removal/")
    assert "Jody Marsh , asked" not in text(browser, here)


def test_cards_move_without_javascript(callum: Member, fennel: Lead) -> None:
    browser = browser_of(callum)
    here = f"/leads/{fennel.pk}/"
    refused = browser.post(f"{here}pitching/", {"from": "board"}, follow=True)
    assert "Nobody has decided to pitch" in html.unescape(refused.content.decode())
    browser.post(f"{here}test/", answers(4))
    assert browser.post(f"{here}pitching/removal/", {"from": "board"})["Location"] == "/leads/"
    assert browser.post(f"{here}pitching/")["Location"] == here
    assert browser.post(f"{here}loss/", {"reason": ""}).status_code == 422
    browser.post(f"{here}loss/", {"reason": "They stayed where they were."})
    board = text(browser, "/leads/")
    assert "They stayed where they were." in board and "lost Tue 24 Nov" in board.replace("  ", " ")
    browser.post(f"{here}reopening/")
    sheet = browser.post(
        f"{here}withdrawal/", {"reason": "No people."}, headers={"HX-Request": "true", "HX-Target": "sheet"}
    )
    assert sheet["HX-Redirect"] == here
    assert Lead.objects.get().stage == LeadStage.WITHDRAWN


def test_a_proposal_goes_out_with_its_client_services_line(
    northwind: Cast, callum: Member, fennel: Lead, settings: object, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"  # type: ignore[attr-defined]
    browser = browser_of(callum)
    here = f"/leads/{fennel.pk}/"
    sent = {"amount": "3200", "currency": "GBP", "services": "SEO\nPaid search"}
    browser.post(f"{here}proposals/", sent)
    proposal = Proposal.objects.get()
    its = f"/proposals/{proposal.pk}/"
    page = text(browser, here)
    assert "Client services: 6 h and £395 a month, from the playbook" in page
    refused = browser.post(f"{its}price/", {"minutes": "60", "fee": "50", "reason": "One contact"})
    assert "Say who agreed it" in refused.content.decode()
    browser.post(
        f"{its}price/",
        {"minutes": "60", "fee": "50", "reason": "One contact", "agreed_with": northwind.keiran.pk},
    )
    assert "agreed with Keiran Reid: One contact" in text(browser, here)
    browser.post(f"{its}matrix/")
    browser.post(f"{its}paper/", {"file": SimpleUploadedFile("Offer.pdf", PDF)})
    got = browser.get(f"{its}file/")
    assert b"".join(got.streaming_content) == PDF  # type: ignore[attr-defined]
    browser.post(f"{its}sending/")
    assert "sent 24 Nov" in text(browser, here)
    browser.post(f"{its}sending/removal/")
    browser.post(f"{its}removal/")
    assert "Every proposal carries client-services time" in text(browser, here)
    wrong = browser.post(f"{here}decks/", {"file": SimpleUploadedFile("Deck.exe", b"MZ\x90\x00")})
    assert (wrong.status_code, Deck.objects.count()) == (422, 0)
    browser.post(f"{here}decks/", {"file": SimpleUploadedFile("Deck.pdf", PDF)})
    deck = Deck.objects.get()
    assert b"".join(browser.get(f"/decks/{deck.pk}/").streaming_content) == PDF  # type: ignore[attr-defined]
    assert browser_of(northwind.jody).get(f"/decks/{deck.pk}/").status_code == 404
    browser.post(f"/decks/{deck.pk}/removal/")
    assert not Deck.objects.exists()


def test_somebody_is_proposed_beside_the_books_reasons_and_joins_the_pitch(
    northwind: Cast, callum: Member, fennel: Lead
) -> None:
    browser = browser_of(callum)
    here = f"/leads/{fennel.pk}/"
    page = text(browser, f"{here}pairing/?member={northwind.jody.pk}")
    assert "Looks after 2 clients with paid search, seo" in page and "Nothing else counts" in page
    browser.post(f"{here}pairing/", {"member": northwind.sam.pk, "reason": "They met at the fair."})
    assert Pairing.objects.get().member == northwind.sam
    assert "spoke most for Jody Marsh that day" in text(browser, here)
    assert "Sam Okafor is put down too" in text(browser, f"{here}pitches/")
    when = {"day": "2026-12-02", "time": "11:00", "minutes": "60", "led_by": callum.pk}
    browser.post(f"{here}pitches/", when)
    meeting = Pitch.objects.get().meeting
    assert {one.member for one in meeting.attendees.exclude(member=None)} == {callum, northwind.sam}
    assert f'href="/meetings/{meeting.pk}/"' in browser.get(here).content.decode()


def test_pairings_that_look_strained_say_why(northwind: Cast, callum: Member) -> None:
    browser = browser_of(northwind.keiran)
    assert "No pairing looks strained" in text(browser, "/pairings/")
    for number in range(2):
        late = keeping.promise(
            northwind.orbit, f"Ring {number}", by=SYSTEM, owner=northwind.jody, due_on=NOW.date()
        )
        type(late).objects.filter(pk=late.pk).update(due_at=NOW - dt.timedelta(days=1))
    raise_flag(northwind.halden, "They are cross.", by=SYSTEM)
    page = text(browser, "/pairings/")
    assert "Jody Marsh and whoever is at Orbit Dental 2 promises overdue" in page
    assert "Jody Marsh and Maya Lind Halden Bikes a flag is open" in page
    assert "Halden" not in text(browser_of(callum), "/pairings/")


def test_how_answers_turned_out(callum: Member, fennel: Lead) -> None:
    browser = browser_of(callum)
    assert "Nothing is decided yet" in text(browser, "/leads/outcomes/")
    browser.post(f"/leads/{fennel.pk}/test/", answers(3))
    leads.mark_won(fennel, by=callum.actor)
    page = text(browser, "/leads/outcomes/")
    assert "60 to 79% 1 0 0 100%" in page and "How crowded is the pitch?" in page


def test_one_says_how_one_works(northwind: Cast) -> None:
    browser = browser_of(northwind.jody)
    browser.post("/pairings/style/", {"works": "Rings", "suits": ["savvy"], "interests": "Chess\nRowing"})
    style = Style.objects.get()
    assert (style.member, style.suits, style.interests) == (northwind.jody, ["savvy"], ["Chess", "Rowing"])
    assert "Rowing" in text(browser, "/pairings/style/")


def test_whoever_is_not_named_sees_no_lead_and_whoever_only_looks_moves_none(
    northwind: Cast, callum: Member, fennel: Lead
) -> None:
    jody = browser_of(northwind.jody)
    assert jody.get(f"/leads/{fennel.pk}/").status_code == 404
    assert "You are not named on any lead" in text(jody, "/leads/")
    leads.change_lead(fennel, by=callum.actor, owner=northwind.jody)
    page = jody.get(f"/leads/{fennel.pk}/").content.decode()
    assert "Fennel Foods" in page and "loss/" not in page
    assert jody.post(f"/leads/{fennel.pk}/loss/", {"reason": "No"}).status_code == 403
    changed = browser_of(callum).post(
        f"/leads/{fennel.pk}/details/", NEW | {"owner": str(callum.pk), "value": "900", "notes": "Quick."}
    )
    assert changed.status_code == 302
    assert Lead.objects.get().value == Decimal(900)
