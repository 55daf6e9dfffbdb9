"""Wins, feedback and the all-hands page in the browser."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.care.feedback import give_feedback
from steadyhand.care.flags import raise_flag
from steadyhand.care.models import Feedback
from steadyhand.clients import book
from steadyhand.commitments.kinds import State
from steadyhand.growth import wins
from steadyhand.growth.models import Win
from steadyhand.people import members
from steadyhand.people.models import Member
from tests import cast
from tests.cast import NOW, SYSTEM, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast.build(planned=False)


def browser_of(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(cast.user_of(member))
    return browser


def test_a_win_is_noted_told_taken_as_a_moment_and_taken_back(northwind: Cast) -> None:
    browser = browser_of(northwind.jody)
    sent = {"client": "Halden Bikes", "text": "Leads up 31%", "source": "figures", "on": "2026-11-23"}
    browser.post("/wins/new/", sent | {"offered": "on"})
    win = Win.objects.get()
    here = f"/wins/{win.pk}/"
    page = browser.get(here).content.decode()
    assert "Has not heard of it yet" in page and "by Wed 25 Nov" in page
    assert "Leads up 31%" in browser.get("/wins/?untold").content.decode()
    browser.post(f"{here}telling/", {"how": "call"})
    assert "Every client has heard" in browser.get("/wins/?untold").content.decode()
    browser.post(f"{here}telling/removal/")
    browser.post(f"{here}referral/")
    browser.post(f"{here}offer/removal/")
    assert "stays with the account team" in browser.get(here).content.decode()
    browser.post(f"{here}offer/")
    browser.post(f"{here}removal/")
    win.refresh_from_db()
    assert win.dropped_at and win.telling and win.telling.state == State.WAIVED
    browser.post(f"{here}return/")
    win.refresh_from_db()
    assert win.dropped_at is None


def test_a_client_one_does_not_see_is_no_choice(northwind: Cast) -> None:
    win = wins.note_win(northwind.orbit, "New clinic", by=northwind.jody.actor)
    browser = browser_of(northwind.sam)
    assert browser.get(f"/wins/{win.pk}/").status_code == 404
    sent = {"client": "Orbit Dental", "text": "Mine", "source": "figures", "on": "2026-11-23"}
    assert browser.post("/wins/new/", sent).status_code == 422
    assert b"New clinic" not in browser.get("/wins/").content


def test_the_week_of_the_agency_on_one_page(northwind: Cast) -> None:
    members.change_member(
        northwind.sam, by=SYSTEM, birth_day=26, birth_month=11, joined_on=dt.date(2023, 11, 24)
    )
    wins.note_win(northwind.halden, "Leads up 31%", by=northwind.jody.actor, member=northwind.jody)
    quiet = wins.note_win(northwind.halden, "A quiet rise", by=northwind.jody.actor, offered=False)
    raise_flag(northwind.orbit, "They asked for the notice period", by=northwind.jody.actor)
    book.end_client(northwind.lumen, on=NOW.date(), by=SYSTEM, reason="They hired their own team.")
    page = browser_of(northwind.keiran).get("/team/all-hands/").content.decode()
    for said in ("Leads up 31%", "birthday, Thursday", "3 years with us, Tuesday", "hired their own team"):
        assert said in page, said
    assert quiet.text not in page
    assert "Orbit Dental" in page and "notice period" not in page, "whose flag, not its words"
    before = browser_of(northwind.keiran).get("/team/all-hands/?week=2026-11-17").content.decode()
    assert "Leads up 31%" not in before and "Our week of 16 November" in before


def test_the_week_shows_clients_one_sees_alone(northwind: Cast) -> None:
    wins.note_win(northwind.orbit, "New clinic", by=northwind.jody.actor)
    raise_flag(northwind.orbit, "Silent", by=northwind.jody.actor)
    page = browser_of(northwind.sam).get("/team/all-hands/").content.decode()
    assert "Orbit" not in page and "New clinic" not in page


def test_feedback_is_given_read_by_whom_it_is_for_and_taken_back(northwind: Cast) -> None:
    sam, jody = browser_of(northwind.sam), browser_of(northwind.jody)
    form = sam.get(f"/team/feedback/new/?about={northwind.jody.pk}").content.decode()
    assert f'value="{northwind.jody.pk}" selected' in form
    sam.post("/team/feedback/new/", {"about": northwind.jody.pk, "text": "Clearer briefs, thank you."})
    assert b"Clearer briefs" in jody.get("/team/feedback/").content
    given = Feedback.objects.get()
    assert jody.post(f"/team/feedback/{given.pk}/removal/").status_code == 404
    sam.post(f"/team/feedback/{given.pk}/removal/")
    assert b"Clearer briefs" not in jody.get("/team/feedback/").content
    sam.post(f"/team/feedback/{given.pk}/return/")
    assert b"Clearer briefs" in jody.get("/team/feedback/").content


def test_feedback_is_nobody_elses(northwind: Cast) -> None:
    give_feedback(northwind.jody, "Late briefs cost us Fridays.", by=northwind.sam.actor)
    outsider = browser_of(cast.joined("Ana Ruiz", cast.Role.HEAD_OF_OPERATIONS))
    assert b"Fridays" not in outsider.get(f"/team/feedback/?about={northwind.jody.pk}").content
    assert outsider.post(f"/team/feedback/{Feedback.objects.get().pk}/removal/").status_code == 404


def test_a_birthday_is_said_on_ones_own_page(northwind: Cast) -> None:
    browser = browser_of(northwind.sam)
    form = browser.get("/account/").context["form"]
    sent = {name: value for name, value in form.initial.items() if value not in (None, False)}
    browser.post("/account/", sent | {"birth_day": 31, "birth_month": 12})
    northwind.sam.refresh_from_db()
    assert (northwind.sam.birth_day, northwind.sam.birth_month) == (31, 12)
    refused = browser.post("/account/", sent | {"birth_day": 30, "birth_month": 2})
    assert b"has no day 30" in refused.content
