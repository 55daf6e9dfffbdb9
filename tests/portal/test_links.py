"""Links to one thing: what they open, when they stop, and how a fresh one is asked for."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.clients import book
from steadyhand.clients.item_links import issue_link, revoke_links
from steadyhand.clients.models import Contact
from steadyhand.core.models import OutboxMessage
from steadyhand.delivery.models import Bundle
from tests import cast
from tests.cast import SYSTEM, user_of
from tests.contracts.canaries import said
from tests.portal.conftest import Visited, signed_in

LATER = cast.NOW + dt.timedelta(days=31)


@pytest.fixture
def bundle(visited: Visited) -> Bundle:
    """Something of Halden's that was asked for."""
    return Bundle.objects.create(
        client=visited.cast.halden,
        title="November posts",
        due_on=cast.NOW.date(),
        levels=1,
        made_at=cast.NOW,
        asked_at=cast.NOW,
    )


def link_for(contact: Contact, bundle: Bundle) -> str:
    return issue_link(contact, "approval", bundle.pk, by=SYSTEM)[1]


def opened(path: str) -> int:
    """How the browser of somebody who follows the link ends up."""
    return Browser(raise_request_exception=False).get(path, follow=True).status_code


def test_a_link_opens_its_item_and_nothing_else(visited: Visited, bundle: Bundle) -> None:
    other = Bundle.objects.create(
        client=visited.cast.halden,
        title="Other",
        due_on=cast.NOW.date(),
        levels=1,
        made_at=cast.NOW,
        asked_at=cast.NOW,
    )
    browser = Browser(raise_request_exception=False)
    assert browser.get(link_for(visited.ola, bundle), follow=True).status_code == 200
    assert browser.get(f"/portal/approvals/{bundle.pk}/").status_code == 200
    assert browser.get(f"/portal/approvals/{other.pk}/").status_code == 404
    assert browser.get("/portal/").status_code == 302
    assert browser.get("/portal/people/").status_code == 302


def test_a_link_to_what_is_not_theirs_opens_nothing(visited: Visited, bundle: Bundle) -> None:
    assert opened(link_for(visited.priya, bundle)) == 404


@pytest.mark.parametrize("how", ["revoked", "left", "ended", "merged", "address"])
def test_a_link_dies_at_once(visited: Visited, bundle: Bundle, how: str) -> None:
    path = link_for(visited.ola, bundle)
    browser = Browser(raise_request_exception=False)
    assert browser.get(path, follow=True).status_code == 200
    match how:
        case "revoked":
            revoke_links(visited.ola, by=SYSTEM)
        case "left":
            book.change_contact(visited.ola, by=SYSTEM, left_on=cast.NOW.date())
        case "ended":
            book.end_client(visited.cast.halden, on=cast.NOW.date(), reason="Sold", by=SYSTEM)
        case "merged":
            book.merge_clients(visited.cast.orbit, visited.cast.halden, by=SYSTEM)
        case _:
            book.change_contact(visited.ola, by=SYSTEM, email="o@haldenbikes.test")
    assert browser.get(f"/portal/approvals/{bundle.pk}/").status_code == 404
    assert opened(path) == 410
    Browser().post(f"{path}fresh/")
    assert not OutboxMessage.objects.filter(kind="fresh-link").exists()


def test_a_fresh_link_goes_to_whom_the_old_one_was_for(visited: Visited, bundle: Bundle) -> None:
    path = link_for(visited.ola, bundle)
    with time_machine.travel(LATER, tick=False):
        browser = Browser(raise_request_exception=False)
        page = browser.get(path)
        assert page.status_code == 410 and f"{path}fresh/" in page.content.decode()
        known = browser.post(f"{path}fresh/")
        unknown = browser.post("/portal/open/nobody-made-this/fresh/")
        assert said(known) == said(unknown)
        mail = OutboxMessage.objects.get(kind="fresh-link")
        assert mail.recipient == "ola@haldenbikes.test"
        fresh = mail.text[mail.text.index("/portal/open/") :].split()[0]
        assert opened(fresh) == 200
        assert opened(path) == 410


def test_fresh_links_are_limited(visited: Visited, bundle: Bundle) -> None:
    path = link_for(visited.ola, bundle)
    with time_machine.travel(LATER, tick=False):
        answers = {said(Browser().post(f"{path}fresh/")) for _ in range(6)}
    assert len(answers) == 1
    assert OutboxMessage.objects.filter(kind="fresh-link").count() == 3


def test_a_living_link_is_not_renewed(visited: Visited, bundle: Bundle) -> None:
    Browser().post(f"{link_for(visited.ola, bundle)}fresh/")
    assert not OutboxMessage.objects.filter(kind="fresh-link").exists()


def test_three_hundred_wrong_links_open_nothing_and_are_slowed_down(visited: Visited, bundle: Bundle) -> None:
    right = link_for(visited.ola, bundle)
    almost = right.rstrip("/")[:-1]  # three digits in place of its last letter: never the right one by chance
    answers = [Browser().get(f"{almost}{number:03}/").status_code for number in range(300)]
    assert set(answers) == {410, 429}
    assert answers.count(410) == 60
    assert Browser(REMOTE_ADDR="203.0.113.7").get(right).status_code == 302


def test_a_member_opens_no_link(visited: Visited, bundle: Bundle) -> None:
    browser = Browser(raise_request_exception=False)
    path = link_for(visited.ola, bundle)
    assert browser.get(path).status_code == 302
    browser.force_login(user_of(visited.cast.jody))
    assert browser.get(path).status_code == 410
    assert browser.get(f"/portal/approvals/{bundle.pk}/").status_code == 404


def test_whoever_is_signed_in_acts_as_themselves(visited: Visited, bundle: Bundle) -> None:
    """A colleague's link, opened in one's own browser, does not make one the colleague."""
    browser = signed_in(visited.maya)
    page = browser.get(link_for(visited.ola, bundle), follow=True).content.decode()
    assert "Sign out, Maya Lind" in page


def test_a_link_of_another_client_is_its_holders(visited: Visited, bundle: Bundle) -> None:
    browser = signed_in(visited.priya)
    page = browser.get(link_for(visited.ola, bundle), follow=True).content.decode()
    assert "You are here by a link, Ola Brandt" in page
    assert "Orbit Dental" in browser.get("/portal/").content.decode()
