"""Today in words, and which part each promise belongs to at the edges of a day and a week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import Kind
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.planning import plan_book
from steadyhand.core import clock
from steadyhand.desk.call_time import minutes_left
from steadyhand.desk.keys import Key
from steadyhand.desk.today import Count, Day, Looking, Part, call_time_words, heading, section, when_words
from tests import cast as casting
from tests.cast import NOW, SYSTEM, Cast

TODAY = dt.date(2026, 11, 24)  # a Tuesday
SUNDAY = dt.date(2026, 11, 29)


@pytest.mark.parametrize(
    ("late", "due", "said"),
    [
        (0, 0, "Nothing is due today"),
        (0, 1, "One promise today"),
        (1, 0, "One promise, and it is late"),
        (2, 5, "Seven promises today, two of them late"),
        (2, 0, "Two promises, both late"),
        (3, 0, "Three promises, all of them late"),
        (0, 30, "30 promises today"),
        (51, 2, "More than 50 promises today, more than 50 of them late"),
        (2, 51, "More than 50 promises today, two of them late"),
        (0, 51, "More than 50 promises today"),
    ],
)
def test_the_heading_is_one_true_sentence(late: int, due: int, said: str) -> None:
    assert heading(Day({Part.OVERDUE: Count(late), Part.TODAY: Count(due)}, 0, None)) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (100, "1 h 40 m of call time left in November"),
        (60, "1 h of call time left in November"),
        (5, "5 m of call time left in November"),
        (0, "no call time left in November"),
        (-20, "no call time left in November"),
    ],
)
def test_call_time_in_words(minutes: int, said: str) -> None:
    assert call_time_words(minutes, TODAY) == said


@pytest.fixture
def world(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield casting.build(planned=False)


def owe(world: Cast, day: dt.date, time: dt.time | None = None, zone: str = "Europe/London") -> Commitment:
    world.halden.zone = zone
    return keeping.promise(
        world.halden,
        "Call",
        by=SYSTEM,
        owner=world.jody,
        due_on=day,
        due_time=time,
        kind=Kind.CALL,
        minutes=30,
    )


def part_of(row: Commitment, looking: Looking) -> Part:
    """The one part it is in."""
    (found,) = [part for part in Part if looking.rows(part).filter(pk=row.pk).exists()]
    return found


@pytest.mark.parametrize(
    ("day", "time", "zone", "part"),
    [
        (TODAY, None, "Europe/London", Part.TODAY),
        (TODAY, dt.time(8), "Europe/London", Part.OVERDUE),
        (TODAY, dt.time(8, 30), "Europe/London", Part.TODAY),
        (TODAY, dt.time(23, 59), "Europe/London", Part.TODAY),
        (TODAY, None, "America/Los_Angeles", Part.TODAY),
        (TODAY, dt.time(20), "America/Los_Angeles", Part.WEEK),
        (TODAY + dt.timedelta(days=1), dt.time(9), "Pacific/Auckland", Part.TODAY),
        (TODAY + dt.timedelta(days=1), None, "Pacific/Auckland", Part.WEEK),
        (TODAY + dt.timedelta(days=1), None, "Europe/London", Part.WEEK),
        (SUNDAY, None, "Europe/London", Part.WEEK),
        (SUNDAY, dt.time(20), "America/Los_Angeles", Part.LATER),
        (SUNDAY + dt.timedelta(days=1), None, "Europe/London", Part.LATER),
        (SUNDAY + dt.timedelta(days=1), dt.time(8), "Pacific/Auckland", Part.WEEK),
    ],
)
def test_every_promise_is_in_exactly_one_part(
    world: Cast, day: dt.date, time: dt.time | None, zone: str, part: Part
) -> None:
    row = owe(world, day, time, zone)
    assert part_of(row, Looking(world.jody.actor, world.jody, "Europe/London")) == part


def test_in_the_words_of_the_readers_clock(world: Cast) -> None:
    looking = Looking(world.jody.actor, world.jody, "Europe/London")
    said = {
        when_words(owe(world, day, time), looking, Part.WEEK)
        for day, time in (
            (TODAY, None),
            (TODAY, dt.time(15)),
            (TODAY + dt.timedelta(days=2), dt.time(10)),
            (TODAY + dt.timedelta(days=3), None),
            (dt.date(2026, 12, 3), dt.time(10)),
            (dt.date(2027, 1, 4), None),
        )
    }
    assert said == {"any time", "15:00", "Thu 10:00", "Fri", "3 Dec", "4 Jan 2027"}


def test_counts_stop_at_fifty(world: Cast) -> None:
    looking = Looking(world.jody.actor, world.jody, "Europe/London")
    due = looking.count(Part.TODAY).number
    for number in range(51 - due):
        keeping.promise(None, f"{number}", by=SYSTEM, owner=world.jody, due_on=TODAY)
    assert str(looking.count(Part.TODAY)) == "50+"
    Commitment.objects.filter(title="0").delete()
    assert str(looking.count(Part.TODAY)) == "50"


def test_reading_by_key_misses_and_repeats_nothing(world: Cast) -> None:
    for number in range(7):
        keeping.promise(None, f"{number}", by=SYSTEM, owner=world.jody, due_on=TODAY)
        owe(world, TODAY + dt.timedelta(days=number))
    for order, newest_first in ((("due_at", "pk"), False), (("-due_at", "-pk"), True)):
        everything = list(Commitment.objects.order_by(*order))
        read: list[Commitment] = []
        while True:
            after = Key.read(str(Key.of(read[-1]))) if read else Key()
            rows = after.following(Commitment.objects.order_by(*order), newest_first=newest_first)
            page = list(rows[:4])
            if not page:
                break
            read += page
        assert read == everything


@pytest.mark.parametrize(
    "text", ["", "x", "2026", "20261124T000000.000000Z", "20261124T000000.000000Z-x", "-5"]
)
def test_a_key_nobody_made_reads_from_the_start(text: str) -> None:
    assert Key.read(text) == Key()


def test_call_time_left_is_what_spend_buys_less_what_was_given(world: Cast) -> None:
    plan_book()
    Commitment.objects.all().delete()
    full = minutes_left([world.halden.pk], TODAY, "Europe/London")[world.halden.pk]
    assert full > 0
    row = owe(world, TODAY, dt.time(15))
    assert minutes_left([world.halden.pk], TODAY, "Europe/London")[world.halden.pk] == full
    keeping.complete(row, by=SYSTEM)
    assert minutes_left([world.halden.pk], TODAY, "Europe/London")[world.halden.pk] == full - 30
    december = clock.today("Europe/London") + dt.timedelta(days=10)
    assert minutes_left([world.halden.pk], december, "Europe/London")[world.halden.pk] == full


@pytest.mark.django_db
def test_at_the_weekend_the_week_in_view_is_the_coming_one():
    with time_machine.travel(dt.datetime(2026, 11, 28, 10, tzinfo=dt.UTC), tick=False):
        cast = casting.build()
        looking = Looking(cast.jody.actor, cast.jody, "Europe/London")
        part = section(looking, Part.WEEK)
        assert looking.sunday == dt.date(2026, 12, 6)
        assert part.label == "Next week"
        assert {line.row.due_on.isocalendar().week for line in part.lines} == {49}
