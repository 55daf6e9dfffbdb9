"""The playbook's draft: written chapter by chapter or as text, compared, previewed, published."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from steadyhand.commitments.models import Commitment
from steadyhand.commitments.planning import plan_book
from steadyhand.desk import playbook_preview
from steadyhand.desk.playbook_chapters import CHAPTERS
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from steadyhand.playbook.documents import dumps, loads, shipped
from steadyhand.playbook.models import Draft, Version
from steadyhand.playbook.publishing import edit_draft, publish_text
from steadyhand.web.forms.playbook import ChapterForm
from tests import cast
from tests.contracts.query_counts import pinned

pytestmark = pytest.mark.django_db
DRAFT = "/playbook/drafts/framework/"
BACKEND = "steadyhand.people.sign_in.Backend"


class Typed(HTMLParser):
    """What a browser would send of the page's draft form, as it stands."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self._area = self._select = ""
        self.feed(page[page.index('<form class="draft') :])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        name = found.get("name", "")
        match tag:
            case "input" if name not in ("", "csrfmiddlewaretoken") and (
                found.get("type") != "checkbox" or "checked" in found
            ):
                self.sent.setdefault(name, found.get("value", ""))
            case "textarea" if name:
                self._area, self.sent[name] = name, ""
            case "select":
                self._select = name
            case "option" if "selected" in found or self._select not in self.sent:
                self.sent[self._select] = found["value"]

    def handle_data(self, data: str) -> None:
        if self._area:
            self.sent[self._area] += data.removeprefix("\n") if not self.sent[self._area] else data

    def handle_endtag(self, tag: str) -> None:
        self._area = "" if tag == "textarea" else self._area


@pytest.fixture
def people() -> Iterator[cast.Cast]:
    with time_machine.travel(cast.NOW, tick=False):
        yield cast.build()


def browser_of(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(cast.user_of(member), backend=BACKEND)
    return browser


@pytest.fixture
def keiran(people: cast.Cast) -> Browser:
    browser = browser_of(people.keiran)
    assert browser.post("/playbook/drafts/")["Location"] == f"{DRAFT}rhythm/"
    return browser


def text(answer: Any) -> str:
    page = answer.content.decode().replace("&quot;", '"').replace("&#x27;", "'")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def typed(browser: Browser, slug: str) -> dict[str, str]:
    return Typed(browser.get(f"{DRAFT}{slug}/").content.decode()).sent


def saved(browser: Browser, slug: str, **changes: str) -> Any:
    """Save a chapter with some answers changed; names are written with __ for dots."""
    return browser.post(
        f"{DRAFT}{slug}/",
        typed(browser, slug) | {name.replace("__", "."): value for name, value in changes.items()},
    )


def policy() -> Any:
    return loads(Draft.objects.get().document).policy


@pytest.mark.parametrize("name", ["framework", "concierge"])
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.slug)
def test_a_form_left_as_it_is_changes_nothing(name: str, chapter: Any) -> None:
    whole = shipped(name).policy
    assert ChapterForm.of(chapter.parts, whole).changed(whole) == whole


def test_the_forms_a_browser_shows_send_back_what_they_show(keiran: Browser) -> None:
    for chapter in CHAPTERS:
        answer = keiran.post(f"{DRAFT}{chapter.slug}/", typed(keiran, chapter.slug))
        assert (answer.status_code, Draft.objects.get().revision) == (302, 1), chapter.slug


def test_a_cell_of_the_matrix_changes(keiran: Browser) -> None:
    assert saved(keiran, "rhythm", retainer_matrix__1__call__cadence="weekly").status_code == 302
    assert policy().retainer_matrix[1].call.cadence == "weekly"
    assert Draft.objects.get().revision == 2
    compared = text(keiran.get(f"{DRAFT}comparison/"))
    assert "Above £1,000 and under £1,500 › call was fortnightly, last working day, 30 minutes" in compared
    assert Version.live() == Version.objects.get()


