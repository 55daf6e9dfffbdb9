"""The page of the steps by which an agency takes its playbook on (B15)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.core import agency
from steadyhand.people.roles import Role
from tests import cast
from tests.cast import SYSTEM, Cast, joined, user_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[Cast]:
    with time_machine.travel(cast.NOW, tick=False):
        yield cast.build()


def browser(member: object) -> Browser:
    signed_in = Browser()
    signed_in.force_login(user_of(member))  # type: ignore[arg-type]
    return signed_in


def text(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def test_ticked_by_hand_with_a_note_and_taken_back(world: Cast) -> None:
    keiran = browser(world.keiran)
    page = text(keiran.get("/adoption/"))
    assert "3 of 20" in page and "happens outside Steadyhand" in page and 'href="/meetings/series/"' in page
    answer = keiran.post("/adoption/people-plan/tick/", {"note": "Shown on <Friday>"}, follow=True)
    assert "4 of 20" in text(answer)
    assert "Ticked by Keiran Reid" in text(answer) and "Shown on &lt;Friday&gt;" in text(answer)
    answer = keiran.post("/adoption/people-plan/tick/removal/", follow=True)
    assert "3 of 20" in text(answer)
    answer = keiran.post("/adoption/people-plan/tick/", {"note": "x" * 400}, follow=True)
    assert "longer than 300 characters" in text(answer) and "3 of 20" in text(answer)


def test_linked_from_the_playbook_for_who_may_see_it(world: Cast) -> None:
    assert 'href="/adoption/"' in text(browser(world.keiran).get("/playbook/"))
    assert 'href="/adoption/"' in text(browser(world.keiran).get("/settings/"))
    assert 'href="/adoption/"' not in text(browser(world.jody).get("/playbook/standard/"))
    assert browser(world.jody).get("/adoption/").status_code == 403


def test_a_session_is_planned_from_the_page(world: Cast) -> None:
    keiran = browser(world.keiran)
    assert "/meetings/new/?agenda=adoption-session" in text(keiran.get("/adoption/"))
    form = text(keiran.get("/meetings/new/?agenda=adoption-session"))
    assert 'value="Taking the playbook on"' in form
    assert '<option value="adoption-session" selected>' in form


def test_empty_without_a_playbook() -> None:
    with time_machine.travel(cast.NOW, tick=False):
        agency.found(by=SYSTEM, name="Northwind")
        head = joined("Keiran Reid", Role.HEAD)
        assert "No playbook is in force yet" in text(browser(head).get("/adoption/"))
