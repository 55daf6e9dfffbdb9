"""Forms of a client for us: sent with a letter, followed, read, taken over; finance's for finance alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from steadyhand.clients import book
from steadyhand.clients.models import Contact
from steadyhand.comms.models import Message
from steadyhand.core.models import OutboxMessage
from steadyhand.onboarding.forms.filling import add_file
from steadyhand.onboarding.forms.reading import answers_of
from steadyhand.onboarding.models import FormState, SentForm
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from tests.cast import NOW, SYSTEM, Cast, build, joined, user_of
from tests.clients.test_files import png
from tests.onboarding.filled import actor_of, maya, ola, returned, sent_to_maya, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield build(planned=False)


def browser_of(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(user_of(member))
    return browser


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def test_a_form_is_made_and_its_link_stands_in_a_draft(cast: Cast) -> None:
    jody = browser_of(cast.jody)
    book.change_client(cast.halden, by=SYSTEM, business="Bicycles.")
    page = text(jody.get("/clients/halden-bikes/forms/new/onboarding/"))
    assert "Which domain is your website on?" in page and "haldenbikes.test" in page
    answer = jody.post(
        "/clients/halden-bikes/forms/new/onboarding/", {"to": maya().pk, "known": ["domain", "contacts"]}
    )
    sent, letter = SentForm.objects.get(), Message.objects.get()
    assert answer.headers["Location"] == f"/messages/{letter.pk}/"
    assert letter.to == ["maya@haldenbikes.test"] and "/portal/open/" in letter.text
    assert answers_of(sent).keys() == {"domain", "contacts"}, "what was unticked stays ours"
    page = text(jody.get("/clients/halden-bikes/forms/"))
    assert "Getting to know you" in page and "2 of" in page and "Invoices" in page
    again = jody.post("/clients/halden-bikes/forms/new/onboarding/", {"to": maya().pk})
    assert again.status_code == 422 and b"already with" in again.content
    assert jody.get("/clients/halden-bikes/forms/new/tax/").status_code == 404


def test_answers_are_read_and_taken_over(cast: Cast) -> None:
    sent = sent_to_maya(cast)
    add_file(sent, "brand-files", "logo.png", png(), by=actor_of(maya()))
    returned(sent, speaking="Figures first.")
    jody = browser_of(cast.jody)
    page = text(jody.get(f"/forms/{sent.pk}/"))
    for words in (
        "Bicycles for hills.",
        "Finn Halden",
        "logo.png",
        "Take it over",
        "agreed to our turnaround",
    ):
        assert words in page
    file = sent.files.get()
    assert jody.get(f"/forms/{sent.pk}/files/{file.pk}/").status_code == 200
    book.change_client(cast.halden, by=SYSTEM, goals="Sixty orders.")
    page = jody.get(f"/forms/{sent.pk}/taking-over/").content.decode()
    assert "<del><p>Sixty orders." in page or "<del>Sixty orders." in page
    ticked = re.findall(r'name="take" value="([^"]+)" checked', page)
    everything = re.findall(r'name="take" value="([^"]+)"', page)
    assert len(everything) == len(ticked) + 1, "a difference is not ticked by itself"
    assert jody.post(f"/forms/{sent.pk}/taking-over/", {"take": ticked}).status_code == 302
    cast.halden.refresh_from_db()
    assert cast.halden.goals == "Sixty orders." and Contact.objects.filter(name="Finn Halden").exists()
    page = text(jody.get("/clients/halden-bikes/forms/"))
    assert "Velo Nord" in page and "£1,500" in page and "Advise one" in page


def test_a_stale_page_overwrites_nothing(cast: Cast) -> None:
    sent = returned(sent_to_maya(cast))
    jody = browser_of(cast.jody)
    seen = re.findall(
        r'name="take" value="([^"]+)"', jody.get(f"/forms/{sent.pk}/taking-over/").content.decode()
    )
    book.change_client(cast.halden, by=SYSTEM, goals="Sixty orders.")
    refused = jody.post(f"/forms/{sent.pk}/taking-over/", {"take": seen})
    assert refused.status_code == 422 and b"has changed since" in refused.content


def test_links_reopening_renewal_and_withdrawal(cast: Cast) -> None:
    sent = sent_to_maya(cast)
    jody = browser_of(cast.jody)
    jody.post(f"/forms/{sent.pk}/link/", {"to": ola().pk})
    sent.refresh_from_db()
    assert sent.contact == ola() and Message.objects.get().to == ["ola@haldenbikes.test"]
    jody.post(f"/forms/{sent.pk}/link/", {"to": maya().pk})
    returned(SentForm.objects.preloaded().get(pk=sent.pk))
    jody.post(f"/forms/{sent.pk}/reopening/")
    jody.post(f"/forms/{sent.pk}/renewal/")
    sent.refresh_from_db()
    assert sent.state == FormState.BEGUN
    jody.post(f"/forms/{sent.pk}/withdrawal/")
    sent.refresh_from_db()
    assert sent.state == FormState.WITHDRAWN


def test_finances_answers_are_on_no_page_of_anybody_else(cast: Cast) -> None:
    canary = "Zanzibar4711"
    sent = returned(sent_to_maya(cast, "finance"), legal_name=canary)
    jody, money = browser_of(cast.jody), browser_of(joined("Bridget Shaw", Role.FINANCE))
    page = text(jody.get(f"/forms/{sent.pk}/"))
    assert "Finance alone reads these answers" in page and "Returned by Maya Lind" in page
    assert jody.get(f"/forms/{sent.pk}/taking-over/").status_code == 403
    assert canary in text(money.get(f"/forms/{sent.pk}/"))
    taken = re.findall(
        r'name="take" value="([^"]+)"', money.get(f"/forms/{sent.pk}/taking-over/").content.decode()
    )
    assert money.post(f"/forms/{sent.pk}/taking-over/", {"take": taken}).status_code == 302
    assert canary in text(money.get("/clients/halden-bikes/forms/"))
    here = "/clients/halden-bikes/"
    for path in ("", "forms/", "timeline/", "brief/", "knowledge/", "details/"):
        assert canary not in jody.get(f"{here}{path}").content.decode(), path
    assert canary not in jody.get("/search/?q=Zanzibar").content.decode()
    jody.post(f"{here}contacts/{maya().pk}/looking/")
    assert jody.get(f"/portal/forms/{sent.pk}/").status_code == 404, "nor by looking as the client"


def test_finance_sends_its_own_form_by_itself(cast: Cast) -> None:
    money = browser_of(joined("Bridget Shaw", Role.FINANCE))
    answer = money.post("/clients/halden-bikes/forms/new/finance/", {"to": maya().pk})
    sent = SentForm.objects.get()
    assert answer.headers["Location"] == f"/forms/{sent.pk}/"
    assert "/portal/open/" in OutboxMessage.objects.get(kind="form").text


def test_others_see_nothing(cast: Cast) -> None:
    sent = sent_to_maya(cast)
    stranger = browser_of(joined("Stranger Person", Role.MANAGER))
    write(sent, "business", "Bicycles.")
    for path in (f"/forms/{sent.pk}/", f"/forms/{sent.pk}/taking-over/", "/clients/halden-bikes/forms/"):
        assert stranger.get(path).status_code == 404
    assert stranger.post(f"/forms/{sent.pk}/withdrawal/").status_code == 404


def test_a_list_asks_the_same_however_many_forms_there_are(cast: Cast) -> None:
    jody = browser_of(cast.jody)
    counts = []
    for key in ("onboarding", "project", "finance"):
        write(sent_to_maya(cast, key), "domain" if key != "finance" else "legal-name", key)
        jody.get("/clients/halden-bikes/forms/")
        with CaptureQueriesContext(connection) as queries:
            page = jody.get("/clients/halden-bikes/forms/")
        assert page.content.count(b"data-row") + page.content.count(b"/forms/") >= len(counts) + 1
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
