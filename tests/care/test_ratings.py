"""The five monthly ratings: asked once a month, followed up where low, taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from steadyhand.care.models import Rating, RatingSkip
from steadyhand.care.ratings import due_for_rating, rate, skip_ratings, take_back_ratings
from steadyhand.clients import book
from steadyhand.clients.models import Contact
from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import Commitment
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from tests.cast import NOW, Cast, build, retained

pytestmark = pytest.mark.django_db

GOOD = {"communication": 5, "strategy": 4, "results": 4, "proactivity": 3, "partnership": 5}


@pytest.fixture
def cast() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield build(planned=False)


def test_asked_once_a_month_and_not_in_the_first_two_weeks(cast: Cast) -> None:
    assert due_for_rating(cast.halden)
    new = retained("New Ltd", 500, lead=cast.jody, starts_on=NOW.date() - dt.timedelta(days=13))
    assert not due_for_rating(new) and due_for_rating(new, NOW + dt.timedelta(days=1))
    rate(cast.halden, GOOD, by=cast.jody.actor)
    assert not due_for_rating(cast.halden) and due_for_rating(cast.halden, NOW + dt.timedelta(days=7))
    skip_ratings(cast.orbit, "Maya was in a hurry", by=cast.jody.actor)
    assert not due_for_rating(cast.orbit)


def test_a_low_score_promises_one_follow_up(cast: Cast) -> None:
    maya = Contact.objects.get(name="Maya Lind")
    rate(cast.halden, GOOD | {"results": 2, "strategy": 1}, by=cast.sam.actor, contact=maya, member=cast.sam)
    row = Commitment.objects.get()
    assert row.title == "Ask Maya Lind about a low rating: strategy (1) and results (2)"
    assert (row.owner, row.due_on, row.internal) == (cast.jody, dt.date(2026, 11, 26), True)
    rate(cast.halden, {"results": 1}, by=cast.sam.actor, contact=maya)
    assert Commitment.objects.count() == 1
    assert Rating.objects.count() == 5 and Rating.objects.get(question="results").score == 1
    assert Event.objects.filter(verb="ratings.given").count() == 2


@pytest.mark.parametrize(
    ("scores", "sentence"),
    [
        ({}, "at least one"),
        ({"results": 6}, "from 1 to 5, not 6"),
        ({"warmth": 3}, "not one of the playbook"),
    ],
)
def test_refused(cast: Cast, scores: dict[str, int], sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        rate(cast.halden, scores, by=cast.jody.actor)
    assert not Rating.objects.exists()


def test_taking_back_makes_them_due_again_and_withdraws_the_follow_up(cast: Cast) -> None:
    rate(cast.halden, {"results": 1}, by=cast.jody.actor)
    take_back_ratings(cast.halden, by=cast.jody.actor)
    assert due_for_rating(cast.halden) and Commitment.objects.get().state == State.WITHDRAWN
    with pytest.raises(Refusal, match="Say why"):
        skip_ratings(cast.halden, " ", by=cast.jody.actor)
    skip_ratings(cast.halden, "no time", by=cast.jody.actor)
    rate(cast.halden, GOOD, by=cast.jody.actor)
    assert not RatingSkip.objects.exists()


def test_a_follow_up_somebody_went_on_with_stays(cast: Cast) -> None:
    rate(cast.halden, {"results": 1}, by=cast.jody.actor)
    keeping.complete(Commitment.objects.get(), by=cast.jody.actor)
    take_back_ratings(cast.halden, by=cast.jody.actor)
    assert Commitment.objects.get().state == State.DONE


def test_a_merge_takes_the_skips_along_too(cast: Cast) -> None:
    skip_ratings(cast.orbit, "in a hurry", by=cast.jody.actor)
    skip_ratings(cast.lumen, "away", by=cast.keiran.actor)
    book.merge_clients(cast.halden, cast.orbit, by=cast.keiran.actor)
    book.merge_clients(cast.halden, cast.lumen, by=cast.keiran.actor)
    assert RatingSkip.objects.get(client=cast.halden).reason == "in a hurry"
