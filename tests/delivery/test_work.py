"""The work shown: what a line must say, what many lines do, what a month was to bring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import pytest
import time_machine

from steadyhand.clients import book, team
from steadyhand.clients.models import Client, Position
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.models import (
    Backlink,
    ContentItem,
    PlannedWork,
    Recommendation,
    RecommendationState,
    SiteScore,
    WorkList,
)
from steadyhand.delivery.work import entering, planning
from steadyhand.delivery.work.lists import Lists, Renamed, change_list
from steadyhand.delivery.work.tables import ADVICE, CONTENT, LINKS, SCORES, WorkTable
from steadyhand.delivery.work.taking_in import Taken, take_in
from tests.cast import NOW, SYSTEM, Cast, build

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
TODAY = NOW.date()
NOVEMBER = dt.date(2026, 11, 1)
LINK = {
    "day": "2026-11-10",
    "domain": "example.com",
    "type": "guest post",
    "status": "completed",
    "anchor": "city bikes",
    "url": "https://example.com/bikes",
    "authority": "54",
}
ARTICLE = {"day": "2026-11-12", "title": "How to choose a bike", "type": "article", "status": "published"}
ADVISED = {"day": "2026-11-02", "url": "https://halden.test/a", "issue": "No title", "action": "Write one"}


@pytest.fixture
def frozen() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield None


@pytest.fixture
def people(frozen: None) -> Cast:
    return build(planned=False)


def brought(client: Client, table: WorkTable, *rows: Mapping[str, str], dry: bool = False) -> Taken:
    return take_in(client, table, enumerate(rows, start=2), by=SYSTEM, dry=dry)


def test_a_link_is_written_down(people: Cast) -> None:
    link = entering.enter(people.halden, LINKS, LINK, by=people.jody.actor)
    assert isinstance(link, Backlink)
    assert (link.domain, link.authority, link.done_on) == ("example.com", 54, dt.date(2026, 11, 10))
    said = Event.objects.get(verb="work.entered")
    assert said.client_id == people.halden.pk
    assert said.data["text"] == "guest post on example.com"


@pytest.mark.parametrize(
    ("table", "wrong", "sentence", "field"),
    [
        (LINKS, LINK | {"url": "not an address"}, "is no address of a page", "url"),
        (LINKS, LINK | {"url": "javascript:alert(1)"}, "is no address of a page", "url"),
        (LINKS, LINK | {"url": "https://[broken"}, "is no address of a page", "url"),
        (LINKS, LINK | {"day": "2031-01-01"}, "more than a year ahead", "day"),
        (LINKS, LINK | {"day": "1999-12-31"}, "before the year 2000", "day"),
        (LINKS, LINK | {"day": "2026-02-30"}, "is no day", "day"),
        (LINKS, LINK | {"day": "2026-12-01"}, "still to come", "day"),
        (LINKS, LINK | {"authority": "-5"}, "Authority cannot be -5", "authority"),
        (LINKS, LINK | {"authority": "101"}, "100 is the most", "authority"),
        (LINKS, LINK | {"authority": "nan"}, "Authority cannot be nan", "authority"),
        (LINKS, LINK | {"status": "nearly"}, "no status of a link on your list", "status"),
        (LINKS, LINK | {"type": ""}, "Type is missing", "type"),
        (CONTENT, ARTICLE | {"words": "-1"}, "Words cannot be -1", "words"),
        (CONTENT, ARTICLE | {"title": "x" * 301}, "301 characters", "title"),
        (ADVICE, ADVISED | {"state": "perhaps"}, "is no state", "state"),
        (SCORES, {"day": "2026-11-30", "score": "50"}, "measured yet", "day"),
        (SCORES, {"day": "2026-11-01"}, "neither a score nor one of its parts", "score"),
        (SCORES, {"day": "2026-11-01", "part:speed": "120"}, "100 is the most", "part:speed"),
        (SCORES, {"day": "2026-11-01", "part:charm": "12"}, "no part of the score", "part:charm"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_what_cannot_be_is_refused(
    people: Cast, table: WorkTable, wrong: dict[str, str], sentence: str, field: str
) -> None:
    with pytest.raises(Refusal, match=sentence) as refused:
        entering.enter(people.halden, table, wrong, by=SYSTEM)
    assert refused.value.field == field
    assert refused.value.remedy or field == "url"
    assert not Event.objects.filter(verb__startswith="work.").exists()


def test_only_the_account_team_writes(people: Cast) -> None:
    with pytest.raises(Refusal, match="not on that account team"):
        entering.enter(people.lumen, LINKS, LINK, by=people.jody.actor)
    with pytest.raises(Refusal, match="not on that account team"):
        take_in(people.lumen, LINKS, [(2, LINK)], by=people.jody.actor)
    with pytest.raises(Refusal, match="not on that account team"):
        planning.plan_work(people.lumen, "links", 4, NOVEMBER, by=people.jody.actor)


def test_the_same_table_again_changes_nothing(people: Cast) -> None:
    other = LINK | {"url": "", "domain": "https://www.Other.example/x", "status": "In Progress"}
    first = brought(people.halden, LINKS, LINK, other)
    assert (first.new, first.changed, first.unchanged) == (2, 0, 0)
    again = brought(people.halden, LINKS, LINK, other)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    assert Event.objects.filter(verb="work.received").count() == 1
    assert again.sentence == "2 stood there already."


def test_a_line_changes_what_it_says_and_leaves_the_rest(people: Cast) -> None:
    brought(people.halden, LINKS, LINK)
    taken = brought(people.halden, LINKS, {"url": LINK["url"], "authority": "61", "anchor": ""})
    assert (taken.new, taken.changed) == (0, 1)
    link = Backlink.objects.get()
    assert (link.authority, link.anchor, link.domain) == (61, "city bikes", "example.com")


def test_a_link_gets_its_address_later(people: Cast) -> None:
    brought(people.halden, LINKS, LINK | {"url": "", "status": "in progress"})
    assert Backlink.objects.get().done_on is None
    brought(people.halden, LINKS, LINK)
    link = Backlink.objects.get()
    assert (link.url, link.status, link.done_on) == (LINK["url"], "completed", TODAY)


def test_wrong_lines_are_told_and_the_rest_comes_in(people: Cast) -> None:
    taken = brought(
        people.halden, LINKS, LINK, LINK, LINK | {"url": "x y"}, LINK | {"url": "", "domain": "b.test"}
    )
    assert (taken.new, taken.refused_count) == (2, 2)
    assert [one.line for one in taken.refused] == [3, 4]
    assert "the same link as line 2" in taken.refused[0].sentence


def test_a_line_that_could_be_about_several_is_told(people: Cast) -> None:
    brought(people.halden, LINKS, LINK, LINK | {"url": "https://example.com/other"})
    taken = brought(people.halden, LINKS, LINK | {"url": "", "authority": "3"})
    assert "Say the URL." in taken.refused[0].sentence
    assert not Backlink.objects.filter(authority=3).exists()


def test_looking_writes_nothing(people: Cast) -> None:
    taken = brought(people.halden, LINKS, LINK, dry=True)
    assert taken.new == 1
    assert not Backlink.objects.exists()


def test_what_is_taken_out_can_be_put_back(people: Cast) -> None:
    link = entering.enter(people.halden, LINKS, LINK, by=SYSTEM)
    entering.drop(link, by=SYSTEM)
    assert not Backlink.objects.standing().exists()
    entering.restore(link, by=SYSTEM)
    assert Backlink.objects.standing().count() == 1
    entering.drop(link, by=SYSTEM)
    entering.enter(people.halden, LINKS, LINK, by=SYSTEM)
    with pytest.raises(Refusal, match="stands there already"):
        entering.restore(link, by=SYSTEM)


def test_nothing_stands_there_twice(people: Cast) -> None:
    entering.enter(people.halden, LINKS, LINK, by=SYSTEM)
    with pytest.raises(Refusal, match="stands there already"):
        entering.enter(people.halden, LINKS, LINK | {"day": "2026-11-11"}, by=SYSTEM)
    other = entering.enter(people.halden, LINKS, LINK | {"url": "https://example.com/b"}, by=SYSTEM)
    with pytest.raises(Refusal, match="stands there already"):
        entering.change(other, LINK, by=SYSTEM)
    entering.enter(people.orbit, LINKS, LINK, by=SYSTEM)


def test_a_change_empties_what_is_left_empty(people: Cast) -> None:
    link = entering.enter(people.halden, LINKS, LINK, by=SYSTEM)
    changed = entering.change(link, LINK | {"authority": "", "anchor": ""}, by=SYSTEM)
    assert isinstance(changed, Backlink)
    assert (changed.authority, changed.anchor) == (None, "")
    entering.change(changed, LINK | {"authority": "", "anchor": ""}, by=SYSTEM)
    assert Event.objects.filter(verb="work.changed").count() == 1


def test_a_score_is_the_tools_or_the_mean_of_its_parts(people: Cast) -> None:
    brought(
        people.halden,
        SCORES,
        {"day": "2026-10-01", "score": "71", "tool": "Site audit", "part:speed": "60"},
        {"day": "2026-11-01", "part:speed": "80", "part:crawlability": "91"},
    )
    november, october = SiteScore.objects.all()
    assert (october.score, october.from_parts) == (71, False)
    assert (november.score, november.from_parts) == (86, True)
    brought(people.halden, SCORES, {"day": "2026-11-01", "part:speed": "90"})
    november.refresh_from_db()
    assert (november.score, november.parts) == (90, {"speed": 90, "crawlability": 91})


def test_a_client_answers_advice_and_a_table_does_not_take_it_back(people: Cast) -> None:
    brought(people.halden, ADVICE, ADVISED)
    row = Recommendation.objects.get()
    maya = book.add_contact(people.halden, "Maya Lind", by=SYSTEM, email="maya@halden.test")
    with pytest.raises(Refusal, match="why not"):
        entering.answer(row, "declined", " ", by=maya)
    entering.answer(row, "declined", "The page goes in spring.", by=maya)
    taken = brought(people.halden, ADVICE, ADVISED | {"state": "open"})
    assert taken.unchanged == 1
    row.refresh_from_db()
    assert (row.state, row.answered_by, row.by_client) == (RecommendationState.DECLINED, "Maya Lind", True)
    assert Event.objects.get(verb="recommendation.answered").data["answer"] == "The page goes in spring."
    entering.change(row, ADVISED | {"state": "open"}, by=SYSTEM)
    row.refresh_from_db()
    assert (row.state, row.answer, row.answered_at) == (RecommendationState.OPEN, "", None)


def test_somebody_elses_advice_is_not_theirs_to_answer(people: Cast) -> None:
    brought(people.halden, ADVICE, ADVISED)
    stranger = book.add_contact(people.orbit, "Priya", by=SYSTEM, email="priya@orbit.test")
    with pytest.raises(Refusal, match="not yours"):
        entering.answer(Recommendation.objects.get(), "done", "", by=stranger)


def test_a_month_against_its_plan(people: Cast) -> None:
    planning.plan_work(people.halden, "links", 4, dt.date(2026, 9, 15), by=SYSTEM)
    planning.plan_work(people.halden, "links", 6, NOVEMBER, by=SYSTEM, lasting=False)
    planning.plan_work(people.halden, "content", 2, NOVEMBER, by=SYSTEM, type="Article")
    brought(people.halden, LINKS, LINK, LINK | {"url": "", "domain": "b.test", "status": "in progress"})
    visual = ARTICLE | {"title": "A map", "type": "visual asset"}
    brought(people.halden, CONTENT, ARTICLE, visual)
    lines = planning.done_against_plan(people.halden, NOVEMBER, dt.date(2026, 11, 30))
    assert [(one.label, one.counted) for one in lines] == [
        ("Links", "1 of 6"),
        ("Content: article", "1 of 2"),
        ("Content: visual asset", "1"),
    ]
    december = planning.done_against_plan(people.halden, dt.date(2026, 12, 1), dt.date(2026, 12, 31))
    assert [(one.label, one.counted) for one in december] == [
        ("Links", "0 of 4"),
        ("Content: article", "0 of 2"),
    ]
    planning.plan_work(people.halden, "links", 5, dt.date(2026, 9, 1), by=SYSTEM)
    assert PlannedWork.objects.count() == 3


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (("cakes", 3, NOVEMBER), "Plan links or content"),
        (("links", -1, NOVEMBER), "cannot be planned"),
        (("links", 3, dt.date(2036, 1, 1)), "three years away"),
    ],
    ids=["what", "count", "when"],
)
def test_a_plan_that_cannot_be(people: Cast, said: tuple[str, int, dt.date], sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        planning.plan_work(people.halden, *said, by=SYSTEM)


def test_the_agencys_own_words(people: Cast) -> None:
    brought(people.halden, LINKS, LINK, LINK | {"url": "", "domain": "b.test", "status": "in progress"})
    change_list(
        "link_status",
        [
            Renamed("in progress", "pitched"),
            Renamed("", "promised", done=True),
            Renamed("completed", "live", True),
        ],
        by=SYSTEM,
    )
    assert set(Backlink.objects.values_list("status", flat=True)) == {"pitched", "live"}
    words = Lists().words("link_status")
    assert [(one.word, one.done) for one in words] == [("pitched", False), ("promised", True), ("live", True)]
    change_list(
        "link_status", [Renamed("pitched", "pitched", True), Renamed("live", "live", True)], by=SYSTEM
    )
    assert not Backlink.objects.filter(done_on=None).exists()
    change_list(
        "link_type", [Renamed("guest post", "niche edit"), Renamed("niche edit", "guest post")], by=SYSTEM
    )
    assert set(Backlink.objects.values_list("type", flat=True)) == {"niche edit"}


def test_a_renamed_part_is_renamed_in_every_score(people: Cast) -> None:
    brought(people.halden, SCORES, {"day": "2026-11-01", "part:speed": "80", "part:links": "40"})
    lines = [Renamed(one.word, one.word) for one in Lists().words("score_part") if one.word != "speed"]
    change_list("score_part", [*lines, Renamed("speed", "Core Web Vitals")], by=SYSTEM)
    assert SiteScore.objects.get().parts == {"Core Web Vitals": 80, "links": 40}


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "would be empty"),
        ([Renamed("", "a", True), Renamed("", "A")], "stands there twice"),
        ([Renamed("", "a")], "No status counts as done"),
    ],
    ids=["empty", "twice", "none done"],
)
def test_a_list_that_cannot_be(people: Cast, lines: list[Renamed], sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        change_list("content_status", lines, by=SYSTEM)
    assert not WorkList.objects.exists()


def test_work_goes_along_when_two_records_are_one(people: Cast) -> None:
    twin = book.add_client("Halden Again", by=SYSTEM)
    team.assign(twin, people.jody, Position.LEAD, by=SYSTEM)
    brought(people.halden, LINKS, LINK)
    brought(twin, LINKS, LINK, LINK | {"url": "https://example.com/new"})
    brought(twin, CONTENT, ARTICLE)
    for client in (people.halden, twin):
        planning.plan_work(client, "links", 4, NOVEMBER, by=SYSTEM)
    book.merge_clients(people.halden, twin, by=SYSTEM)
    mine = Backlink.objects.standing().filter(client=people.halden)
    assert {one.url for one in mine} == {LINK["url"], "https://example.com/new"}
    assert ContentItem.objects.get().client_id == people.halden.pk
    assert PlannedWork.objects.get().client_id == people.halden.pk
