"""The strategy: versions, a first view, the client's sign-off, tests and presenting (S19)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from steadyhand.clients import book
from steadyhand.clients.models import Contact
from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import Commitment
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.delivery import strategies
from steadyhand.delivery.agenda_sections import strategies_to_present
from steadyhand.delivery.differences import differences
from steadyhand.delivery.models import Showing, SignOff, Strategy, StrategyVersion
from tests import cast
from tests.cast import NOW, SYSTEM, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast.build(planned=False)


def actor_of(contact: Contact) -> Actor:
    return Actor(ActorKind.CONTACT, contact.pk, contact.name)


def written(northwind: Cast, text: str = "Win the commuters.") -> StrategyVersion:
    return strategies.write_strategy(
        northwind.halden, text, by=northwind.jody.actor, business="Two shops by 2028."
    )


def test_words_stand_still_once_the_client_has_seen_them(northwind: Cast) -> None:
    first = written(northwind)
    assert written(northwind, "Win the commuters first.").pk == first.pk
    strategies.show_version(first, Showing.FIRST_VIEW, by=northwind.jody.actor)
    second = written(northwind, "Win the commuters, then families.")
    first.refresh_from_db()
    assert (first.text, second.number) == ("Win the commuters first.", 2)
    with pytest.raises(Refusal, match="newer version"):
        strategies.show_version(first, Showing.FINAL, by=northwind.jody.actor)


def test_two_writers_do_not_overwrite_each_other(northwind: Cast) -> None:
    first = written(northwind)
    with time_machine.travel(NOW + dt.timedelta(minutes=5), tick=False):
        written(northwind, "Win the racers.")
        with pytest.raises(Conflict, match="Jody Marsh saved the strategy while you wrote"):
            strategies.write_strategy(
                northwind.halden, "Win all.", by=northwind.sam.actor, seen=first.changed_at
            )


def test_a_final_version_is_waited_for_and_signed_off_once(northwind: Cast) -> None:
    maya = Contact.objects.get(name="Maya Lind")
    version = written(northwind)
    with pytest.raises(Refusal, match="Only somebody at the client"):
        strategies.sign_off(version, by=actor_of(maya))
    strategies.show_version(version, Showing.FIRST_VIEW, by=northwind.jody.actor)
    with pytest.raises(Refusal, match="first view"):
        strategies.sign_off(version, by=actor_of(maya))
    strategies.show_version(version, Showing.FINAL, by=northwind.jody.actor)
    waiting = Commitment.objects.get(about_type=strategies.ABOUT, waiting_since__isnull=False)
    assert waiting.owner == northwind.jody and not waiting.internal
    strategies.sign_off(version, by=actor_of(maya))
    waiting.refresh_from_db()
    assert waiting.state == State.DONE
    with pytest.raises(Refusal, match="Maya Lind signed it off on 24 November 2026"):
        strategies.sign_off(version, by=actor_of(Contact.objects.get(name="Ola Brandt")))
    assert SignOff.objects.count() == 1


def test_nobody_else_answers_for_the_client(northwind: Cast) -> None:
    version = written(northwind)
    strategies.show_version(version, Showing.FINAL, by=northwind.jody.actor)
    stranger = book.add_contact(northwind.orbit, "Otto", by=SYSTEM)
    for actor in (actor_of(stranger), northwind.jody.actor):
        with pytest.raises(Refusal, match="Only somebody at the client"):
            strategies.sign_off(version, by=actor)
        with pytest.raises(Refusal, match="Only somebody at the client"):
            strategies.comment_on_version(version, "Hm", by=actor)
    assert not Strategy.objects.shared_with(stranger).exists()


def test_what_was_read_is_what_is_signed(northwind: Cast) -> None:
    maya = Contact.objects.get(name="Maya Lind")
    first = written(northwind)
    strategies.show_version(first, Showing.FINAL, by=northwind.jody.actor)
    second = written(northwind, "Something else.")
    assert not second.is_shared
    strategies.show_version(second, Showing.FINAL, by=northwind.jody.actor)
    with pytest.raises(Refusal, match="Version 2 has taken the place"):
        strategies.sign_off(first, by=actor_of(maya))


def test_a_comment_is_answered_the_next_working_day(northwind: Cast) -> None:
    version = written(northwind)
    strategies.show_version(version, Showing.FIRST_VIEW, by=northwind.jody.actor)
    strategies.comment_on_version(
        version, "And the racers?", by=actor_of(Contact.objects.get(name="Maya Lind"))
    )
    promised = Commitment.objects.get(title="Answer Maya Lind about the strategy")
    assert (promised.owner, promised.due_on) == (northwind.jody, dt.date(2026, 11, 25))


def test_its_review_is_promised_moved_and_kept(northwind: Cast) -> None:
    strategy = written(northwind).strategy
    on = dt.date(2027, 2, 1)
    strategies.set_review(strategy, on, by=northwind.jody.actor)
    strategies.set_review(strategy, on + dt.timedelta(days=1), by=northwind.jody.actor)
    review = Commitment.objects.get(strategy_to_review=strategy)
    assert review.due_on == dt.date(2027, 2, 2)
    with pytest.raises(Refusal, match="what is to be changed"):
        strategies.test_strategy(strategy, False, by=northwind.jody.actor)
    strategies.test_strategy(strategy, True, by=northwind.jody.actor, next_on=dt.date(2027, 5, 3))
    review.refresh_from_db()
    strategy.refresh_from_db()
    assert review.state == State.DONE and strategy.review_on == dt.date(2027, 5, 3)


def test_each_version_is_presented_to_the_agency(northwind: Cast) -> None:
    version = written(northwind)
    presenting = Commitment.objects.get(strategy_to_present=version.strategy)
    assert presenting.owner == northwind.jody and presenting.due_on == dt.date(2026, 12, 1)
    assert strategies_to_present(northwind.keiran.actor) == [version]
    assert strategies_to_present(cast.joined("Ada", "account_executive").actor) == []  # type: ignore[arg-type]
    strategies.present_strategy(version, by=northwind.jody.actor)
    presenting.refresh_from_db()
    assert presenting.state == State.DONE and strategies_to_present(northwind.keiran.actor) == []
    strategies.show_version(version, Showing.FINAL, by=northwind.jody.actor)
    written(northwind, "Refreshed.")
    assert Commitment.objects.filter(strategy_to_present=version.strategy, state=State.OPEN).exists()


def test_of_two_records_that_are_one_client_the_kept_strategy_is_the_newer(northwind: Cast) -> None:
    kept = written(northwind)
    strategies.write_strategy(northwind.orbit, "Fill the Tuesdays.", by=northwind.jody.actor)
    book.merge_clients(northwind.halden, northwind.orbit, by=SYSTEM)
    strategy = Strategy.objects.get()
    assert strategy == kept.strategy
    assert [(row.number, row.text) for row in strategy.versions.all()] == [
        (2, "Win the commuters."),
        (1, "Fill the Tuesdays."),
    ]


def test_differences_show_words_within_a_paragraph_and_paragraphs_that_came() -> None:
    found = differences("Win the commuters.\n\nStay.", "Win the families.\n\nStay.\n\nGrow.")
    assert [[(piece.kind, piece.text) for piece in part] for part in found] == [
        [("same", "Win the "), ("gone", "commuters"), ("new", "families"), ("same", ".")],
        [("same", "Stay.")],
        [("new", "Grow.")],
    ]
