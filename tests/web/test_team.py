"""The team: who is behind, who hears nothing, and what was kept, counted by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from steadyhand.clients.models import Client
from steadyhand.commitments import keeping
from steadyhand.commitments.ageing import stamp_missed
from steadyhand.commitments.models import Commitment
from steadyhand.comms.interactions import log_interaction
from steadyhand.comms.models import Channel
from steadyhand.desk import team_view
from steadyhand.desk.team_view import Period
from steadyhand.people import members
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from tests import cast as casting
from tests.cast import NOW, SYSTEM, Cast, user_of
from tests.contracts.query_counts import pinned

pytestmark = pytest.mark.django_db
FIGURES = ("promised", "done", "done_late", "missed", "waived", "moved", "open")
TODAY = dt.date(2026, 11, 24)
DAY = dt.timedelta(days=1)


@pytest.fixture
def world() -> Iterator[Cast]:
    with time_machine.travel(NOW - 60 * DAY, tick=False):
        cast = casting.build(planned=False)
    with time_machine.travel(NOW, tick=False):
        yield cast


def owed(owner: Member, client: Client | None, days_ago: int) -> Commitment:
    with time_machine.travel(NOW - days_ago * DAY, tick=False):
        return keeping.promise(client, "Answer", by=SYSTEM, owner=owner, due_on=(NOW - days_ago * DAY).date())


def done(row: Commitment, days_ago: int) -> None:
    with time_machine.travel(NOW - days_ago * DAY, tick=False):
        keeping.complete(row, by=SYSTEM)


def browser_of(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(user_of(member))
    return browser


def test_standings_by_hand_and_who_is_behind_first(world: Cast) -> None:
    owed(world.sam, world.lumen, 0)
    owed(world.sam, world.lumen, 2)
    done(owed(world.sam, world.lumen, 5), 5)
    done(owed(world.sam, world.lumen, 8), 7)
    owed(world.jody, world.orbit, 30)
    stamp_missed()
    first, second, third = team_view.standings(world.keiran.actor, "Europe/London")
    assert (first.member, first.today, first.overdue, first.missed) == (world.sam, 1, 1, 0)
    assert (first.kept, first.fell_due, first.rate) == (1, 3, 33)
    # Nor did she look through the project tool of Fernhill, which began with her as its lead.
    assert (second.member, second.missed, second.rate) == (world.jody, 2, 0)
    assert (third.member, third.rate) == (world.keiran, None)


def test_an_absence_shows_who_covers(world: Cast) -> None:
    members.go_absent(world.sam, TODAY, TODAY + DAY, world.jody, by=SYSTEM)
    page = browser_of(world.keiran).get("/team/").content.decode()
    assert "away until 25 Nov" in page
    assert "Jody Marsh covers" in page


def test_silent_clients_are_those_nobody_spoke_to_or_kept_a_promise_for(world: Cast) -> None:
    done(owed(world.jody, world.orbit, 5), 5)
    log_interaction(world.lumen, Channel.CALL, by=SYSTEM, at=NOW - 20 * DAY, summary="Leads")
    log_interaction(world.halden, Channel.CALL, by=SYSTEM, at=NOW - 22 * DAY, summary="Leads")
    silent, more = team_view.silent_clients(world.keiran.actor)
    assert [(line.client.name, line.lead, line.last) for line in silent] == [
        ("Fernhill Schools", world.jody, None),
        ("Halden Bikes", world.jody, NOW - 22 * DAY),
    ]
    assert not more


def test_what_only_we_see_does_not_break_the_silence(world: Cast) -> None:
    row = keeping.promise(world.orbit, "Think", by=SYSTEM, owner=world.jody, due_on=TODAY, internal=True)
    keeping.complete(row, by=SYSTEM)
    silent, _ = team_view.silent_clients(world.keiran.actor)
    assert world.orbit in [line.client for line in silent]


def test_a_new_client_is_not_silent_yet(world: Cast) -> None:
    casting.retained("Brand New", 100, lead=world.jody)
    silent, _ = team_view.silent_clients(world.keiran.actor)
    assert "Brand New" not in [line.client.name for line in silent]


def test_promised_and_delivered_by_hand(world: Cast) -> None:
    done(owed(world.jody, world.orbit, 3), 3)
    done(owed(world.jody, world.orbit, 3), 2)
    keeping.waive(owed(world.jody, world.orbit, 3), by=SYSTEM, reason="they said so")
    moved = owed(world.jody, world.halden, 3)
    keeping.move(moved, TODAY, by=SYSTEM)
    owed(world.sam, world.lumen, 40)
    stamp_missed()
    period = Period(TODAY - 50 * DAY, TODAY)
    ledger = team_view.promised_and_delivered(world.keiran.actor, period, "member")
    figures = {
        line.label: (
            line.promised,
            line.done,
            line.done_late,
            line.missed,
            line.waived,
            line.moved,
            line.open,
        )
        for line in ledger.lines
    }
    assert figures == {"Jody Marsh": (4, 1, 1, 0, 1, 1, 1), "Sam Okafor": (1, 0, 0, 1, 0, 0, 0)}
    assert ledger.total.promised == 5
    by_client = team_view.promised_and_delivered(world.keiran.actor, period, "client")
    assert [line.label for line in by_client.lines] == ["Lumen Legal", "Orbit Dental", "Halden Bikes"]
    by_rule = team_view.promised_and_delivered(world.keiran.actor, period, "rule")
    assert [line.label for line in by_rule.lines] == ["Promised once"]
    assert not team_view.promised_and_delivered(world.keiran.actor, Period(TODAY, TODAY), "rule").total.missed


def test_who_does_not_see_every_client_counts_only_theirs(world: Cast) -> None:
    director = casting.joined("Dana Director", Role.DIRECTOR)
    owed(world.jody, world.orbit, 2)
    found = {s.member.name: s.overdue for s in team_view.standings(director.actor, "Europe/London")}
    assert found["Jody Marsh"] == 0
    assert team_view.silent_clients(director.actor) == ([], False)
    assert "Counted over the clients you see" in browser_of(director).get("/team/").content.decode()


@pytest.mark.parametrize("address", ["/team/", "/team/delivered/"])
def test_only_roles_that_see_the_team_read_it(world: Cast, address: str) -> None:
    assert browser_of(world.keiran).get(address).status_code == 200
    assert browser_of(world.jody).get(address).status_code == 403
    assert browser_of(world.keiran).post(address).status_code == 405
    assert Browser().get(address).status_code == 302


@pytest.mark.parametrize(
    "query", ["", "?by=client", "?by=rule", "?by=x", "?from=x&to=y", "?from=2026-12-01&to=2026-01-01"]
)
def test_the_table_reads_whatever_the_address_says(world: Cast, query: str) -> None:
    owed(world.jody, world.orbit, 2)
    assert browser_of(world.keiran).get(f"/team/delivered/{query}").status_code == 200


def test_the_same_queries_for_a_small_book_and_a_larger_one(world: Cast) -> None:
    def queries() -> dict[str, int]:
        browser = browser_of(world.keiran)
        counted = {}
        for address in ("/", "/?of=everyone", "/team/", "/team/delivered/?by=client", "/search/?q=cli"):
            with CaptureQueriesContext(
                connection,
            ) as captured:
                assert browser.get(address).status_code == 200
            counted[address] = len(captured)
        return counted

    for client in (world.halden, world.orbit):
        owed(world.jody, client, 0)
        owed(world.keiran, client, 0)
        owed(world.keiran, client, 1)
    casting.retained("Client one", 100, lead=world.jody)
    few = queries()
    for number in range(30):
        client = casting.retained(f"Client {number}", 100 + Decimal(number), lead=world.jody)
        owed(world.keiran, client, 1)
        owed(world.keiran, client, 0)
        owed(world.jody, client, 30)
    Client.objects.update(made_at=NOW - 60 * DAY)
    assert queries() == few
    for address, count in few.items():
        pinned(f"head {address}", count)
