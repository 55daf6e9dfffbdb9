"""Whoever takes a client over promises to read the brief (O8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import uuid4

import pytest
import time_machine

from steadyhand.clients import team
from steadyhand.clients.briefs import read_brief, unread_brief
from steadyhand.clients.models import Client, Position
from steadyhand.commitments import keeping
from steadyhand.commitments.brief_readings import READING
from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import Commitment
from steadyhand.core.refusals import Refusal
from steadyhand.desk.next_clicks import click_for
from tests import cast
from tests.cast import SYSTEM, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[Cast]:
    with time_machine.travel(cast.NOW, tick=False):
        yield cast.build(planned=False)


def readings(client: Client) -> list[Commitment]:
    return list(Commitment.objects.filter(client=client, closes_with=READING).order_by("pk"))


def test_a_new_lead_owes_reading_it_by_the_next_working_day(world: Cast) -> None:
    assert not readings(world.orbit)  # the first lead wrote it
    team.assign(world.orbit, world.sam, Position.LEAD, by=SYSTEM)
    (promise,) = readings(world.orbit)
    assert (promise.owner, promise.due_on, promise.internal) == (world.sam, dt.date(2026, 11, 25), True)
    click = click_for(promise)
    assert click is not None and click.address == "/clients/orbit-dental/brief/"
    with pytest.raises(Refusal, match="not by a tick"):
        keeping.complete(promise, by=world.sam.actor)


def test_kept_by_saying_so_and_owed_again_when_taken_back(world: Cast) -> None:
    team.assign(world.orbit, world.sam, Position.LEAD, by=SYSTEM)
    read_brief(world.orbit, world.sam, by=world.sam.actor)
    assert [one.state for one in readings(world.orbit)] == [State.DONE]
    unread_brief(world.orbit, world.sam, by=world.sam.actor)
    assert [one.state for one in readings(world.orbit)] == [State.OPEN]
    read_brief(world.lumen, world.sam, by=world.sam.actor)
    assert [one.state for one in readings(world.orbit)] == [State.OPEN]  # another client's is another brief


def test_somebody_else_reading_it_keeps_nothing(world: Cast) -> None:
    team.assign(world.orbit, world.sam, Position.LEAD, by=SYSTEM)
    read_brief(world.orbit, world.jody, by=world.jody.actor)
    assert [one.state for one in readings(world.orbit)] == [State.OPEN]


def test_a_change_taken_back_leaves_nothing_owed(world: Cast) -> None:
    batch = uuid4()
    team.assign(world.orbit, world.sam, Position.LEAD, by=SYSTEM, batch=batch)
    team.take_back(batch, by=SYSTEM)
    assert [one.state for one in readings(world.orbit)] == [State.WITHDRAWN]
    team.assign(world.orbit, world.keiran, Position.SPONSOR, by=SYSTEM)
    assert len(readings(world.orbit)) == 1
