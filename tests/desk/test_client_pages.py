"""What the pages of clients read: call time, tier, timeline, plan; in a flat number of queries."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from steadyhand.clients import book
from steadyhand.commitments import keeping
from steadyhand.commitments.models import Commitment
from steadyhand.comms.interactions import log_interaction
from steadyhand.comms.models import Channel
from steadyhand.desk.brief import brief
from steadyhand.desk.client_list import Wish
from steadyhand.desk.client_page import ClientPage, client_page
from steadyhand.desk.plan_page import INTERNAL, Part, plan_page
from steadyhand.desk.timeline import timeline
from steadyhand.playbook.models import Version
from tests.cast import NOW, SYSTEM, Cast, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    with time_machine.travel(NOW, tick=False):
        yield build()


def page_of(cast: Cast) -> ClientPage:
    return client_page(cast.halden, cast.jody.actor, version=Version.live(), asks_to_read=False)


def call(cast: Cast, at: dt.datetime, minutes: int) -> None:
    log_interaction(cast.halden, Channel.CALL, by=SYSTEM, at=at, minutes=minutes, summary="Call")


def test_call_time_counts_the_calls_of_this_month_on_the_clients_clock(cast: Cast):
    """£3,000 buy two hours: an hour for each £1,500 (B4)."""
    call(cast, dt.datetime(2026, 10, 31, 23, 30, tzinfo=dt.UTC), 50)
    call(cast, dt.datetime(2026, 11, 1, 0, 30, tzinfo=dt.UTC), 25)
    log_interaction(cast.halden, Channel.MEETING, by=SYSTEM, at=NOW, minutes=60, summary="No call")
    time = page_of(cast).call_time
    assert time is not None
    assert (time.allowed, time.used, time.planned, time.goes_over) == (120, 25, 30, False)
    call(cast, NOW, 70)
    time = page_of(cast).call_time
    assert time is not None and time.goes_over and time.over_by == 5


def test_a_call_marked_as_done_counts_what_was_planned_once(cast: Cast):
    first = Commitment.objects.filter(client=cast.halden, rule="call").earliest("due_at")
    keeping.complete(first, by=cast.jody.actor)
    time = page_of(cast).call_time
    assert time is not None and (time.used, time.planned) == (30, 0)
    keeping.reopen(first, by=cast.jody.actor)
    keeping.complete(first, by=cast.jody.actor, evidence=("comms.interaction", 1))
    time = page_of(cast).call_time
    assert time is not None and time.used == 0


def test_the_tier_says_why(cast: Cast):
    page = page_of(cast)
    assert page.tier_words == "Tier 3"
    assert "£1,500 or more and less than £5,000" in page.tier_why
    assert page.kicker == ["retainer £3,000 a month", "with us since March 2024"]


def test_what_a_merged_record_went_through_is_told_by_the_one_that_stays(cast: Cast):
    book.change_client(cast.orbit, by=SYSTEM, industry="Teeth")
    book.merge_clients(cast.halden, cast.orbit, by=SYSTEM)
    told = " ".join(entry.text for entry in timeline(cast.halden, cast.keiran.actor).entries)
    assert "Teeth" in told


def test_every_line_of_the_plan_stands_in_one_part_with_an_owner(cast: Cast):
    page = plan_page(cast.lumen)
    lines = [line for section in page.sections for line in section.lines]
    assert {line.rule for line in lines} >= {"call", "report", "paid-search-report", "survey"}
    assert all(line.owner == cast.sam for line in lines if line.engagement)
    inside = [section for section in page.sections if section.part in INTERNAL]
    assert all(line.internal for section in inside for line in section.lines)
    calls = next(section for section in page.sections if section.part is Part.CALLS)
    assert calls.lines[0].next and calls.lines[0].often == ""


def test_the_plan_for_the_client_has_no_internal_part_and_no_internal_promise(cast: Cast):
    page = plan_page(cast.halden, for_client=True)
    assert not {section.part for section in page.sections} & INTERNAL
    assert page.planned and not any(promise.internal for promise in page.planned)


def test_a_wish_reads_what_it_wrote(cast: Cast):
    for query in ("", "q=a+b&lead=none&tier=2&stage=ended&plan=bespoke&late=1&sort=-spend", "country=GB"):
        asked = dict(pair.split("=") for pair in query.replace("+", " ").split("&") if pair)
        assert Wish.read(asked).query == query


@pytest.mark.parametrize("read", ["page", "plan", "brief"])
def test_the_same_number_of_queries_for_a_long_history(cast: Cast, read: str):
    reads = {
        "page": lambda: page_of(cast),
        "plan": lambda: plan_page(cast.halden),
        "brief": lambda: brief(cast.halden),
    }
    cast.halden.refresh_from_db()
    reads[read]()
    with CaptureQueriesContext(connection) as few:
        reads[read]()
    for number in range(15):
        book.add_contact(cast.halden, f"Contact {number}", by=SYSTEM)
        keeping.promise(
            cast.halden, f"Thing {number}", by=SYSTEM, owner=cast.jody, due_on=NOW.date() + dt.timedelta(9)
        )
        call(cast, NOW, 1)
    with CaptureQueriesContext(connection) as many:
        reads[read]()
    assert len(few) == len(many) <= 34


def test_the_page_makes_the_same_number_of_queries_however_much_is_owed(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            for line in page_of(cast).owed:
                assert line.title and not line.text and line.note
        return len(found)

    before = queries()
    for number in range(5):
        keeping.promise(cast.halden, f"Answer {number}", by=SYSTEM, owner=cast.jody, due_on=NOW.date())
    assert queries() == before
