"""Writing down what was said: it stands on the timeline, counts, keeps a promise, and can be struck out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.clients import book
from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import Commitment
from steadyhand.comms.models import Interaction
from steadyhand.desk.client_page import client_page
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from steadyhand.playbook.models import Version
from tests import cast as casting
from tests.cast import NOW, SYSTEM, Cast, user_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield casting.build()


def browser_of(member: Member, **headers: str) -> Browser:
    browser = Browser(headers=headers)
    browser.force_login(user_of(member))
    return browser


def said(**more: str) -> dict[str, str]:
    local = NOW - dt.timedelta(hours=1)
    return {
        "channel": "call",
        "client": "halden-bikes",
        "summary": "March leads",
        "on": f"{local:%Y-%m-%d}",
        "at": f"{local:%H:%M}",
        "minutes": "25",
    } | more


def used(world: Cast) -> int:
    page = client_page(world.halden, world.jody.actor, version=Version.live(), asks_to_read=False)
    assert page.call_time is not None
    return page.call_time.used


def test_a_call_is_written_down_counts_and_can_be_struck_out(world: Cast) -> None:
    browser = browser_of(world.jody)
    answer = browser.post("/interactions/", said(next="/clients/halden-bikes/"), follow=True)
    page = answer.content.decode()
    assert "Call with Halden Bikes written down" in page and "March leads" in page
    assert used(world) == 25
    written = Interaction.objects.get(summary="March leads")
    assert (written.member, written.minutes, written.at) == (world.jody, 25, NOW - dt.timedelta(hours=1))
    page = browser.post(f"/interactions/{written.pk}/removal/", follow=True).content.decode()
    assert "Struck out" in page and used(world) == 0


def test_a_call_that_keeps_a_promise_counts_once_and_owes_it_again_when_struck_out(world: Cast) -> None:
    promised = Commitment.objects.filter(client=world.halden, rule="call").earliest("due_at")
    browser = browser_of(world.jody)
    with time_machine.travel(promised.due_at, tick=False):
        on = promised.due_at
        form = browser.get(f"/interactions/new/?keeps={promised.pk}").content.decode()
        assert f'<option value="{promised.pk}" selected>' in form and "Halden Bikes" in form
        values = said(keeps=str(promised.pk), on=f"{on:%Y-%m-%d}", at=f"{on:%H:%M}")
        browser.post("/interactions/", values)
        promised.refresh_from_db()
        assert promised.state == State.DONE and used(world) == 25
        browser.post(f"/interactions/{Interaction.objects.get(summary='March leads').pk}/removal/")
        promised.refresh_from_db()
        assert promised.state == State.OPEN and used(world) == 0


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"client": "Nobody & Sons"}, "You see no client called"),
        ({"summary": ""}, "This field is required"),
        ({"on": "2031-01-01"}, "That is still to come"),
        ({"minutes": "-3"}, "greater than or equal to 1"),
        ({"keeps": "987654"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_written_down_is_said_at_the_field(
    world: Cast, wrong: dict[str, str], why: str
) -> None:
    answer = browser_of(world.jody).post("/interactions/", said(**wrong))
    assert answer.status_code == 422 and why in answer.content.decode()
    assert not Interaction.objects.filter(summary="March leads").exists()


def test_a_stranger_neither_writes_nor_strikes_out(world: Cast) -> None:
    browser_of(world.jody).post("/interactions/", said())
    written = Interaction.objects.get(summary="March leads")
    stranger = casting.joined("Vera Lind", Role.MANAGER)
    browser = browser_of(stranger)
    assert browser.post("/interactions/", said()).status_code == 422
    assert browser.post(f"/interactions/{written.pk}/removal/").status_code == 404
    assert browser.get("/interactions/choices/?client=halden-bikes").status_code == 200
    assert Interaction.objects.filter(summary="March leads").count() == 1
    finance = casting.joined("Finn Marr", Role.FINANCE)
    assert browser_of(finance).get("/interactions/new/").status_code == 403


def test_the_sheet_offers_their_people_once_the_client_is_named(world: Cast) -> None:
    maya = book.add_contact(world.halden, by=SYSTEM, name="Maya Halden", email="maya@halden.example")
    browser = browser_of(world.jody, **{"HX-Request": "true"})
    assert "Maya Halden" not in browser.get("/interactions/new/").content.decode()
    choices = browser.get("/interactions/choices/", {"client": "Halden Bikes"}).content.decode()
    assert f'<option value="{maya.pk}">' in choices and "<form" not in choices
    answer = browser.post("/interactions/", said(contact=str(maya.pk)), headers={"HX-Target": "sheet"})
    assert answer.status_code == 204
    assert "promises-changed" in answer["HX-Trigger"] and "/removal/" in answer["HX-Trigger"]
    assert Interaction.objects.get(summary="March leads").contact == maya
