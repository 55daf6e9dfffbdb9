"""The account team: positions, access, and taking changes back."""

from __future__ import annotations

from uuid import uuid4

import pytest
import time_machine

from steadyhand.clients import book, team
from steadyhand.clients.models import Access, Client, Level, Position
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from steadyhand.people import members
from tests.cast import NOW, SYSTEM, Cast, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    with time_machine.travel(NOW, tick=False):
        yield build(planned=False)


def places(client: Client) -> set[tuple[str, str]]:
    return {(a.position, a.member.name) for a in client.team.filter(until=None).select_related("member")}


def seers(client: Client) -> set[str]:
    return set(Access.objects.filter(client=client).values_list("member__name", flat=True))


def test_a_new_lead_takes_the_place_and_the_old_one_stays_as_support(cast: Cast):
    told = Event.objects.filter(verb="client.team_changed")
    before = told.count()
    team.assign(cast.orbit, cast.sam, Position.LEAD, by=SYSTEM)
    assert places(cast.orbit) == {("lead", "Sam Okafor"), ("support", "Jody Marsh")}
    assert seers(cast.orbit) == {"Sam Okafor", "Jody Marsh"}
    assert told.count() == before + 1


def test_a_support_who_becomes_lead_is_not_both(cast: Cast):
    team.assign(cast.halden, cast.sam, Position.LEAD, by=SYSTEM)
    assert ("support", "Sam Okafor") not in places(cast.halden)


def test_the_same_place_again_changes_nothing(cast: Cast):
    before = Event.objects.count()
    team.assign(cast.orbit, cast.jody, Position.LEAD, by=SYSTEM)
    assert Event.objects.count() == before


def test_delivery_sees_to_read_and_everybody_else_in_full(cast: Cast):
    team.assign(cast.orbit, cast.sam, Position.DELIVERY, by=SYSTEM)
    assert Access.objects.get(client=cast.orbit, member=cast.sam).level == Level.LOOK
    team.assign(cast.orbit, cast.sam, Position.SUPPORT, by=SYSTEM)
    assert Access.objects.get(client=cast.orbit, member=cast.sam).level == Level.FULL


def test_off_the_team_is_out_of_sight(cast: Cast):
    support = cast.halden.team.get(member=cast.sam, until=None)
    before = Event.objects.count()
    team.unassign(support, by=SYSTEM)
    assert not Client.objects.visible_to(cast.sam.actor).filter(pk=cast.halden.pk).exists()
    assert Event.objects.count() == before + 1
    team.unassign(support, by=SYSTEM)
    assert Event.objects.count() == before + 1


def test_nobody_who_left_joins_a_team_and_nobody_joins_an_ended_client(cast: Cast):
    members.leave(cast.sam, by=SYSTEM)
    cast.sam.refresh_from_db()
    with pytest.raises(Refusal, match="has left"):
        team.assign(cast.orbit, cast.sam, Position.SUPPORT, by=SYSTEM)
    book.end_client(cast.orbit, on=NOW.date(), reason="Sold", by=SYSTEM)
    with pytest.raises(Refusal, match="no longer looked after"):
        team.assign(cast.orbit, cast.keiran, Position.LEAD, by=SYSTEM)


def test_a_batch_is_taken_back_as_it_was(cast: Cast):
    clients = (cast.halden, cast.orbit, cast.lumen)
    before = [(places(c), seers(c)) for c in clients]
    batch = uuid4()
    for client in clients:
        team.assign(client, cast.sam, Position.LEAD, by=SYSTEM, batch=batch)
    assert places(cast.halden) == {
        ("lead", "Sam Okafor"),
        ("support", "Jody Marsh"),
        ("sponsor", "Keiran Reid"),
    }
    assert team.take_back(batch, by=SYSTEM) == 2  # Sam led Lumen already
    assert [(places(c), seers(c)) for c in clients] == before


def test_taking_back_leaves_alone_what_changed_since(cast: Cast):
    batch = uuid4()
    team.assign(cast.orbit, cast.sam, Position.LEAD, by=SYSTEM, batch=batch)
    team.assign(cast.orbit, cast.keiran, Position.LEAD, by=SYSTEM)
    assert team.take_back(batch, by=SYSTEM) == 0
    assert ("lead", "Keiran Reid") in places(cast.orbit)


def test_handing_over_everything_moves_every_place(cast: Cast):
    assert team.hand_over_clients(cast.jody, cast.sam, by=SYSTEM) == 3
    assert ("lead", "Sam Okafor") in places(cast.fernhill)


def test_a_batch_on_clients_one_does_not_see_stays(cast: Cast):
    """Sam, who may not change Orbit, knows the number of somebody else's batch on it."""
    batch = uuid4()
    team.assign(cast.orbit, cast.keiran, Position.LEAD, by=SYSTEM, batch=batch)
    team.assign(cast.lumen, cast.keiran, Position.LEAD, by=SYSTEM, batch=batch)
    assert team.take_back(batch, by=cast.sam.actor) == 1
    assert ("lead", "Keiran Reid") in places(cast.orbit)
    assert ("lead", "Sam Okafor") in places(cast.lumen)


def test_whoever_gave_a_client_away_may_take_that_back(cast: Cast):
    batch = uuid4()
    support = cast.halden.team.get(member=cast.sam, until=None)
    team.unassign(support, by=cast.sam.actor, batch=batch)
    assert "Sam Okafor" not in seers(cast.halden)
    assert team.take_back(batch, by=cast.sam.actor) == 1
    assert "Sam Okafor" in seers(cast.halden)
