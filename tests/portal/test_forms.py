"""A form on the client's pages: opened by a link, filled in without scripts and with, by several people."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from steadyhand.clients import book
from steadyhand.clients.item_links import issue_link
from steadyhand.clients.models import Contact
from steadyhand.onboarding.forms.handing import hand_section
from steadyhand.onboarding.forms.reading import answers_of
from steadyhand.onboarding.forms.sending import withdraw_form
from steadyhand.onboarding.forms.values import stamp
from steadyhand.onboarding.models import AgreedTerms, FormState, OtherAnswer, SentForm
from tests.cast import NOW, SYSTEM, Cast, build
from tests.clients.test_files import png
from tests.onboarding.filled import NEEDED, actor_of, maya, ola, returned, sent_to_maya, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield build(planned=False)


@pytest.fixture
def sent(cast: Cast) -> SentForm:
    return sent_to_maya(cast)


def opened(sent: SentForm, contact: Contact | None = None) -> Browser:
    """A browser in which somebody opened a link to the form."""
    browser = Browser()
    path = sent.link_path if contact is None else issue_link(contact, "form", sent.pk, by=SYSTEM)[1]
    assert browser.get(path).headers["Location"] == home(sent)
    return browser


def home(sent: SentForm) -> str:
    return f"/portal/forms/{sent.pk}/"


def text(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def fields(browser: Browser, path: str) -> dict[str, str]:
    """What a browser without scripts would send of the part's form."""
    page = browser.get(path).content.decode()
    sent = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
    sent |= dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL))
    return sent


def test_a_link_opens_the_form_and_nothing_else(cast: Cast, sent: SentForm) -> None:
    browser = opened(sent)
    page = text(browser, home(sent))
    assert "Getting to know you" in page and "2 of" in page and "How we work together" in page
    assert Browser().get(home(sent)).status_code == 404
    other = sent_to_maya(cast, "project")
    assert browser.get(home(other)).status_code == 404
    withdraw_form(sent, by=cast.jody.actor)
    assert browser.get(home(sent)).status_code == 404


def test_a_part_is_saved_by_its_button_alone(sent: SentForm) -> None:
    browser, path = opened(sent), f"{home(sent)}parts/business/"
    typed = fields(browser, path)
    assert typed["domain"] == "haldenbikes.test" and "We had this already" in text(browser, path)
    answer = browser.post(path, typed | {"business": "Bicycles.", "phone": "ring m", "stay": "1"})
    assert answer.headers["Location"] == f"{path}?check"
    page = text(browser, f"{path}?check")
    assert "“ring m” is not a telephone number" in page and "Bicycles." in page
    answer = browser.post(path, fields(browser, path) | {"phone": "020 7946 0182"})
    assert answer.headers["Location"] == f"{home(sent)}parts/people/"
    assert answers_of(sent)["phone"] == "020 7946 0182"


def test_an_untouched_field_never_disputes_what_a_colleague_wrote(sent: SentForm) -> None:
    browser, path = opened(sent), f"{home(sent)}parts/business/"
    before = fields(browser, path)
    write(sent, "business", "Written by Ola meanwhile")
    browser.post(path, before | {"industry": "Bicycles"})
    assert answers_of(sent)["business"] == "Written by Ola meanwhile"
    assert not OtherAnswer.objects.exists()


def test_two_hands_on_one_field_are_both_shown_and_one_is_picked(sent: SentForm) -> None:
    browser, path = opened(sent), f"{home(sent)}parts/business/"
    before = fields(browser, path)
    hand_section(sent, "business", by=actor_of(maya()), contact=ola())
    write(sent, "business", "Bikes for hills", ola())
    browser.post(path, before | {"business": "Bicycles", "stay": "1"})
    page = text(browser, path)
    assert "Bikes for hills" in page and "Maya Lind wrote something else" in page
    other = OtherAnswer.objects.get()
    assert "Two of you wrote something" in text(browser, home(sent))
    typed = fields(browser, path) | {"industry": "Bicycles", "keep": "other"}
    browser.post(f"{home(sent)}others/{other.pk}/choice/", typed)
    answers = answers_of(sent)
    assert (answers["business"], answers["industry"]) == ("Bicycles", "Bicycles")


def test_each_field_is_saved_as_it_is_typed(sent: SentForm) -> None:
    browser = opened(sent)
    path = f"{home(sent)}answers/has-crm/"
    answer = browser.post(path, {"has-crm": "yes", "base": stamp(""), "page": "p"}).json()
    assert answer["stands"] and answer["base"] == stamp("yes") and "which-crm" in answer["shown"]
    assert "leads-today" not in answer["shown"]
    answer = browser.post(
        f"{home(sent)}answers/contacts/",
        {
            "contacts.0.name": "Maya Lind",
            "contacts.3.email": "x@",
            "base": stamp(answers_of(sent)["contacts"]),
        },
    ).json()
    assert "Line 2 has no name" in answer["notes"]
    assert answers_of(sent)["contacts"] == [{"name": "Maya Lind"}, {"email": "x@"}]
    assert browser.post(f"{home(sent)}answers/nothing/", {"base": ""}).status_code == 404
    returned(sent, contacts=NEEDED["onboarding"]["contacts"])
    refused = browser.post(path, {"has-crm": "no", "base": stamp("yes")})
    assert refused.status_code == 409 and "sent back" in refused.json()["refused"]


