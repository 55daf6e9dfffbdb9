"""Wins and the team's meetings for programs."""

from __future__ import annotations

import datetime as dt

import pytest

from steadyhand.comms.meetings import agenda, team_meetings
from steadyhand.core.recurrence import Cadence
from steadyhand.growth import wins
from tests import cast
from tests.api.conftest import script
from tests.api.test_reads import pages


def test_every_win_once_page_by_page(people: cast.Cast) -> None:
    noted = [
        wins.note_win(people.halden, f"Win {n}", by=people.jody.actor, on=dt.date(2026, 11, 20 + n % 2))
        for n in range(5)
    ]
    found = pages(script(people.jody, "read"), "/api/wins?limit=2")
    assert [row["id"] for row in found] == [
        win.pk for win in sorted(noted, key=lambda win: (win.on, win.pk), reverse=True)
    ]


def test_wins_of_one_client_and_those_nobody_told(people: cast.Cast) -> None:
    told = wins.note_win(people.halden, "Told", by=people.jody.actor, source=wins.WinSource.WORDS)
    untold = wins.note_win(people.orbit, "Untold", by=people.jody.actor)
    program = script(people.jody, "read")
    assert [row["id"] for row in program.get("/api/wins?client=halden-bikes").json()["items"]] == [told.pk]
    assert [row["id"] for row in program.get("/api/wins?untold=true").json()["items"]] == [untold.pk]
    assert script(people.sam, "read").get("/api/wins?client=orbit-dental").json()["items"] == []


@pytest.mark.parametrize("after", ["nonsense", "2026-99-99~1", "~"])
def test_a_key_that_is_none_is_the_beginning(people: cast.Cast, after: str) -> None:
    wins.note_win(people.halden, "Up", by=people.jody.actor)
    assert len(script(people.jody, "read").get(f"/api/wins?after={after}").json()["items"]) == 1


def test_the_teams_meetings_for_whoever_comes(people: cast.Cast) -> None:
    series = team_meetings.set_up_series(
        "Weekly client-services meeting",
        by=people.keiran.actor,
        agenda_key=agenda.WEEKLY,
        cadence=Cadence.WEEKLY,
        day="monday",
        time=dt.time(14),
        led_by=people.keiran,
        members=[people.jody],
    )
    row = script(people.jody, "read").get("/api/series").json()[0]
    assert row == {
        "id": series.pk,
        "title": "Weekly client-services meeting",
        "agenda": "weekly-client-services",
        "cadence": "weekly",
        "day": "monday",
        "time": "14:00",
        "zone": "Europe/London",
        "minutes": 60,
        "led_by": "keiran@northwind.test",
        "next_at": "2026-11-30T14:00:00+00:00",
    }
    assert script(people.sam, "read").get("/api/series").json() == []
