"""Month, week and day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from steadyhand.clients.models import Client, Engagement
from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import Kind
from steadyhand.commitments.models import Commitment
from steadyhand.core import agency
from steadyhand.desk import calendar as desk
from steadyhand.people import members
from tests import cast

pytestmark = pytest.mark.django_db
PAGES = ("/calendar/2026-11/", "/calendar/2026-W48/", "/calendar/2026-11-27/")


@pytest.fixture(autouse=True)
def _frozen() -> Iterator[None]:
    with time_machine.travel(cast.NOW, tick=False):
        yield


@pytest.fixture
def people() -> cast.Cast:
    return cast.build()


def signed_in(member: cast.Member) -> Browser:
    browser = Browser()
    browser.force_login(cast.user_of(member))
    return browser


def calls_on(people: cast.Cast, *hours: int, day: int = 26, title: str = "Talk") -> list[Commitment]:
    return [
        keeping.promise(
            people.halden,
            f"{title} at {hour}",
            by=people.jody.actor,
            owner=people.jody,
            due_on=dt.date(2026, 11, day),
            due_time=dt.time(hour),
            kind=Kind.CALL,
        )
        for hour in hours
    ]


@pytest.mark.parametrize("page", PAGES)
def test_mine_is_mine(people: cast.Cast, page: str) -> None:
    told = signed_in(people.jody).get(page).text
    assert "Halden Bikes" in told and "Lumen Legal" not in told


def test_a_cell_shows_a_few_and_counts_the_rest(people: cast.Cast) -> None:
    calls_on(people, *range(9, 17))
    told = signed_in(people.jody).get("/calendar/2026-11/").text
    cell = next(part for part in told.split("<td") if 'datetime="2026-11-26"' in part)
    assert cell.count("calendar__item") - cell.count("calendar__items") == desk.IN_A_CELL
    more = re.search(r'href="/calendar/2026-11-26/">and (\d+) more', cell)
    assert more and int(more[1]) == 8 - desk.IN_A_CELL
    day = signed_in(people.jody).get("/calendar/2026-11-26/").text
    assert all(f"Talk at {hour}" in day for hour in range(9, 17))


def test_a_week_shows_hours_in_the_readers_zone(people: cast.Cast) -> None:
    calls_on(people, 10)
    members.change_member(people.jody, by=cast.SYSTEM, zone="America/New_York")
    told = signed_in(people.jody).get("/calendar/2026-W48/").text
    assert re.search(r"<time>05:00–05:30</time> Halden Bikes: Talk at 10", told)
    scope = desk.Scope(people.jody.actor, "America/New_York", people.jody)
    assert desk.week(scope, 2026, 48).hours[0].start == dt.time(5)


def test_a_call_late_at_night_is_on_the_readers_day(people: cast.Cast) -> None:
    calls_on(people, 23)
    scope = desk.Scope(people.jody.actor, "Asia/Tokyo", people.jody)
    on = {entry.text: day.date.day for day in desk.week(scope, 2026, 48).days for entry in day.entries}
    assert on["Halden Bikes: Talk at 23"] == 27


def test_done_and_late_are_told_in_words(people: cast.Cast) -> None:
    done, late = calls_on(people, 10, 11, day=24)
    keeping.complete(done, by=people.jody.actor)
    with time_machine.travel("2026-11-25T09:00Z", tick=False):
        told = signed_in(people.jody).get("/calendar/2026-11/").text
    assert re.search(r"done: </span>Halden Bikes: Talk at 10", told)
    assert re.search(r"overdue: </span>Halden Bikes: Talk at 11", told)
    assert late.pk


def test_holidays_closed_days_and_absences_show(people: cast.Cast) -> None:
    agency.close_day(dt.date(2026, 12, 24), "Winter party", by=cast.SYSTEM)
    members.go_absent(
        people.jody, dt.date(2026, 12, 29), dt.date(2026, 12, 30), people.sam, by=people.jody.actor
    )
    told = signed_in(people.jody).get("/calendar/2026-12/").text
    for words in ("Christmas Day", "Winter party", "You are away"):
        assert words in told
    assert "Jody Marsh away" in signed_in(people.keiran).get("/calendar/2026-12/?of=everyone").text


def test_others_are_for_those_who_see_the_team(people: cast.Cast) -> None:
    sam = signed_in(people.sam)
    assert sam.get(f"/calendar/?of={people.jody.pk}").status_code == 404
    assert sam.get("/calendar/?of=everyone").status_code == 404
    keiran = signed_in(people.keiran)
    assert "Orbit Dental" in keiran.get(f"/calendar/2026-11/?of={people.jody.pk}").text
    everybody = keiran.get("/calendar/2026-11/?of=everyone").text
    assert "Orbit Dental" in everybody and "Lumen Legal" in everybody
    assert keiran.get("/calendar/?of=4711").status_code == 404


def test_a_clients_calendar_keeps_to_what_one_sees(people: cast.Cast) -> None:
    sam = signed_in(people.sam)
    theirs = sam.get("/calendar/2026-11/?client=Halden+Bikes").text
    assert "?client=halden-bikes" in theirs and "Lumen" not in theirs.split("calendar__items", 1)[1]
    hidden = sam.get("/calendar/2026-11/?client=orbit-dental").text
    assert "No client you see is called “orbit-dental”" in hidden


@pytest.mark.parametrize(
    "page", ["/calendar/2026-13/", "/calendar/2026-W54/", "/calendar/2026-02-30/", "/calendar/0000-01/"]
)
def test_days_that_do_not_exist_are_not_found(people: cast.Cast, page: str) -> None:
    assert signed_in(people.jody).get(page).status_code == 404


@pytest.mark.parametrize("page", ["/calendar/9999-12/", "/calendar/0001-01/", "/calendar/1969-W01/"])
def test_the_ends_of_time_answer(people: cast.Cast, page: str) -> None:
    assert signed_in(people.jody).get(page).status_code in (200, 404)


def test_a_day_pages_by_key(people: cast.Cast) -> None:
    for number in range(60):
        keeping.promise(
            people.orbit,
            f"Thing {number:02}",
            by=people.jody.actor,
            owner=people.jody,
            due_on=dt.date(2026, 11, 26),
        )
    jody = signed_in(people.jody)
    first = jody.get("/calendar/2026-11-26/").text
    older = re.search(r'href="([^"]*after=[^"]*)"', first)
    assert older
    second = jody.get(older[1].replace("&amp;", "&")).text
    things = [set(re.findall(r"Thing \d\d", page)) for page in (first, second)]
    assert (len(things[0]), len(things[1]), things[0] & things[1]) == (50, 10, set())
    assert jody.get("/calendar/2026-11-26/?after=rubbish").status_code == 200


def test_an_empty_day_says_what_to_do(people: cast.Cast) -> None:
    assert "Nothing is promised on this day." in signed_in(people.jody).get("/calendar/2025-01-01/").text


def many(people: cast.Cast, clients: int) -> None:
    """More clients of somebody else's, each with a call on the day."""
    row = Commitment.objects.get(client=people.halden, rule="call", period="2026-W48")
    made = Client.objects.bulk_create(
        Client(ref=f"c{n}-{clients}", name=f"Client {n}", made_at=row.changed_at) for n in range(clients)
    )
    engagement = Engagement.objects.get(client=people.lumen)
    Commitment.objects.bulk_create(
        Commitment(
            client=client, engagement=engagement, kind="call", title="Weekly call", rule="call",
            period=f"2026-W48-{clients}-{number}", owner=people.sam, zone=row.zone, due_on=row.due_on,
            due_at=row.due_at, changed_at=row.changed_at,
        )
        for number, client in enumerate(made)
    )  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_as_many_queries_in_a_large_book(people: cast.Cast, page: str) -> None:
    counts = []
    for size in (20, 2500):
        many(people, size)
        for member, query in ((people.jody, ""), (people.keiran, "?of=everyone")):
            browser = signed_in(member)
            browser.get(page)
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert browser.get(page + query).status_code == 200
            counts.append((member.name, len(asked)))
    assert counts[0] == counts[2]
    assert counts[3][1] <= counts[1][1] <= 12


def test_a_crowded_month_counts_kinds(people: cast.Cast) -> None:
    many(people, 2500)
    told = signed_in(people.keiran).get("/calendar/2026-11/?of=everyone").text
    assert re.search(r"2,50\d calls", told)
    assert len(told) < 60_000