@pytest.mark.parametrize(
    ("slug", "changes", "place", "sentence"),
    [
        (
            "rhythm",
            {"retainer_matrix__1__up_to": "900"},
            "retainer_matrix.1",
            "has an overlap: band 2 ends at 900",
        ),
        (
            "rhythm",
            {"retainer_matrix__4__up_to": "9000"},
            "retainer_matrix.4",
            "has a gap: band 5 is the last",
        ),
        ("rhythm", {"retainer_matrix__0__up_to": "-5"}, "retainer_matrix.0.up_to", "-5 is below zero"),
        (
            "rhythm",
            {"retainer_matrix__0__call__minutes": ""},
            "retainer_matrix.0.call.minutes",
            "Fill this in.",
        ),
        (
            "rhythm",
            {"retainer_matrix__2__call__on": "day 15"},
            "retainer_matrix.2.call",
            "“day 15” is not a day of every weekly period",
        ),
        ("rhythm", {"feedback__cadence": "weekly"}, "feedback", "Nobody answers a weekly survey"),
        ("tiers", {"tiers__3__at_least": "10"}, "tiers", "Clients under 10 have no tier"),
        (
            "allowances",
            {"call_allowance__step": "0"},
            "call_allowance",
            "The step of the call allowance is 0",
        ),
        (
            "letters",
            {"content__letters__0__body": "Hello {{ contact.fist_name }}"},
            "content.letters.0.body",
            "did you mean {{ contact.first_name }}?",
        ),
        (
            "agendas",
            {"content__agendas__0__items__1__notes": "Ask {{ client.nam }}"},
            "content.agendas.0.items.1.notes",
            "did you mean {{ client.name }}?",
        ),
        ("say", {"content__expectations__0__say": ""}, "content.expectations.0.say", "This text is empty"),
    ],
)
def test_a_refusal_stands_at_its_place_and_nothing_is_lost(
    keiran: Browser, slug: str, changes: dict[str, str], place: str, sentence: str
) -> None:
    answer = saved(keiran, slug, **changes)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in text(answer)
    spot = page.index(f'id="{place}-error"')
    assert sentence.split("“")[0] in re.sub(r"\s+", " ", page[spot : spot + 900]).replace("&quot;", '"')
    assert f'href="#{place}"' in page
    sent = Typed(page).sent
    assert all(sent[name.replace("__", ".")] == value for name, value in changes.items())
    assert Draft.objects.get().revision == 1


def test_a_band_is_added_and_taken_out_without_javascript(keiran: Browser) -> None:
    first = keiran.post(f"{DRAFT}rhythm/", typed(keiran, "rhythm") | {"do": "add:retainer_matrix"})
    assert "Not saved yet" in text(first)
    sent = Typed(first.content.decode()).sent
    assert sent["retainer_matrix.#"] == "6"
    assert (sent["retainer_matrix.4.up_to"], sent["retainer_matrix.5.bespoke"]) == ("", "on")
    sent |= {
        "retainer_matrix.4.up_to": "9000",
        "retainer_matrix.4.call.has": "on",
        "retainer_matrix.4.call.cadence": "weekly",
        "retainer_matrix.4.call.minutes": "60",
    }
    assert keiran.post(f"{DRAFT}rhythm/", sent).status_code == 302
    band = policy().retainer_matrix[4]
    assert (band.up_to, band.call.minutes, band.call.on, band.report) == (9000, 60, "last working day", None)
    fewer = keiran.post(f"{DRAFT}rhythm/", typed(keiran, "rhythm") | {"do": "remove:retainer_matrix.0"})
    assert keiran.post(f"{DRAFT}rhythm/", Typed(fewer.content.decode()).sent).status_code == 302
    assert [b.up_to for b in policy().retainer_matrix] == [1500, 3000, 6000, 9000, None]


