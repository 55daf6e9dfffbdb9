"""A code by mail, once, for ten minutes; the same answer to everybody; members and contacts never mixed."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.clients import book
from steadyhand.clients.portal_access import end_access, invite_contact
from steadyhand.core.models import Event, OutboxMessage
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import User
from tests import cast
from tests.cast import SYSTEM, user_of
from tests.portal.conftest import Visited, signed_in

CODE = re.compile(r"\b([B-Z]{4}-[B-Z]{4})\b")


def ask(browser: Browser, email: str) -> str:
    """Ask for a code; the one in the mail, if a mail has one."""
    before = OutboxMessage.objects.count()
    answer = browser.post("/portal/sign-in/", {"email": email})
    assert (answer.status_code, answer["Location"]) == (302, "/portal/sign-in/code/")
    if OutboxMessage.objects.count() == before:
        return ""
    mail = OutboxMessage.objects.latest("pk")
    assert mail.recipient == email.strip().lower()
    found = CODE.search(mail.text)
    return found[1] if found else ""


def type_in(browser: Browser, code: str) -> int:
    return browser.post("/portal/sign-in/code/", {"code": code}).status_code


def test_a_code_signs_in_once(visited: Visited) -> None:
    browser = Browser()
    browser.get("/portal/sign-in/?next=/portal/people/")
    code = ask(browser, " Maya@HaldenBikes.test")
    answer = browser.post("/portal/sign-in/code/", {"code": f" {code.lower().replace('-', ' ')} "})
    assert (answer.status_code, answer["Location"]) == (302, "/portal/people/")
    assert b"Jody Marsh" in browser.get("/portal/people/").content
    event = Event.objects.get(verb="contact.signed_in")
    assert (event.client_id, event.actor_name) == (visited.cast.halden.pk, "Maya Lind")
    browser.post("/portal/sign-out/")
    assert browser.get("/portal/").status_code == 302
    assert browser.post("/portal/sign-in/code/", {"code": code})["Location"] == "/portal/sign-in/"


def test_a_code_works_only_in_its_browser_and_for_ten_minutes(visited: Visited) -> None:
    browser, other = Browser(), Browser()
    code = ask(browser, "maya@haldenbikes.test")
    ask(other, "maya@haldenbikes.test")
    assert type_in(other, code) == 422
    with time_machine.travel(cast.NOW + dt.timedelta(seconds=601), tick=False):
        answer = browser.post("/portal/sign-in/code/", {"code": code})
    assert answer["Location"] == "/portal/sign-in/"


def test_three_wrong_codes_spend_it(visited: Visited) -> None:
    browser = Browser()
    code = ask(browser, "maya@haldenbikes.test")
    assert [type_in(browser, "BBBB-BBBB") for _ in range(3)] == [422] * 3
    assert type_in(browser, code) == 302
    assert browser.get("/portal/").status_code == 302  # not signed in


@pytest.mark.parametrize(
    "email", ["nobody@nowhere.test", "ola@haldenbikes.test", "jody@northwind.test", "maya@haldenbikes.test"]
)
def test_the_answer_is_the_same_whoever_asks(visited: Visited, email: str) -> None:
    browser = Browser()
    known = ask(browser, email)
    assert bool(known) == (email == "maya@haldenbikes.test")
    page = browser.get("/portal/sign-in/code/").content.decode()
    assert f"If {email} may sign in here" in page
    assert type_in(browser, "BCDF-GHJK") == 422
    assert OutboxMessage.objects.filter(kind="portal-code").count() == 1


def test_codes_are_limited_by_address_and_the_answer_does_not_say_so(visited: Visited) -> None:
    mails = [ask(Browser(), "maya@haldenbikes.test") for _ in range(8)]
    assert all(mails[:5])
    assert not any(mails[5:])


def test_codes_are_limited_by_network(visited: Visited) -> None:
    for n in range(30):
        ask(Browser(), f"somebody{n}@nowhere.test")
    assert OutboxMessage.objects.filter(kind="portal-code").count() == 20
    browser = Browser(REMOTE_ADDR="203.0.113.9")
    assert ask(browser, "maya@haldenbikes.test")


def test_three_hundred_wrong_codes_let_nobody_in(visited: Visited) -> None:
    """By whatever browser and network: the account is limited too."""
    accepted = 0
    for n in range(60):
        browser = Browser(REMOTE_ADDR=f"198.51.100.{n}")
        ask(browser, "maya@haldenbikes.test")
        for _ in range(5):
            type_in(browser, "BCDF-GHJK")
        accepted += browser.get("/portal/").status_code == 200
    assert not accepted
    browser = Browser(REMOTE_ADDR="203.0.113.9")
    with time_machine.travel(cast.NOW + dt.timedelta(minutes=16), tick=False):
        code = ask(browser, "maya@haldenbikes.test")
        assert code
        assert type_in(browser, code) == 422  # guessed too often within the hour
    with time_machine.travel(cast.NOW + dt.timedelta(minutes=61), tick=False):
        assert type_in(browser, ask(browser, "maya@haldenbikes.test")) == 302


def test_one_address_at_two_clients_chooses(visited: Visited) -> None:
    twin = book.add_contact(visited.cast.lumen, "Maya Lind", by=SYSTEM, email="maya@haldenbikes.test")
    invite_contact(twin, by=SYSTEM)
    browser = Browser()
    answer = browser.post(
        "/portal/sign-in/code/", {"code": ask(browser, "maya@haldenbikes.test")}
    ).content.decode()
    assert "Halden Bikes" in answer and "Lumen Legal" in answer
    assert browser.post(f"/portal/sign-in/as/{visited.priya.pk}/")["Location"] == "/portal/sign-in/"
    assert browser.post(f"/portal/sign-in/as/{twin.pk}/")["Location"] == "/portal/"
    assert "Lumen Legal" in browser.get("/portal/").content.decode()
    stranger = Browser()
    ask(stranger, "maya@haldenbikes.test")
    stranger.post(f"/portal/sign-in/as/{twin.pk}/")
    assert stranger.get("/portal/").status_code == 302


def test_it_leads_nowhere_else(visited: Visited) -> None:
    for where in ("https://evil.test/portal/", "//evil.test/", "/clients/"):
        browser = Browser()
        browser.get("/portal/sign-in/", {"next": where})
        answer = browser.post("/portal/sign-in/code/", {"code": ask(browser, "priya@orbit.test")})
        if answer.status_code == 302:
            assert answer["Location"] == "/portal/"


def test_whoever_leaves_is_out_at_once(visited: Visited) -> None:
    browser = signed_in(visited.maya)
    assert browser.get("/portal/").status_code == 200
    book.change_contact(visited.maya, by=SYSTEM, left_on=cast.NOW.date())
    assert browser.get("/portal/").status_code == 302
    assert not User.objects.filter(email__startswith=f"contact-{visited.maya.pk}@").exists()
    assert ask(Browser(), "maya@haldenbikes.test") == ""


def test_an_ended_client_is_shut_at_once(visited: Visited) -> None:
    browser = signed_in(visited.maya)
    book.end_client(visited.cast.halden, on=cast.NOW.date(), reason="Sold", by=SYSTEM)
    assert browser.get("/portal/").status_code == 302


def test_a_merged_client_is_shut_at_once(visited: Visited) -> None:
    browser = signed_in(visited.maya)
    book.merge_clients(visited.cast.orbit, visited.cast.halden, by=SYSTEM)
    assert browser.get("/portal/").status_code == 302
    assert signed_in(visited.priya).get("/portal/").status_code == 200


def test_another_address_ends_what_the_old_one_opened(visited: Visited) -> None:
    browser = signed_in(visited.maya)
    book.change_contact(visited.maya, by=SYSTEM, email="maya.lind@haldenbikes.test")
    assert browser.get("/portal/").status_code == 302
    assert ask(Browser(), "maya.lind@haldenbikes.test")


def test_access_can_be_ended_and_given_again(visited: Visited) -> None:
    browser = signed_in(visited.maya)
    end_access(visited.maya, by=visited.cast.jody.actor)
    assert browser.get("/portal/").status_code == 302
    with pytest.raises(Refusal, match="does not sign in"):
        end_access(visited.maya, by=visited.cast.jody.actor)
    invite_contact(visited.maya, by=visited.cast.jody.actor)
    assert ask(Browser(), "maya@haldenbikes.test")


def test_nobody_without_an_address_is_invited(visited: Visited) -> None:
    nameless = book.add_contact(visited.cast.halden, "Finn", by=SYSTEM)
    with pytest.raises(Refusal, match="no e-mail address"):
        invite_contact(nameless, by=SYSTEM)
    book.change_contact(visited.ola, by=SYSTEM, left_on=cast.NOW.date())
    with pytest.raises(Refusal, match="has left"):
        invite_contact(visited.ola, by=SYSTEM)


def test_a_contact_who_joins_the_agency_is_another_user(visited: Visited) -> None:
    joined = cast.joined("maya@haldenbikes.test", cast.Role.EXECUTIVE)
    assert user_of(joined).pk != visited.maya.user_id


def test_a_member_sees_no_page_of_a_client(visited: Visited) -> None:
    browser = Browser()
    browser.force_login(user_of(visited.cast.jody))
    for path in ("/portal/", "/portal/plan/", "/portal/people/"):
        assert browser.get(path).status_code == 404
    assert browser.get("/portal/sign-in/")["Location"] == "/"


def test_a_contact_changes_nothing_about_sign_in_as_members_do(visited: Visited) -> None:
    browser = signed_in(visited.maya)
    for path in (
        "/account/",
        "/account/password/set/",
        "/account/2fa/webauthn/add/",
        "/account/2fa/totp/activate/",
    ):
        assert browser.get(path).status_code == 404, path
