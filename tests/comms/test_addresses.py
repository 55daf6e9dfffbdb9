"""Dropbox and reply addresses: told apart, not to be guessed, made anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from steadyhand.clients import book, team
from steadyhand.clients.models import Client, Position
from steadyhand.comms.mail import addresses
from steadyhand.comms.mail.addresses import Whose
from steadyhand.core import agency
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from steadyhand.people import members
from steadyhand.people.models import Member
from tests.cast import NOW, SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def receiving(settings: Any) -> None:
    settings.RECEIVING_ADDRESS = "clients@in.northwind.test"


@pytest.fixture
def jody() -> Iterator[Member]:
    with time_machine.travel(NOW, tick=False):
        agency.found(by=SYSTEM, name="Northwind")
        yield members.add_member("jody@northwind.test", by=SYSTEM)


@pytest.fixture
def halden(jody: Member) -> Client:
    client = book.add_client("Halden", by=SYSTEM)
    team.assign(client, jody, Position.LEAD, by=SYSTEM)
    return client


def test_each_address_says_whose_it_is_however_it_is_written(halden: Client, jody: Member) -> None:
    of_client, of_member = addresses.client_dropbox(halden), addresses.member_dropbox(jody)
    reply = addresses.reply_address(halden, jody)
    assert of_client.startswith("clients+c") and of_client.endswith("@in.northwind.test")
    assert addresses.whose(of_client.upper()) == Whose(client_id=halden.pk)
    assert addresses.whose(of_member) == Whose(member_id=jody.pk)
    assert addresses.whose(reply) == Whose(halden.pk, jody.pk, is_reply=True)
    assert addresses.whose(addresses.reply_address(halden, None)) == Whose(halden.pk, None, is_reply=True)
    assert all(len(address.partition("@")[0]) <= 64 for address in (of_client, of_member, reply))
    assert addresses.first_of_ours(["x@y.test", of_member, of_client]) == Whose(client_id=halden.pk)


def test_another_client_cannot_be_named_with_ones_own_mark(halden: Client) -> None:
    orbit = book.add_client("Orbit", by=SYSTEM)
    theirs = addresses.client_dropbox(orbit)
    assert addresses.whose(theirs.replace(f"c{orbit.pk}-", f"c{halden.pk}-")) is None
    assert addresses.whose(theirs.replace("in.northwind", "elsewhere")) is None


@given(st.text(max_size=60))
def test_what_is_not_ours_is_nobodys(text: str) -> None:
    assert addresses.whose(text) is None
    assert addresses.whose(f"clients+{text}@in.northwind.test") is None


def test_a_new_address_ends_the_old_one_but_not_the_replies(halden: Client, jody: Member) -> None:
    old, reply = addresses.client_dropbox(halden), addresses.reply_address(halden, jody)
    new = addresses.renew(halden, by=jody.actor)
    assert addresses.whose(old) is None and addresses.whose(new) == Whose(client_id=halden.pk)
    assert addresses.whose(reply) is not None
    assert Event.objects.get(verb="dropbox.renewed").client_id == halden.pk
    assert addresses.whose(addresses.renew(jody, by=jody.actor)) == Whose(member_id=jody.pk)


def test_only_the_account_team_and_oneself_make_one_anew(halden: Client, jody: Member) -> None:
    sam = members.add_member("sam@northwind.test", by=SYSTEM)
    with pytest.raises(Refusal, match="account team"):
        addresses.renew(halden, by=sam.actor)
    with pytest.raises(Refusal, match="their own address"):
        addresses.renew(jody, by=sam.actor)


def test_without_a_receiving_address_there_are_none(halden: Client, jody: Member, settings: Any) -> None:
    known = addresses.client_dropbox(halden)
    settings.RECEIVING_ADDRESS = ""
    assert addresses.client_dropbox(halden) == addresses.reply_address(halden, jody) == ""
    assert addresses.whose(known) is None and not addresses.is_ours("")