def test_entries_are_added_moved_and_named(keiran: Browser) -> None:
    answer = keiran.post(
        f"{DRAFT}talk-tracks/", typed(keiran, "talk-tracks") | {"do": "add:content.checklists"}
    )
    sent = Typed(answer.content.decode()).sent
    number = int(sent["content.checklists.#"]) - 1
    sent |= {
        f"content.checklists.{number}.title": "Before a pitch",
        f"content.checklists.{number}.use_when": "The day before.",
        f"content.checklists.{number}.items": "Read the brief\r\nBook the room\r\n",
    }
    up = keiran.post(f"{DRAFT}talk-tracks/", sent | {"do": f"up:content.checklists.{number}"})
    assert keiran.post(f"{DRAFT}talk-tracks/", Typed(up.content.decode()).sent).status_code == 302
    added = policy().content.checklists[number - 1]
    assert (added.key, added.items) == ("before-a-pitch", ("Read the brief", "Book the room"))


@pytest.mark.parametrize(
    "deed", ["add:nowhere", "add:", "remove:retainer_matrix.99", "up:x.y", "dance", "remove:tiers.0"]
)
def test_a_deed_nobody_offers_changes_nothing(keiran: Browser, deed: str) -> None:
    before = typed(keiran, "rhythm")
    answer = keiran.post(f"{DRAFT}rhythm/", before | {"do": deed})
    assert answer.status_code == 200
    assert Typed(answer.content.decode()).sent == before


def test_two_editors_see_both_texts_and_lose_neither(people: cast.Cast, keiran: Browser) -> None:
    mine = typed(keiran, "allowances") | {"call_allowance.step": "2000"}
    other = cast.joined("Ada Byron", Role.HEAD_OF_STRATEGY)
    assert saved(browser_of(other), "allowances", call_allowance__step="1200").status_code == 302
    answer = keiran.post(f"{DRAFT}allowances/", mine)
    assert answer.status_code == 409
    page = text(answer)
    assert "Ada Byron saved meanwhile" in page
    assert "Step was £1,200 now £2,000" in page
    assert "step = 2000" in page and "step = 1200" in page
    assert policy().call_allowance.step == 1200
    over = keiran.post(f"{DRAFT}text/", Typed(answer.content.decode()).sent)
    assert over.status_code == 302
    assert policy().call_allowance.step == 2000


def test_a_draft_discarded_meanwhile_still_gives_the_text_back(people: cast.Cast, keiran: Browser) -> None:
    stale = {"document": dumps(shipped("framework")), "revision": "1"}
    draft = Draft.objects.get()
    edit_draft(draft, draft.document + "\n", revision=1, by=people.keiran.actor)
    assert keiran.post(f"{DRAFT}text/", stale).status_code == 409
    assert "This is what goes with it" not in text(keiran.get(f"{DRAFT}removal/"))
    assert keiran.post(f"{DRAFT}removal/")["Location"] == "/playbook/"
    assert keiran.get(f"{DRAFT}text/").status_code == 404


def test_the_text_is_the_whole_draft(keiran: Browser) -> None:
    sent = typed(keiran, "text")
    assert loads(sent["document"]).policy == shipped("framework").policy
    wrong = keiran.post(
        f"{DRAFT}text/", sent | {"document": sent["document"].replace("minutes = 45", "minutes = 0", 1)}
    )
    assert wrong.status_code == 422
    assert re.search(r"line \d+, .*: 0 minutes cannot be planned", text(wrong))
    assert "minutes = 0" in Typed(wrong.content.decode()).sent["document"]
    other = keiran.post(
        f"{DRAFT}text/", sent | {"document": sent["document"].replace('"framework"', '"ours"', 1)}
    )
    assert (other.status_code, "now says “ours”" in text(other)) == (422, True)
    fine = sent["document"].replace("step = 1500", "step = 1600").replace("\n", "\r\n")
    assert keiran.post(f"{DRAFT}text/", sent | {"document": fine}).status_code == 302
    assert policy().call_allowance.step == 1600


