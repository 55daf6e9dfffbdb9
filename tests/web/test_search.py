"""Search: what is found, for whom, and never more than eight of a sort."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.clients import book
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from tests import cast as casting
from tests.cast import NOW, SYSTEM, Cast, user_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield casting.build()


def found(member: Member, query: str) -> str:
    browser = Browser(headers={"HX-Request": "true"})
    browser.force_login(user_of(member))
    answer = browser.get("/search/", {"q": query})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("query", ["hald", "BIKES", " bik ", "haldenbikes.t"])
def test_a_client_is_found_by_the_beginning_of_any_word_or_the_domain(world: Cast, query: str) -> None:
    assert 'href="/clients/halden-bikes/"' in found(world.jody, query)


def test_the_middle_of_a_word_is_not_its_beginning(world: Cast) -> None:
    assert "Halden" not in found(world.jody, "alden")


def test_a_client_brings_its_next_promises(world: Cast) -> None:
    assert "Halden Bikes: Weekly call" in found(world.jody, "halden")


def test_contacts_are_found_by_name_and_address(world: Cast) -> None:
    for query in ("may", "lind", "maya@"):
        assert "Maya Lind" in found(world.jody, query)


def test_nobody_finds_clients_of_other_teams(world: Cast) -> None:
    tom = casting.joined("Tom Bell", Role.MANAGER)
    for query in ("halden", "maya", "weekly"):
        assert "Halden" not in found(tom, query)
        assert "Maya" not in found(tom, query)


def test_at_most_eight_of_a_sort_the_whole_name_first(world: Cast) -> None:
    for number in range(12):
        book.add_client(f"Zebra {number}", by=SYSTEM)
    page = found(world.keiran, "zeb")
    assert page.count('href="/clients/zebra') == 8


def test_wildcards_are_letters_like_others(world: Cast) -> None:
    assert "Nothing here is called" in found(world.keiran, "%")
    assert "Nothing here is called" in found(world.keiran, "_al")


def test_pages_and_acts_that_the_role_may_open(world: Cast) -> None:
    assert 'href="/commitments/new/"' in found(world.jody, "add")
    assert 'href="/team/"' in found(world.keiran, "team")
    assert 'href="/team/"' not in found(world.jody, "team")


def test_an_empty_question_offers_pages(world: Cast) -> None:
    assert 'href="/"' in found(world.jody, "")


def test_it_is_a_page_without_javascript(world: Cast) -> None:
    browser = Browser()
    browser.force_login(user_of(world.jody))
    page = browser.get("/search/?q=<b>").content.decode()
    assert "<html" in page
    assert "&lt;b&gt;" in page


def test_a_form_is_offered_the_names_of_clients(world: Cast) -> None:
    browser = Browser()
    browser.force_login(user_of(world.jody))
    assert 'value="Halden Bikes"' in browser.get("/search/clients/?client=hal").content.decode()
    assert browser.get("/search/clients/").content.strip() == b""
