"""The page of what we know: noting in place, taking back, and what each reader sees of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.clients import team
from steadyhand.clients.discovery import answer_question, questions
from steadyhand.clients.expectations import say_expectation
from steadyhand.clients.models import Contact, PersonalDetail, Position, WorkingNote
from steadyhand.clients.personal import note_detail
from steadyhand.clients.sectors import describe_offer, write_sector_note
from steadyhand.clients.working import judge_knowledge
from tests import cast
from tests.cast import SYSTEM, Cast, user_of

pytestmark = pytest.mark.django_db
KNOW = "/clients/halden-bikes/knowledge/"
HX = {"HX-Request": "true"}


@pytest.fixture
def known() -> Iterator[Cast]:
    with time_machine.travel(cast.NOW, tick=False):
        yield cast.build(planned=False)


@pytest.fixture
def maya(known: Cast) -> Contact:
    return known.halden.contacts.get(name="Maya Lind")


def browser(member: object) -> Browser:
    signed_in = Browser()
    signed_in.force_login(user_of(member))  # type: ignore[arg-type]
    return signed_in


def text(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def test_an_empty_page_asks_for_everything(known: Cast) -> None:
    page = text(browser(known.jody).get(KNOW))
    assert "What do you know of them?" in page
    assert f"0 of {len(questions())} answered" in page
    assert "never said" in page
    assert "We do not know their industry." in page


def test_everything_we_know_stands_there(known: Cast, maya: Contact) -> None:
    note_detail(maya, "birthday", day=3, month=12, by=SYSTEM)
    note_detail(
        maya, "away", "Lisbon", from_on=dt.date(2026, 11, 20), until_on=dt.date(2026, 11, 27), by=SYSTEM
    )
    note_detail(maya, "away", "Oslo", from_on=dt.date(2026, 1, 2), by=SYSTEM)
    judge_knowledge(maya, "thinks_savvy", by=SYSTEM)
    answer_question(known.halden, questions()[0].key, "Maya decides alone", by=SYSTEM, contact=maya)
    answer_question(known.halden, questions()[0].key, "Maya and Ola", by=SYSTEM, contact=maya)
    say_expectation(known.halden, "call-time", by=known.jody.actor, contact=maya)
    known.halden.industry = "Retail"
    known.halden.save()
    write_sector_note("retail", "Margins are thin.", by=SYSTEM)
    describe_offer("SEO", what="Being found.", by=SYSTEM)
    page = text(browser(known.jody).get(KNOW))
    for said in (
        "3 December",
        "in 9 days",
        "Lisbon, 20 to 27 Nov 2026",
        "away now",
        "Give credit for what is right",
        "Maya and Ola",
        "1 earlier answer",
        "said once",
        "by Jody Marsh to Maya Lind",
        "Margins are thin.",
        "Being found.",
    ):
        assert said in page, said
    assert "Oslo" not in page  # she is back
    assert "{{" not in page


def test_noted_in_the_sheet_and_taken_back(known: Cast, maya: Contact) -> None:
    jody = browser(known.jody)
    here = f"/clients/halden-bikes/contacts/{maya.pk}/personal/"
    form = jody.get(f"{here}?kind=birthday", headers=HX)
    assert "Year, if you know it" in text(form) and "Back after" not in text(form)
    sheet = HX | {"HX-Target": "sheet"}
    wrong = jody.post(here, {"kind": "birthday", "day": "31", "month": "2"}, headers=sheet)
    assert wrong.status_code == 422 and "February has no day 31" in text(wrong)
    done = jody.post(here, {"kind": "birthday", "day": "3", "month": "12"}, headers=sheet)
    assert done.status_code == 204
    assert all(said in done["HX-Trigger"] for said in ("close-dialog", "know-people", "toast"))
    detail = PersonalDetail.objects.get()
    part = jody.get(KNOW, headers=HX | {"HX-Target": "people"})
    assert "3 December" in text(part) and 'id="discovery"' not in text(part)
    corrected = f"/clients/halden-bikes/personal/{detail.pk}/"
    assert 'value="3"' in text(jody.get(corrected))
    assert jody.post(corrected, {"day": "4", "month": "12"}).status_code == 302
    assert PersonalDetail.objects.standing().get().day == 4
    assert jody.post(f"{corrected}restoration/").status_code == 302
    assert PersonalDetail.objects.standing().get() == detail
    jody.post(f"{corrected}retirement/")
    assert not PersonalDetail.objects.standing().exists()


def test_only_the_account_team_reads_personal_details(known: Cast, maya: Contact) -> None:
    detail = note_detail(maya, "family", "Twins at four", by=SYSTEM)
    team.unassign(known.halden.team.get(member=known.keiran, position=Position.SPONSOR), by=SYSTEM)
    head = browser(known.keiran)
    page = text(head.get(KNOW))
    assert "Twins" not in page and "for the account team alone: Jody Marsh, Sam Okafor" in page
    refused = head.get(f"/clients/halden-bikes/personal/{detail.pk}/")
    assert refused.status_code == 409 and "Twins" not in text(refused)
    assert head.post(f"/clients/halden-bikes/personal/{detail.pk}/retirement/").status_code == 409
    assert "Twins" in text(browser(known.sam).get(KNOW))
    assert browser(known.sam).get("/clients/orbit-dental/knowledge/").status_code == 404


def test_who_may_only_look_is_offered_nothing(known: Cast, maya: Contact) -> None:
    team.assign(known.orbit, known.sam, Position.DELIVERY, by=SYSTEM)
    sam = browser(known.sam)
    page = text(sam.get("/clients/orbit-dental/knowledge/"))
    assert "Write their answer" not in page and "I have said it" not in page
    assert sam.post("/clients/orbit-dental/expectations/", {"expectation": "call-time"}).status_code == 409
    assert not known.orbit.expectations_said.exists()


def test_working_with_them(known: Cast, maya: Contact) -> None:
    jody = browser(known.jody)
    here = f"/clients/halden-bikes/contacts/{maya.pk}/"
    assert jody.post(f"{here}working/", {"kind": "pushed_back", "text": "No"}).status_code == 422
    jody.post(f"{here}working/", {"kind": "pushed_back", "text": "No third draft", "reason": "Launch"})
    note = WorkingNote.objects.get()
    assert "Because: Launch" in text(jody.get(KNOW))
    jody.post(f"/clients/halden-bikes/working/{note.pk}/retirement/")
    assert "Because: Launch" not in text(jody.get(KNOW))
    jody.post(f"/clients/halden-bikes/working/{note.pk}/restoration/")
    assert WorkingNote.objects.standing().get() == note
    told = jody.post(f"{here}marketing/", {"level": "savvy"}, headers=HX)
    assert "marketing/?level=" in told["HX-Trigger"]
    assert "one professional to another" in text(jody.get(here))  # on the contact's own page too
    jody.post(f"{here}marketing/?level=")
    assert not maya.marketing_knowledge.standing().exists()


def test_answered_and_said_in_place(known: Cast, maya: Contact) -> None:
    jody = browser(known.jody)
    key = questions()[1].key
    data = {"question": key, "answer": "Search and mail", "contact": maya.pk}
    kept = jody.post("/clients/halden-bikes/discovery/", data)
    assert kept["Location"].endswith(f"/knowledge/#{key}")
    assert "Maya Lind to Jody Marsh" in text(jody.get(KNOW))
    answer = known.halden.discovery.get()
    jody.post(f"/clients/halden-bikes/discovery/{answer.pk}/removal/")
    assert not known.halden.discovery.standing().exists()
    empty = jody.post("/clients/halden-bikes/discovery/", data | {"answer": " "}, headers=HX)
    assert empty.status_code == 409 and b"Write what they answered" in empty.content
    said = jody.post("/clients/halden-bikes/expectations/", {"expectation": "call-time"}, headers=HX)
    assert said.status_code == 204 and "know-expectations" in said["HX-Trigger"]
    row = known.halden.expectations_said.get()
    part = text(jody.get(KNOW, headers=HX | {"HX-Target": "expectations"}))
    assert "said once" in part and "Said it again" in part
    jody.post(f"/clients/halden-bikes/expectations/{row.pk}/removal/")
    assert not known.halden.expectations_said.standing().exists()