def test_a_preview_names_who_gains_and_changes_nothing(people: cast.Cast, keiran: Browser) -> None:
    before = list(Commitment.objects.values())
    saved(
        keiran, "rhythm", retainer_matrix__0__call__cadence="weekly", retainer_matrix__2__report__minutes="30"
    )
    page = text(keiran.get(f"{DRAFT}preview/"))
    assert "1 client · call: was monthly, 45 min now weekly, 45 min who? Orbit Dental" in page
    assert (
        "Clients who get less 1 client · report: was monthly, 90 min now monthly, 30 min who? Halden Bikes"
        in page
    )
    assert "Nothing changes until you publish. What people have already moved or done stays as it is." in page
    assert list(Commitment.objects.values()) == before


def test_publishing_shows_the_effect_and_the_planner_follows(people: cast.Cast, keiran: Browser) -> None:
    saved(keiran, "rhythm", retainer_matrix__0__call__cadence="weekly")
    sent = {"revision": "2", "note": "Small clients want to be heard"}
    assert "Orbit Dental" in text(keiran.get(f"{DRAFT}publication/"))
    assert keiran.post(f"{DRAFT}publication/", sent)["Location"] == "/playbook/"
    live = Version.live()
    assert live is not None
    assert (live.number, live.note, live.published_by) == (2, "Small clients want to be heard", "Keiran Reid")
    assert not Draft.objects.exists()
    assert "Clients planned by this version 0 of 4" in text(keiran.get("/playbook/"))
    plan_book()
    assert "Clients planned by this version" not in text(keiran.get("/playbook/"))
    assert Commitment.objects.filter(client=people.orbit, rule="call", period="2026-W48").exists()


def test_what_was_saved_meanwhile_is_not_published_unseen(people: cast.Cast, keiran: Browser) -> None:
    saved(keiran, "allowances", call_allowance__step="1200")
    answer = keiran.post(f"{DRAFT}publication/", {"revision": "1"})
    assert (answer.status_code, "saved this draft while you were" in text(answer)) == (422, True)
    assert Version.objects.count() == 1


def test_a_newer_version_is_published_over_only_on_purpose(people: cast.Cast, keiran: Browser) -> None:
    saved(keiran, "allowances", call_allowance__step="1200")
    with time_machine.travel(cast.NOW + dt.timedelta(hours=1), tick=False):
        dearer = shipped("framework").policy.having(call_allowance={"minutes": 60, "step": 2000})
        publish_text(dumps(dearer), by=people.keiran.actor)
        answer = keiran.post(f"{DRAFT}publication/", {"revision": "2"})
        assert "I have compared the two" in text(answer)
        assert keiran.post(f"{DRAFT}publication/", {"revision": "2", "over_newer": "on"}).status_code == 302
    live = Version.live()
    assert live is not None and live.number == 3


def test_publishing_what_changes_nothing_is_refused(keiran: Browser) -> None:
    answer = keiran.post(f"{DRAFT}publication/", {"revision": "1"})
    assert (answer.status_code, "there is nothing to publish" in text(answer)) == (422, True)
    assert Draft.objects.exists()


def test_another_that_ships_is_taken_as_a_draft_or_as_it_is(people: cast.Cast) -> None:
    keiran = browser_of(people.keiran)
    answer = keiran.post("/playbook/drafts/", {"shipped": "concierge"})
    assert answer["Location"] == "/playbook/drafts/concierge/rhythm/"
    draft = Draft.objects.get()
    assert loads(draft.document).policy == shipped("concierge").policy.having(currency="GBP")
    assert "Concierge" in text(keiran.get("/playbook/"))
    assert keiran.post("/playbook/drafts/", {"shipped": "concierge"}).status_code == 409
    assert "Publish Concierge" in text(keiran.get("/playbook/shipped/concierge/adoption/"))
    assert keiran.post("/playbook/shipped/concierge/adoption/")["Location"] == "/playbook/"
    live = Version.live()
    assert live is not None and live.playbook.name == "concierge"


