"""The feed's address and the pages around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.clients import book
from steadyhand.commitments import feeds, keeping
from steadyhand.commitments.models import Commitment
from steadyhand.core.models import Grant
from steadyhand.people import members
from steadyhand.people.roles import Role
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _frozen() -> Iterator[None]:
    with time_machine.travel(cast.NOW, tick=False):
        yield


@pytest.fixture
def people() -> cast.Cast:
    return cast.build()


@pytest.fixture
def jody(people: cast.Cast, client: Browser) -> Browser:
    client.force_login(cast.user_of(people.jody))
    return client


def address_on(page: str) -> str:
    found = re.search(r'value="https?://[^/]+(/feeds/[\w-]+\.ics)"', page)
    assert found, page
    return found[1]


def test_made_shown_once_fetched_without_sign_in(jody: Browser, people: cast.Cast) -> None:
    assert "There is no address yet" in jody.get("/calendar/feeds/").text
    made = jody.post("/calendar/feeds/")
    address = address_on(made.text)
    assert "no-store" in made["Cache-Control"]
    assert "/feeds/" not in jody.get("/calendar/feeds/").text.replace("/calendar/feeds/", "")
    fetched = Browser().get(address)
    assert fetched.status_code == 200
    assert fetched["Content-Type"] == "text/calendar; charset=utf-8"
    assert fetched.content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert "Set-Cookie" not in fetched.headers and "Cookie" not in fetched.get("Vary", "")
    assert Grant.objects.get(holder_id=people.jody.pk, kind="feed").last_used_at is not None


def test_asked_again_only_what_changed_is_sent(people: cast.Cast) -> None:
    address = f"/feeds/{feeds.open_feed(people.jody, by=people.jody.actor)}.ics"
    program = Browser()
    first = program.get(address)
    again = program.get(address, headers={"If-None-Match": f'"other", W/{first["ETag"]}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert first["Last-Modified"].endswith(" GMT")
    row = Commitment.objects.owned_by(people.jody).open().first()
    assert row is not None
    keeping.waive(row, by=people.jody.actor, reason="Not this time")
    assert program.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_unknown_is_404_and_revoked_410(jody: Browser, people: cast.Cast) -> None:
    address = address_on(jody.post("/calendar/feeds/").text)
    renewed = address_on(jody.post("/calendar/feeds/renewal/").text)
    assert Browser().get(address).status_code == 410
    assert Browser().get(renewed).status_code == 200
    assert jody.post("/calendar/feeds/revocation/").status_code == 302
    assert "revoked" in Browser().get(renewed).text
    assert Browser().get(f"/feeds/{'x' * 43}.ics").status_code == 404
    assert Browser().post(renewed).status_code == 405


def test_made_twice_is_a_sentence(jody: Browser) -> None:
    jody.post("/calendar/feeds/")
    again = jody.post("/calendar/feeds/")
    assert again.status_code == 409
    assert "Renew it for a new address" in again.text


def test_a_leavers_feed_dies_at_once(people: cast.Cast) -> None:
    address = f"/feeds/{feeds.open_feed(people.sam, by=people.sam.actor)}.ics"
    members.leave(people.sam, by=cast.SYSTEM)
    assert Browser().get(address).status_code == 410


def test_a_clients_feed_ends_with_the_client(jody: Browser, people: cast.Cast) -> None:
    address = address_on(jody.post("/clients/halden-bikes/feed/").text)
    assert "Call with Northwind" in Browser().get(address).text
    book.end_client(people.halden, on=cast.NOW.date(), reason="Sold", by=cast.SYSTEM)
    assert Browser().get(address).status_code == 410


def test_who_may_share_a_clients_calendar(jody: Browser, people: cast.Cast) -> None:
    assert jody.get("/clients/halden-bikes/feed/").status_code == 200
    assert jody.get("/clients/lumen-legal/feed/").status_code == 404
    finance = Browser()
    finance.force_login(cast.user_of(cast.joined("Fay Noor", Role.FINANCE)))
    assert finance.post("/clients/halden-bikes/feed/").status_code == 403


def test_fetching_costs_the_same_however_much_is_in_it(
    people: cast.Cast, django_assert_max_num_queries: object
) -> None:
    address = f"/feeds/{feeds.open_feed(people.jody, by=people.jody.actor)}.ics"
    Browser().get(address)
    with django_assert_max_num_queries(7):  # type: ignore[operator]
        Browser().get(address)
