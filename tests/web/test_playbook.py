"""The playbook to read: chapters, versions, what ships."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from steadyhand.core import agency
from steadyhand.desk.playbook_chapters import CHAPTERS
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from steadyhand.playbook.content import SECTIONS
from steadyhand.playbook.documents import dumps, loads, shipped
from steadyhand.playbook.policy import Policy
from steadyhand.playbook.publishing import adopt_shipped, publish_text
from tests import cast

pytestmark = pytest.mark.django_db
BACKEND = "steadyhand.people.sign_in.Backend"


@pytest.fixture
def people() -> Iterator[cast.Cast]:
    with time_machine.travel(cast.NOW, tick=False):
        yield cast.build()


def browser_of(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(cast.user_of(member), backend=BACKEND)
    return browser


def text(answer: Any) -> str:
    """What a reader sees, without tags."""
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def test_the_chapters_hold_all_of_a_playbook() -> None:
    parts = {part for chapter in CHAPTERS for part in chapter.parts}
    whole = {*Policy.model_fields, *(f"content.{section}" for section in SECTIONS)}
    assert whole - parts == {"name", "title", "about", "currency", "content"}


def test_the_matrix_says_its_bands_in_words(people: cast.Cast) -> None:
    page = text(browser_of(people.sam).get("/playbook/"))
    for words in ("up to £1,000", "above £1,000 and under £1,500", "£1,500 to £3,000", "£6,000 and more"):
        assert words in page
    assert "fortnightly, 30 min" in page
    assert page.count("agreed with each client") == 2
    assert "version 1 is live since" in page


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("tiers", "Tier 2: large clients with room to grow £5,000 to under £10,000 Senior account manager"),
        ("allowances", "1 h of calls a month for each £1,500 of monthly spend, counted to the minute"),
        ("allowances", "£25. Likely to grow: worth a coffee each month."),
        ("first-month", "Weekly for the first month, 45 minutes each. The client may decline them."),
        ("say", "Month 1 is for setting up Once, in month 1"),
        ("ask", "Answered from 1 (poor) to 5 (excellent)."),
        ("agendas", "Led by the"),
        ("letters", "Priya"),
        ("talk-tracks", "When a client objects"),
        ("routines", "Daily"),
        ("forms", "Which domain is your website on? needed"),
        ("standard", "Done when:"),
    ],
)
def test_each_chapter_reads(people: cast.Cast, slug: str, words: str) -> None:
    assert words in text(browser_of(people.sam).get(f"/playbook/{slug}/"))


def test_every_entry_of_the_content_is_on_its_page(people: cast.Cast) -> None:
    browser = browser_of(people.sam)
    for chapter in CHAPTERS:
        page = text(browser.get(f"/playbook/{chapter.slug}/"))
        for part in chapter.parts:
            _, _, section = part.partition("content.")
            for entry in getattr(shipped("framework").policy.content, section, ()) if section else ():
                said = getattr(entry, "title", "") or getattr(entry, "text", "") or entry.question
                assert said.replace("'", "&#x27;") in page, (chapter.slug, entry.key)


def test_a_letter_shows_examples_and_its_merge_fields(people: cast.Cast) -> None:
    page = browser_of(people.sam).get("/playbook/letters/").content.decode()
    assert '<span class="merge" title="contact.first_name">Priya</span>' in page
    assert "<code>{{ contact.first_name }}</code>" in page


def test_what_we_say_is_shown_with_examples_too(people: cast.Cast) -> None:
    for chapter in CHAPTERS:
        if chapter.slug != "letters":
            assert "{{" not in browser_of(people.sam).get(f"/playbook/{chapter.slug}/").content.decode()


def test_who_may_not_edit_reads_without_buttons(people: cast.Cast) -> None:
    assert "Start a draft" not in text(browser_of(people.sam).get("/playbook/"))
    assert "Start a draft" in text(browser_of(people.keiran).get("/playbook/"))
    assert browser_of(people.sam).get("/playbook/shipped/").status_code == 403
    assert browser_of(people.sam).post("/playbook/").status_code == 405
    assert Browser().get("/playbook/").status_code == 302


def test_versions_stay_readable_with_what_they_changed(people: cast.Cast) -> None:
    policy = shipped("framework").policy
    dearer = policy.having(call_allowance={"minutes": 60, "step": 2000})
    publish_text(dumps(dearer), by=people.keiran.actor, note="Dearer calls")
    browser = browser_of(people.sam)
    listed = text(browser.get("/playbook/versions/"))
    assert "Framework, version 2" in listed
    assert "by Keiran Reid: Dearer calls" in listed
    second = text(browser.get("/playbook/versions/framework/2/"))
    assert "1 difference from Framework, version 1" in second
    assert "was £1,500 now £2,000" in second
    assert "each £1,500" in text(browser.get("/playbook/versions/framework/1/allowances/"))
    assert browser.get("/playbook/versions/1/")["Location"] == "/playbook/versions/framework/1/"


def test_a_number_alone_means_the_live_playbook(people: cast.Cast) -> None:
    browser = browser_of(people.sam)
    adopt_shipped("concierge", "GBP", by=people.keiran.actor)
    assert browser.get("/playbook/versions/1/")["Location"] == "/playbook/versions/concierge/1/"
    assert browser.get("/playbook/versions/9/").status_code == 404


def test_a_version_downloads_as_the_text_it_is(people: cast.Cast) -> None:
    answer = browser_of(people.sam).get("/playbook/versions/framework/1/text/")
    assert answer["Content-Disposition"] == 'attachment; filename="framework-1.toml"'
    assert loads(answer.content.decode()).policy == shipped("framework").policy


def test_what_does_not_exist_is_not_found(people: cast.Cast) -> None:
    browser = browser_of(people.keiran)
    for path in (
        "nonsense/",
        "versions/framework/9/",
        "versions/nobody/1/",
        "shipped/nobody/",
        "versions/framework/1/x/",
    ):
        assert browser.get(f"/playbook/{path}").status_code == 404


@time_machine.travel(cast.NOW, tick=False)
def test_before_anything_is_published_the_page_says_what_to_do() -> None:
    agency.found(by=cast.SYSTEM, name="Northwind")
    head, executive = cast.joined("Keiran Reid", Role.HEAD), cast.joined("Sam Okafor", Role.EXECUTIVE)
    assert "Choose a playbook" in text(browser_of(head).get("/playbook/"))
    assert "Choose a playbook" not in text(browser_of(executive).get("/playbook/"))
    assert "Published versions will stand here" in text(browser_of(executive).get("/playbook/versions/"))
    assert "Take it as a draft" in text(browser_of(head).get("/playbook/shipped/"))


def test_clients_still_to_be_planned_are_counted(people: cast.Cast) -> None:
    browser = browser_of(people.sam)
    assert "Clients planned by this version" not in text(browser.get("/playbook/"))
    publish_text(dumps(shipped("concierge").policy.having(currency="GBP")), by=people.keiran.actor)
    assert "Clients planned by this version 0 of 4" in text(browser.get("/playbook/"))
    assert 'hx-get="/playbook/planning/"' in browser.get("/playbook/planning/").content.decode()


def test_reading_takes_the_same_queries_in_every_chapter(
    people: cast.Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = browser_of(people.sam)
    browser.get("/playbook/")
    for chapter in CHAPTERS:
        with django_assert_num_queries(6):
            browser.get(f"/playbook/{chapter.slug}/")
