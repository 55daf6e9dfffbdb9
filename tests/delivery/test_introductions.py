"""Needs outside our scope: introduced, and asked after (S18)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from steadyhand.commitments.kinds import State
from steadyhand.core.refusals import Refusal
from steadyhand.delivery import introductions, network
from steadyhand.delivery.models import IntroductionOutcome
from tests import cast
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast.build(planned=False)


def test_an_introduction_is_promised_made_and_asked_after(northwind: Cast) -> None:
    by = northwind.jody.actor
    print_shop = network.add_partner("Press & Fold", "Printing", by=by, phone="020 7946 0000")
    row = introductions.note_need(northwind.halden, "Catalogues printed by May", by=by)
    assert row.making is not None
    assert (row.making.owner, row.making.due_on) == (northwind.jody, dt.date(2026, 11, 26))
    with pytest.raises(Refusal, match="not been introduced yet"):
        introductions.settle_introduction(row, IntroductionOutcome.WORKING, by=by)
    row = introductions.introduce(row, print_shop, by=by)
    row.making.refresh_from_db()
    assert row.making.state == State.DONE
    assert row.following is not None and row.following.due_on == dt.date(2026, 12, 8)
    first = row.following
    row = introductions.settle_introduction(row, IntroductionOutcome.TALKING, by=by)
    first.refresh_from_db()
    assert first.state == State.DONE and row.following != first, "asked again while they are talking"
    row = introductions.settle_introduction(row, IntroductionOutcome.WORKING, by=by, note="Two years.")
    row.refresh_from_db()
    assert row.settled_at is not None and row.following is not None
    assert row.following.state == State.DONE
    with pytest.raises(Refusal, match="is closed"):
        introductions.drop_introduction(row, by=by, reason="No")


def test_dropping_waives_what_was_promised(northwind: Cast) -> None:
    row = introductions.note_need(northwind.halden, "A lawyer", by=northwind.jody.actor)
    row = introductions.drop_introduction(row, by=northwind.jody.actor, reason="They found one.")
    row.refresh_from_db()
    assert row.making is not None and row.making.state == State.WAIVED


def test_nobody_is_sent_to_a_partner_we_no_longer_recommend(northwind: Cast) -> None:
    by = northwind.jody.actor
    gone = network.retire_partner(network.add_partner("Old Press", "Printing", by=by), by=by)
    row = introductions.note_need(northwind.halden, "Printing", by=by, partner=gone)
    with pytest.raises(Refusal, match="no longer recommend"):
        introductions.introduce(row, gone, by=by)
    with pytest.raises(Refusal, match="Say what they do"):
        network.add_partner("New Press", " ", by=by)
