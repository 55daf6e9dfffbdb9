"""What was made, in reports: in the week's, and a month's against its plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from steadyhand.delivery.work import planning
from steadyhand.delivery.work.tables import CONTENT, LINKS
from steadyhand.delivery.work.taking_in import take_in
from steadyhand.reporting.metrics import periods
from steadyhand.reporting.models import Reading
from steadyhand.reporting.reports import drafting
from steadyhand.reporting.reports.composing import composed
from steadyhand.reporting.reports.work_done import against_plan, made_in
from tests.cast import NOW, SYSTEM, Cast, build

pytestmark = pytest.mark.django_db
WEEK = periods.days(dt.date(2026, 11, 16), dt.date(2026, 11, 22))
LINK = {"type": "guest post", "status": "completed"}


@pytest.fixture
def people() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        people = build(planned=False)
        linked = [(n, LINK | {"day": "2026-11-17", "domain": f"{n}.example"}) for n in range(6)]
        late = [(9, LINK | {"day": "2026-11-23", "domain": "late.example"})]
        take_in(people.halden, LINKS, linked + late, by=SYSTEM)
        text = {"day": "2026-11-18", "title": "Tyres", "type": "article", "status": "published"}
        draft = text | {"title": "Brakes", "status": "editing"}
        take_in(people.halden, CONTENT, [(2, text), (3, draft)], by=SYSTEM)
        yield people


def test_the_week_says_what_was_completed(people: Cast) -> None:
    assert [row["words"] for row in made_in(people.halden, WEEK)] == [
        "6 × guest post: 0.example, 1.example, 2.example, 3.example and 2 more",
        "1 × article: “Tyres”",
    ]
    assert not list(made_in(people.orbit, WEEK))


def test_a_months_report_sets_it_against_the_plan(people: Cast) -> None:
    assert against_plan(people.halden, periods.month(2026, 11)) == []
    planning.plan_work(people.halden, "links", 8, dt.date(2026, 11, 1), by=SYSTEM)
    assert against_plan(people.halden, WEEK) == []
    report = drafting.draft_for(people.halden, periods.month(2026, 11), by=SYSTEM)
    part = composed(report, Reading.DETAIL).slices[-1]
    assert (part["title"], part["rows"]) == ("Our work, done against plan", [["Links", "8", "7"]])
    assert not composed(report, Reading.SHORT).slices
