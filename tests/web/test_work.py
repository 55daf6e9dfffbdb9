"""The page of the work shown: writing down, planning, bringing in, the lists; what the client sees of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from steadyhand.clients.portal_access import invite_contact
from steadyhand.comms.models import Notification
from steadyhand.core.models import Event
from steadyhand.delivery.models import Backlink, ContentItem, PlannedWork, Recommendation, SiteScore
from steadyhand.delivery.work import entering, planning
from steadyhand.delivery.work.lists import Lists
from steadyhand.delivery.work.tables import ADVICE, LINKS, SCORES
from steadyhand.delivery.work.taking_in import take_in
from steadyhand.people.roles import Role
from steadyhand.people.tokens import make_token
from steadyhand.reporting.metrics import dashboards, receiving, store
from steadyhand.reporting.metrics.store import Observation
from tests.cast import NOW, SYSTEM, Cast, build, joined, user_of
from tests.contracts.query_counts import pinned
from tests.reporting import inline

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
WORK = "/clients/halden-bikes/work/"
LINK = {
    "day": "2026-11-10",
    "type": "guest post",
    "status": "completed",
    "url": "https://example.com/bikes",
    "anchor": "city bikes",
    "authority": "54",
    "note": "cost us a lunch",
}
ADVISED = {"day": "2026-11-02", "url": "https://halden.test/a", "issue": "No title", "action": "Write one"}


@pytest.fixture
def frozen(tmp_path: Path, settings: object) -> Iterator[None]:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    with time_machine.travel(NOW, tick=False), patch.object(store, "_ask", inline.ask):
        yield None


@pytest.fixture
def people(frozen: None) -> Cast:
    return build(planned=False)


@pytest.fixture
def browser(people: Cast) -> Browser:
    browser = Browser()
    browser.force_login(user_of(people.jody))
    return browser


def test_a_link_is_written_down_changed_taken_out_and_put_back(browser: Browser) -> None:
    assert "Here stand the links" in browser.get(WORK).text
    answer = browser.post(f"{WORK}links/", LINK, follow=True)
    assert "The link is written down." in answer.text
    assert "example.com" in answer.text
    link = Backlink.objects.get()
    assert "cost us a lunch" in browser.get(f"{WORK}links/{link.pk}/").text
    browser.post(f"{WORK}links/{link.pk}/", LINK | {"authority": "60"})
    answer = browser.post(f"{WORK}links/{link.pk}/removal/", follow=True)
    assert f"{WORK}links/{link.pk}/restoration/" in answer.text
    assert browser.get(f"{WORK}links/{link.pk}/").status_code == 404
    browser.post(f"{WORK}links/{link.pk}/restoration/")
    link.refresh_from_db()
    assert (link.authority, link.dropped_at) == (60, None)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"url": "no address"}, "is no address of a page"),
        ({"day": "2036-01-01"}, "more than a year ahead"),
        ({"authority": "-4"}, "Authority cannot be -4"),
        ({"status": "nearly"}, "nearly is not one of the available choices"),
    ],
    ids=["url", "day", "authority", "status"],
)
def test_what_cannot_be_is_said_at_its_field(browser: Browser, wrong: dict[str, str], sentence: str) -> None:
    answer = browser.post(f"{WORK}links/", LINK | wrong)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not Backlink.objects.exists()


def test_a_score_with_its_parts_says_whose_it_is(browser: Browser) -> None:
    browser.post(f"{WORK}scores/", {"day": "2026-10-05", "score": "61", "tool": "Crawler", "part_1": "40"})
    browser.post(f"{WORK}scores/", {"day": "2026-11-05", "part_0": "80", "part_1": "52"})
    old, new = SiteScore.objects.order_by("day")
    assert (old.parts, new.score, new.from_parts) == ({"speed": 40}, 66, True)
    text = browser.get(WORK).text
    assert "each counts the same" in text
    assert "+12" in text
    assert "The score went from 61 on 5 October 2026 to 66 on 5 November 2026." in text


def test_a_month_is_planned_and_set_beside_what_was_done(browser: Browser, people: Cast) -> None:
    browser.post(f"{WORK}links/", LINK)
    planned = {"output": "links", "type": "guest post", "count": "4", "month": "2026-11", "lasting": "on"}
    assert "1 of 4" in browser.post(f"{WORK}plan/", planned, follow=True).text
    assert "of 4" not in browser.get(f"{WORK}?month=2026-10").text
    answer = browser.post(f"{WORK}plan/", planned | {"type": "article"})
    assert answer.status_code == 422
    assert "no type of link on your list" in answer.text
    browser.post(f"{WORK}plan/{PlannedWork.objects.get().pk}/removal/")
    assert not PlannedWork.objects.exists()
    assert [browser.get(f"{WORK}?month={far}").status_code for far in ("soon", "0001-01", "9999-12")] == [
        422
    ] * 3


def test_figures_stand_beside_the_work(browser: Browser, people: Cast) -> None:
    days = [dt.date(2026, 11, day) for day in range(1, 20)]
    rows = [Observation("shop", "sessions", day, 40.0) for day in days]
    receiving.receive(people.halden, "shop", rows, by=SYSTEM)
    browser.post(f"{WORK}links/", LINK)
    text = browser.get(WORK).text
    assert "760" in text
    assert "/clients/halden-bikes/figures/?period=2026-11" in text


def table(text: str, name: str = "links.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(), "text/csv")


def test_a_table_is_looked_at_and_brought_in(browser: Browser) -> None:
    text = (
        "Date,Site,Link type,Status,Anchor,Live URL,DA\n"
        "13/11/2026,example.com,Guest Post,Completed,bikes,https://example.com/a,54\n"
        "03/11/2026,other.example,niche edit,in progress,,,\n"
        "04/11/2026,bad.example,niche edit,in progress,,,-3\n"
    )
    answer = browser.post(f"{WORK}uploads/", {"file": table(text)})
    seen = browser.get(answer["Location"])
    assert "2 are new, 1 left out." in seen.text
    assert "Authority cannot be -3." in seen.text
    assert "day first, because line 2 says 13/11/2026" in seen.text
    assert not Backlink.objects.exists()
    roles = ["day", "domain", "type", "status", "anchor", "url", "authority"]
    sent = {"kind": "links", "was": "links"} | {f"role_{n}": role for n, role in enumerate(roles)}
    browser.post(answer["Location"], sent)
    assert Backlink.objects.count() == 2
    assert "2 stood there already, 1 left out." in browser.get(answer["Location"]).text
    browser.post(answer["Location"], sent)
    assert Backlink.objects.count() == 2
    assert Event.objects.filter(verb="work.received").count() == 1


def test_a_table_of_content_is_known_by_its_headings(browser: Browser) -> None:
    text = "date,title,content type,status,word count\n2026-11-03,How to choose,article,published,1200\n"
    answer = browser.post(f"{WORK}uploads/", {"file": table(text, "content.csv")})
    assert "Read as content" in browser.get(answer["Location"]).text
    other = browser.get(f"{answer['Location']}&kind=links&was=content&role_0=day")
    assert other.status_code == 200
    assert "Read as links" in other.text
    assert not ContentItem.objects.exists()


def test_the_lists_are_the_agencys(browser: Browser, people: Cast) -> None:
    assert browser.get("/settings/work/").status_code == 403
    browser.force_login(user_of(joined("Mira Director", Role.MANAGING_DIRECTOR)))
    assert "guest post" in browser.get("/settings/work/").text
    words = {"was_0": "guest post", "word_0": "guest article", "was_1": "niche edit", "word_1": ""}
    take_in(people.halden, LINKS, [(2, LINK)], by=SYSTEM)
    assert browser.post("/settings/work/link_type/", words | {"word_3": "podcast"}).status_code == 302
    assert [one.word for one in Lists().words("link_type")] == ["guest article", "podcast"]
    assert Backlink.objects.get().type == "guest article"
    assert browser.post("/settings/work/link_type/", {"was_0": "podcast"}).status_code == 422
    assert browser.post("/settings/work/nothing/").status_code == 404


def visitor(people: Cast) -> Browser:
    contact = invite_contact(people.halden.contacts.exclude(email="").earliest("pk"), by=SYSTEM)
    assert contact.user is not None
    browser = Browser()
    browser.force_login(contact.user)
    return browser


def test_the_client_sees_it_once_the_figures_are_shared(people: Cast) -> None:
    take_in(people.halden, LINKS, [(2, LINK)], by=SYSTEM)
    take_in(people.halden, ADVICE, [(2, ADVISED)], by=SYSTEM)
    browser = visitor(people)
    row = Recommendation.objects.get()
    answering = f"/portal/work/recommendations/{row.pk}/answer/"
    assert "example.com" not in browser.get("/portal/work/").text
    assert browser.post(answering, {"state": "done"}).status_code == 404
    dashboards.share(people.halden, by=SYSTEM)
    text = browser.get("/portal/work/").text
    assert "example.com" in text
    assert "cost us a lunch" not in text
    assert browser.post(answering, {"state": "declined"}).status_code == 422
    assert browser.post(answering, {"state": "declined", "words": "In spring"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.answer, row.by_client) == ("declined", "In spring", True)
    told = Notification.objects.filter(event__verb="recommendation.answered")
    assert people.jody in {note.member for note in told}
    staff = Browser()
    staff.force_login(user_of(people.jody))
    assert "In spring" in staff.get(WORK).text
    assert "The client says it is not wanted" in staff.get("/clients/halden-bikes/timeline/").text


def test_the_api_sends_and_reads(people: Cast) -> None:
    _, secret = make_token(people.jody, "tests", "write", by=people.jody.actor)
    program = Browser(headers={"Authorization": f"Bearer {secret}"})
    at = "/api/clients/halden-bikes/work"

    def send(what: str, *rows: dict[str, object]) -> dict[str, object]:
        answer = program.post(f"{at}/{what}", {"rows": rows}, content_type="application/json")
        return {"status": answer.status_code} | (answer.json() if what != "plan" else {})

    link = {"date": "2026-11-10", "url": "https://a.example/x", "type": "niche edit", "status": "completed"}
    assert send("links", link, link | {"url": "x y"})["refused"] == [
        {"line": 2, "sentence": "“x y” is no address of a page. Write it as https://example.com/page."}
    ]
    assert send("links", link)["unchanged"] == 1
    assert send("links", link | {"authority": -1})["status"] == 422
    assert send("links")["status"] == 422
    send("scores", {"date": "2026-11-02", "parts": {"speed": 50, "links": 71}})
    send("content", {"date": "2026-11-02", "title": "Tyres", "type": "article", "status": "editing"})
    send("recommendations", {**ADVISED, "date": "2026-11-02"})
    assert send("plan", {"what": "links", "count": 3, "month": "2026-11-01"})["status"] == 201
    assert program.get(f"{at}/links").json()[0]["domain"] == "a.example"
    assert program.get(f"{at}/scores").json()[0]["score"] == 60
    assert program.get(f"{at}/content").json()[0]["done_on"] is None
    assert program.get(f"{at}/recommendations").json()[0]["state"] == "open"
    assert program.get(f"{at}/plan?month=2026-11").json() == [
        {"what": "links", "type": "", "planned": 3, "done": 1}
    ]
    assert program.get("/api/clients/lumen-legal/work/links").status_code == 404


def test_the_page_asks_the_same_however_much_was_done(
    browser: Browser, people: Cast, django_assert_max_num_queries: object
) -> None:
    counts = []
    for last in (3, 60):
        lines = [
            (n, LINK | {"url": f"https://e.example/{n}", "day": f"2026-11-{n % 20 + 1:02}"})
            for n in range(last)
        ]
        take_in(people.halden, LINKS, lines, by=SYSTEM)
        advised = [(n, ADVISED | {"issue": f"Issue {n}"}) for n in range(last)]
        take_in(people.halden, ADVICE, advised, by=SYSTEM)
        scored = [(n, {"day": f"2026-{n + 1:02}-01", "score": str(50 + n)}) for n in range(min(last, 11))]
        take_in(people.halden, SCORES, scored, by=SYSTEM)
        planning.plan_work(people.halden, "links", last, NOW.date(), by=SYSTEM)
        browser.get(WORK)
        with django_assert_max_num_queries(100) as asked:  # type: ignore[operator]
            assert browser.get(WORK).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
    pinned("work: page", counts[1])
    text = browser.get(f"{WORK}links/").text
    assert text.count("Change the link on") == 60


def test_a_long_table_goes_on(browser: Browser, people: Cast) -> None:
    lines = [(n, LINK | {"url": f"https://e.example/{n}"}) for n in range(130)]
    take_in(people.halden, LINKS, lines, by=SYSTEM)
    first = browser.get(f"{WORK}links/").text
    older = first.split("?before=")[1].split('"')[0]
    assert browser.get(f"{WORK}links/?before={older}").text.count("Change the link on") == 30
    assert browser.get(f"{WORK}links/?before=nonsense.x").status_code == 200


def test_others_neither_see_nor_write(browser: Browser, people: Cast) -> None:
    link = entering.enter(people.lumen, LINKS, LINK, by=SYSTEM)
    assert browser.get("/clients/lumen-legal/work/").status_code == 404
    assert browser.post("/clients/lumen-legal/work/links/", LINK).status_code == 404
    assert browser.post(f"{WORK}links/{link.pk}/removal/").status_code == 404
    assert browser.get(f"{WORK}cakes/").status_code == 404
    assert browser.get(f"{WORK}plan/").status_code == 405


def test_an_invited_contact_of_another_client_answers_nothing(people: Cast) -> None:
    take_in(people.orbit, ADVICE, [(2, ADVISED)], by=SYSTEM)
    for client in (people.orbit, people.halden):
        dashboards.share(client, by=SYSTEM)
    row = Recommendation.objects.get()
    browser = visitor(people)
    assert (
        browser.post(f"/portal/work/recommendations/{row.pk}/answer/", {"state": "done"}).status_code == 404
    )