def test_what_is_asked_only_sometimes_is_hidden_until_then(sent: SentForm) -> None:
    browser, path = opened(sent), f"{home(sent)}parts/leads/"
    assert re.search(r'id="which-crm"[^>]*hidden', browser.get(path).content.decode())
    browser.post(path, fields(browser, path) | {"has-crm": "yes"})
    assert not re.search(r'id="which-crm"[^>]*hidden', browser.get(path).content.decode())


def test_a_colleague_sees_their_part_and_nothing_more(cast: Cast, sent: SentForm) -> None:
    maya_s = opened(sent)
    asked = maya_s.post(f"{home(sent)}parts/goals/handing/", {"contact": ola().pk})
    assert asked.status_code == 302
    refused = maya_s.post(f"{home(sent)}parts/brand/handing/", {"name": "Piet", "email": "nowhere"})
    assert refused.status_code == 422 and b"not an e-mail address" in refused.content
    assert b'value="Piet"' in refused.content
    browser = opened(sent, ola())
    page = text(browser, home(sent))
    assert "What you want to reach" in page and "Your business" not in page and "How we work" not in page
    assert browser.get(f"{home(sent)}parts/business/").status_code == 404
    path = f"{home(sent)}parts/goals/"
    assert browser.post(path, fields(browser, path) | {"objectives": "More."}).status_code == 302
    assert answers_of(sent)["objectives"] == "More."
    assert browser.post(f"{home(sent)}return/").status_code == 422
    maya_s.post(f"{home(sent)}handed/{sent.handed.get().pk}/removal/")
    assert browser.get(home(sent)).status_code == 404


def test_brand_files_come_and_go(sent: SentForm) -> None:
    browser, path = opened(sent), f"{home(sent)}parts/brand/"
    typed = fields(browser, path)
    files = [SimpleUploadedFile("logo.png", png()), SimpleUploadedFile("evil.html", b"<script>1</script>")]
    refused = browser.post(path, typed | {"brand-files": files, "brand-voice": "Plain."})
    assert refused.status_code == 422 and b"evil.html" in refused.content
    assert answers_of(sent)["brand-voice"] == "Plain.", "what was typed is kept beside a refused file"
    file = sent.files.get()
    got = browser.get(f"{home(sent)}files/{file.pk}/")
    assert b"".join(got.streaming_content) == png()  # type: ignore[attr-defined]
    assert "attachment" in got.headers["Content-Disposition"]
    browser.post(f"{home(sent)}files/{file.pk}/removal/", fields(browser, path))
    assert not sent.files.exists()


def test_it_is_agreed_to_and_sent_back(sent: SentForm) -> None:
    browser = opened(sent)
    refused = browser.post(f"{home(sent)}return/")
    assert refused.status_code == 422 and b"another look" in refused.content
    for key, value in NEEDED["onboarding"].items():
        write(sent, key, value)
    assert browser.post(f"{home(sent)}terms/").status_code == 422
    digest = fields(browser, home(sent))["digest"]
    browser.post(f"{home(sent)}terms/", {"agrees": "on", "digest": digest})
    assert AgreedTerms.objects.get().name == "Maya Lind"
    assert browser.post(f"{home(sent)}return/").status_code == 302
    sent.refresh_from_db()
    assert sent.state == FormState.RETURNED and "Thank you" in text(browser, home(sent))
    browser.post(f"{home(sent)}reopening/")
    sent.refresh_from_db()
    assert sent.state == FormState.BEGUN


def test_finance_asks_one_contact_and_no_other_sees_it(cast: Cast) -> None:
    sent = sent_to_maya(cast, "finance")
    write(sent, "legal-name", "Zanzibar4711")
    browser, path = opened(sent), f"{home(sent)}parts/company/"
    assert fields(browser, path)["legal-name"] == "Zanzibar4711"
    for stranger in (opened(sent_to_maya(cast)), other_client(cast), Browser()):
        for url in (home(sent), path, f"{home(sent)}answers/legal-name/"):
            assert stranger.get(url).status_code in (404, 405)
            assert b"Zanzibar" not in stranger.post(url).content
    again = Browser()
    again.get(issue_link(ola(), "form", sent.pk, by=SYSTEM)[1])
    assert again.get(home(sent)).status_code == 404, "being let in is not yet being shown something"


def other_client(cast: Cast) -> Browser:
    kim = book.add_contact(cast.orbit, "Kim", by=SYSTEM, email="kim@orbit.test")
    browser = Browser()
    browser.get(issue_link(kim, "form", 1, by=SYSTEM)[1])
    return browser


def test_pages_are_light(sent: SentForm) -> None:
    browser = opened(sent)
    for section in sent.form.sections:
        page = browser.get(f"{home(sent)}parts/{section.key}/").content
        assert len(page) < 40_000, section.key
        assert b"style=" not in page and b"onclick" not in page
    assert len(browser.get(home(sent)).content) < 40_000
