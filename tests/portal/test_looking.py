"""A member sees any page as the client sees it: to read, with a banner, written down."""

from __future__ import annotations

import pytest
from django.test import Client as Browser

from steadyhand.clients import book
from steadyhand.clients.portal_access import look_as
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from tests import cast
from tests.cast import SYSTEM, user_of
from tests.portal.conftest import Visited


@pytest.fixture
def browser(visited: Visited) -> Browser:
    """Jody's."""
    found = Browser(raise_request_exception=False)
    found.force_login(user_of(visited.cast.jody))
    return found


def begin(browser: Browser, visited: Visited) -> int:
    halden = visited.cast.halden
    return browser.post(f"/clients/{halden.ref}/contacts/{visited.ola.pk}/looking/").status_code


def test_one_sees_what_they_see_until_one_is_done(browser: Browser, visited: Visited) -> None:
    assert begin(browser, visited) == 302
    page = browser.get("/portal/people/").content.decode()
    assert "You see what <b>Ola Brandt</b> at Halden Bikes sees" in page
    event = Event.objects.get(verb="portal.looked_at")
    assert (event.client_id, event.actor_id) == (visited.cast.halden.pk, visited.cast.jody.pk)
    assert browser.post("/portal/looking/ending/")["Location"] == "/clients/halden-bikes/"
    assert browser.get("/portal/people/").status_code == 404


def test_nothing_can_be_done_while_looking(browser: Browser, visited: Visited) -> None:
    begin(browser, visited)
    answer = browser.post("/portal/meetings/1/declining/")
    assert answer.status_code == 403
    assert "You are only looking" in answer.content.decode()


def test_only_who_sees_the_client_looks(visited: Visited) -> None:
    stranger = cast.joined("Lena Roth", cast.Role.EXECUTIVE)
    browser = Browser(raise_request_exception=False)
    browser.force_login(user_of(stranger))
    assert begin(browser, visited) == 404
    with pytest.raises(Refusal, match="do not see"):
        look_as(visited.ola, by=stranger.actor)


def test_looking_ends_with_the_reason_for_it(browser: Browser, visited: Visited) -> None:
    begin(browser, visited)
    book.change_contact(visited.ola, by=SYSTEM, left_on=cast.NOW.date())
    assert browser.get("/portal/").status_code == 404