def test_roles_that_may_not_are_refused_and_a_draft_is_not_seen(people: cast.Cast, keiran: Browser) -> None:
    strategist, sam = browser_of(cast.joined("Ada Byron", Role.HEAD_OF_STRATEGY)), browser_of(people.sam)
    pages = ("", "rhythm/", "text/", "comparison/", "preview/", "publication/", "removal/")
    assert {sam.get(f"{DRAFT}{page}").status_code for page in pages} == {403}
    assert sam.post("/playbook/drafts/").status_code == 403
    assert strategist.get(f"{DRAFT}rhythm/").status_code == 200
    assert strategist.post(f"{DRAFT}publication/", {"revision": "1"}).status_code == 403
    assert "Publish…" not in text(strategist.get("/playbook/"))
    assert keiran.get("/playbook/drafts/nobody/rhythm/").status_code == 404
    assert keiran.get(f"{DRAFT}nonsense/").status_code == 404
    assert keiran.delete(f"{DRAFT}rhythm/").status_code == 405


def test_a_refusal_says_where_it_is_from_outside_in(keiran: Browser) -> None:
    answer = saved(keiran, "rhythm", retainer_matrix__0__call__minutes="")
    assert "Band 1: to 1,000 › Call › Minutes : Fill this in." in text(answer)


def test_a_draft_that_extends_another_goes_on_extending_it(people: cast.Cast, keiran: Browser) -> None:
    short = 'extends = "framework"\nname = "framework"\n\n[call_allowance]\nstep = 1600\n'
    edit_draft(Draft.objects.get(), short, revision=1, by=people.keiran.actor)
    assert saved(keiran, "first-month", meeting_in_person__from_spend="4000").status_code == 302
    document = Draft.objects.get().document
    assert document.startswith('extends = "framework"') and "[content" not in document
    assert (policy().call_allowance.step, policy().meeting_in_person.from_spend) == (1600, 4000)


def test_name_and_purpose_have_a_form_of_their_own(keiran: Browser) -> None:
    assert saved(keiran, "name", title="How we work", about="For everybody.").status_code == 302
    assert (policy().title, policy().about) == ("How we work", "For everybody.")


PAGES = (
    "/playbook/",
    "/playbook/letters/",
    "/playbook/versions/",
    "/playbook/versions/framework/1/",
    "/playbook/shipped/",
    f"{DRAFT}rhythm/",
    f"{DRAFT}text/",
    f"{DRAFT}comparison/",
    f"{DRAFT}preview/",
    f"{DRAFT}publication/",
)


def test_pages_ask_as_much_of_a_small_book_as_of_a_larger_one(people: cast.Cast, keiran: Browser) -> None:
    saved(keiran, "rhythm", retainer_matrix__0__call__cadence="weekly")
    for extra in (1, 12):
        for number in range(extra):
            cast.retained(f"Extra {extra} {number}", 900, lead=people.jody)
        for page in PAGES:
            with CaptureQueriesContext(connection) as queries:
                assert keiran.get(page).status_code == 200
            pinned(f"head {page}", len(queries))


def test_a_large_book_is_compared_after_the_page_is_shown(
    keiran: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playbook_preview, "AT_ONCE", 3)
    saved(keiran, "rhythm", retainer_matrix__0__call__cadence="weekly")
    for page in (f"{DRAFT}preview/", f"{DRAFT}publication/", "/playbook/shipped/concierge/adoption/"):
        shown = keiran.get(page)
        assert f'hx-get="{page}?effect"' in shown.content.decode()
        assert "Clients who get" not in text(shown)
        assert "Clients who get" in text(keiran.get(f"{page}?effect"))
        part = keiran.get(f"{page}?effect", headers={"HX-Request": "true"}).content.decode()
        assert "Clients who get" in part and "<html" not in part
