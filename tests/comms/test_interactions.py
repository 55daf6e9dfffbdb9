"""What was said to whom: written down once, seen by the team, moved along with a merge."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from steadyhand.clients import book, team
from steadyhand.clients.models import Client, Position
from steadyhand.comms.interactions import Said, log_interaction, log_interactions, remove_interactions
from steadyhand.comms.models import Channel, Interaction
from steadyhand.core import agency
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from steadyhand.people import members
from tests.cast import NOW, SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def halden() -> Iterator[Client]:
    with time_machine.travel(NOW, tick=False):
        agency.found(by=SYSTEM, name="Northwind")
        yield book.add_client("Halden", by=SYSTEM)


def test_an_interaction_is_one_row_and_one_event(halden: Client) -> None:
    maya = book.add_contact(halden, "Maya", by=SYSTEM)
    said = log_interaction(
        halden, Channel.CALL, by=SYSTEM, at=NOW, contact=maya, body="Leads dipped.\nMore.", minutes=25
    )
    assert (said.summary, said.body, said.minutes) == ("Leads dipped.", "Leads dipped.\nMore.", 25)
    event = Event.objects.get(verb="interaction.logged")
    assert (event.client_id, event.subject_id, event.data["channel"]) == (halden.pk, said.pk, "call")


def test_nothing_said_is_refused_and_so_is_another_clients_contact(halden: Client) -> None:
    with pytest.raises(Refusal, match="Say what it was about"):
        log_interaction(halden, Channel.NOTE, by=SYSTEM, at=NOW)
    stranger = book.add_contact(book.add_client("Orbit", by=SYSTEM), "Ola", by=SYSTEM)
    with pytest.raises(Refusal, match="belongs to another client"):
        log_interaction(halden, Channel.CALL, by=SYSTEM, at=NOW, contact=stranger, summary="Hello")
    assert not Interaction.objects.exists()


def test_many_are_all_or_none(halden: Client) -> None:
    with pytest.raises(Refusal):
        log_interactions(
            [Said(halden, Channel.NOTE, NOW, summary="a"), Said(halden, Channel.NOTE, NOW)], by=SYSTEM
        )
    assert not Interaction.objects.exists() and not Event.objects.filter(verb="interaction.logged").exists()


def test_only_the_account_team_sees_it(halden: Client) -> None:
    log_interaction(halden, Channel.NOTE, by=SYSTEM, at=NOW, summary="Secret")
    jody = members.add_member("jody@agency.example", by=SYSTEM)
    assert not Interaction.objects.visible_to(jody.actor).exists()
    team.assign(halden, jody, Position.LEAD, by=SYSTEM)
    assert Interaction.objects.visible_to(jody.actor).exists()


def test_a_merge_takes_it_along(halden: Client) -> None:
    orbit = book.add_client("Orbit", by=SYSTEM)
    log_interaction(orbit, Channel.NOTE, by=SYSTEM, at=NOW, summary="Before")
    book.merge_clients(halden, orbit, by=SYSTEM)
    assert Interaction.objects.get().client == halden


def test_removing_leaves_its_event(halden: Client) -> None:
    said = log_interaction(halden, Channel.NOTE, by=SYSTEM, at=NOW, summary="Typo")
    assert remove_interactions([said.pk], by=SYSTEM) == 1
    assert Event.objects.filter(verb="interaction.removed", client_id=halden.pk).exists()
