"""Wins: noted, told to the client at once, offered to the agency, a moment to ask for more (S21)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from steadyhand.clients import book
from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import State
from steadyhand.comms.models import Channel
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from steadyhand.growth import wins
from steadyhand.growth.models import Win, WinSource
from tests import cast
from tests.cast import SYSTEM, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind() -> Iterator[Cast]:
    with time_machine.travel(cast.NOW, tick=False):
        yield cast.build(planned=False)


def test_telling_the_client_is_promised_for_the_next_working_day(northwind: Cast) -> None:
    jody = northwind.jody
    win = wins.note_win(northwind.halden, "Leads up 31% on last October", by=jody.actor, member=jody)
    assert win.telling is not None
    assert (win.telling.owner, win.telling.due_on) == (jody, dt.date(2026, 11, 25))
    with pytest.raises(Refusal, match="kept by what it is about"):
        keeping.complete(win.telling, by=jody.actor)
    wins.tell_client(win, by=jody.actor, how=Channel.CALL)
    win.telling.refresh_from_db()
    assert win.telling.state == State.DONE
    wins.take_back_telling(win, by=jody.actor)
    win.telling.refresh_from_db()
    assert win.telling.state == State.OPEN
    assert list(Win.objects.untold()) == [win]


def test_their_own_words_need_no_telling(northwind: Cast) -> None:
    win = wins.note_win(
        northwind.halden, "“Best quarter we ever had”", by=northwind.jody.actor, source=WinSource.WORDS
    )
    assert win.telling is None and win.told_at == cast.NOW
    with pytest.raises(Refusal, match="heard of it already"):
        wins.tell_client(win, by=northwind.jody.actor, how=Channel.EMAIL)


def test_a_quiet_win_stays_with_the_account_team(northwind: Cast) -> None:
    win = wins.note_win(northwind.orbit, "They renewed early", by=northwind.jody.actor, offered=False)
    assert not Win.objects.offered().exists()
    wins.offer_win(win, by=northwind.jody.actor)
    assert Win.objects.offered().exists()
    with pytest.raises(Refusal, match="offered already"):
        wins.offer_win(win, by=northwind.jody.actor)


def test_it_is_the_moment_to_ask_for_a_referral_once(northwind: Cast) -> None:
    win = wins.note_win(northwind.halden, "Sold out in a week", by=northwind.sam.actor)
    win = wins.ask_for_referral(win, by=northwind.sam.actor)
    assert win.asking is not None
    assert (win.asking.owner, win.asking.internal) == (northwind.jody, True)
    assert (win.asking.about_type, win.asking.about_id) == ("growth.win", win.pk)
    with pytest.raises(Refusal, match="promised already"):
        wins.ask_for_referral(win, by=northwind.sam.actor)


def test_a_mistake_takes_its_promises_along_and_brings_them_back(northwind: Cast) -> None:
    win = wins.note_win(northwind.halden, "Leads doubled", by=northwind.jody.actor)
    wins.drop_win(win, by=northwind.jody.actor)
    assert win.telling is not None
    win.telling.refresh_from_db()
    assert win.telling.state == State.WAIVED
    assert not Win.objects.standing().exists()
    wins.restore_win(win, by=northwind.jody.actor)
    win.telling.refresh_from_db()
    assert win.telling.state == State.OPEN


def test_strangers_note_none_and_see_none(northwind: Cast) -> None:
    win = wins.note_win(northwind.orbit, "New clinic", by=northwind.jody.actor)
    with pytest.raises(Refusal, match="account team"):
        wins.note_win(northwind.orbit, "Mine too", by=northwind.sam.actor)
    assert not Win.objects.visible_to(northwind.sam.actor).exists()
    assert list(Win.objects.visible_to(northwind.keiran.actor)) == [win]


def test_each_act_is_one_event(northwind: Cast) -> None:
    win = wins.note_win(northwind.halden, "Leads doubled", by=northwind.jody.actor)
    wins.tell_client(win, by=northwind.jody.actor, how=Channel.EMAIL)
    found = Event.objects.filter(subject_type="growth.win").order_by("pk").values_list("verb", flat=True)
    assert list(found) == ["win.noted", "win.told"]


def test_a_merge_brings_the_wins_along(northwind: Cast) -> None:
    win = wins.note_win(northwind.orbit, "New clinic", by=northwind.jody.actor)
    book.merge_clients(northwind.halden, northwind.orbit, by=SYSTEM)
    win.refresh_from_db()
    assert win.client == northwind.halden


@pytest.mark.parametrize(
    ("text", "on", "says"),
    [("", None, "what went well"), ("Up", dt.date(2026, 12, 24), "still to come")],
)
def test_what_is_no_win_is_refused(northwind: Cast, text: str, on: dt.date | None, says: str) -> None:
    with pytest.raises(Refusal, match=says):
        wins.note_win(northwind.halden, text, by=northwind.jody.actor, on=on)
