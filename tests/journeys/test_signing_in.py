"""From an empty installation to a passkey: the wizard, who joins, every way in, and who leaves."""

from __future__ import annotations

import base64
import hmac
import struct
import time

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Server
from tests.journeys.looks import look_at
from tests.journeys.mailed import mailed

PASSWORD = "nineteen purple boats"


@pytest.fixture(scope="module")
def server(empty_server: Server) -> Server:
    """The one nobody has set up yet: the other journeys there only look."""
    return empty_server


def test_1_the_wizard_works_without_a_script(server: Server, chrome: Browser) -> None:
    context = chrome.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(server.address)
    assert page.url == f"{server.address}/welcome/"
    page.get_by_label("Name of the agency").fill("Northwind")
    page.get_by_role("button", name="Go on to the playbook").click()
    page.get_by_label("Framework").check()
    page.get_by_role("button", name="Go on to people").click()
    expect(page.get_by_label("Your name")).to_be_visible()
    page.reload()
    page.get_by_label("Your name").fill("Ada King")
    page.get_by_label("Your e-mail").fill("ada@northwind.test")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("[name=with-0-email]").fill("tom@northwind.test")
    page.get_by_label("Mail them an invitation now").check()
    page.get_by_role("button", name="Set up and sign me in").click()
    expect(page.get_by_role("heading", name="You are in, Ada King")).to_be_visible()
    page.goto(f"{server.address}/welcome/")
    assert page.url == f"{server.address}/"
    context.close()


def sign_in(page: Page, server: Server, address: str = "ada@northwind.test") -> None:
    page.goto(f"{server.address}/account/login/")
    page.get_by_label("E-mail").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    send(page, "Sign in")


def send(page: Page, name: str) -> None:
    """Press a form's button and be there once its answer is: a visit too early would call the form back."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def is_in(page: Page, server: Server) -> bool:
    page.goto(f"{server.address}/account/")
    return page.get_by_role("heading", name="Your account").is_visible()


def test_2_the_pages_look_right(server: Server, page: Page) -> None:
    page.goto(f"{server.address}/account/login/")
    look_at(page)
    sign_in(page, server)
    for path in ("account/", "team/people/", "team/people/2/", "team/roles/", "settings/agency/"):
        page.goto(f"{server.address}/{path}")
        look_at(page)


def test_3_a_colleague_joins_by_mail_and_leaves(server: Server, page: Page, chrome: Browser) -> None:
    link = mailed(server, "tom@northwind.test", r"(http\S+/join/\S+)")
    context = chrome.new_context(locale="en-GB")
    toms = context.new_page()
    toms.goto(link)
    look_at(toms)
    toms.get_by_label("Password").fill(PASSWORD)
    send(toms, "Join")
    assert is_in(toms, server)
    sign_in(page, server)
    page.goto(f"{server.address}/team/people/")
    page.get_by_role("link", name="Tom").click()
    page.get_by_role("link", name="Tom leaves").click()
    page.get_by_role("button", name="End every way in now").click()
    expect(page.get_by_text("Tom has left and can no longer get in.")).to_be_visible()
    assert not is_in(toms, server)
    context.close()


def test_4_a_code_by_mail(server: Server, page: Page) -> None:
    page.goto(f"{server.address}/account/login/code/")
    page.get_by_label("E-mail").fill("ada@northwind.test")
    page.get_by_role("button", name="Mail me a code").click()
    expect(page.get_by_label("Code")).to_be_visible()
    look_at(page)
    page.get_by_label("Code").fill(mailed(server, "ada@northwind.test", r"^    (\S+)$"))
    send(page, "Sign in")
    assert is_in(page, server)


def test_5_a_passkey_is_added_and_signs_in(server: Server, page: Page) -> None:
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    authenticator = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": authenticator})
    sign_in(page, server)
    page.goto(f"{server.address}/account/2fa/webauthn/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    look_at(page)
    page.get_by_label("Name").fill("my laptop")
    page.get_by_label("It signs me in alone").check()
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    look_at(page)
    page.goto(f"{server.address}/account/2fa/webauthn/")
    assert page.get_by_text("my laptop").is_visible()
    look_at(page)
    page.goto(f"{server.address}/account/")
    page.locator(".head__do").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/account/login/**")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{server.address}/")
    assert is_in(page, server)


def test_6_a_one_time_link_from_the_command_line(server: Server, page: Page) -> None:
    link = server.command("signin-link", "ada@northwind.test").strip()
    page.goto(link)
    look_at(page)
    send(page, "Sign in")
    assert is_in(page, server)
    page.goto(f"{server.address}/account/")
    send(page, "Sign out everywhere")
    assert not is_in(page, server)


def code_now(secret: str) -> str:
    """What an app for codes shows (RFC 6238)."""
    key, moment = base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.digest(key, moment, "sha1")
    (value,) = struct.unpack_from(">I", digest, digest[-1] & 15)
    return f"{(value & 0x7FFFFFFF) % 1_000_000:06d}"


def test_7_a_second_factor_is_asked_for_after_the_password(server: Server, page: Page) -> None:
    page.goto(server.command("signin-link", "ada@northwind.test").strip())
    send(page, "Sign in")
    page.goto(f"{server.address}/account/")
    page.locator("li", has_text="Second factor").get_by_role("link", name="Set up").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("heading", name="A second factor").wait_for()
    look_at(page)
    page.get_by_label("code", exact=False).last.fill(code_now(page.get_by_label("this key").input_value()))
    send(page, "Switch it on")
    page.goto(f"{server.address}/account/2fa/recovery-codes/")
    recovery = page.locator("li code").first.inner_text()
    page.goto(f"{server.address}/account/")
    expect(page.locator("li", has_text="Second factor")).to_contain_text("an app on your phone")
    send(page, "Sign out everywhere")
    sign_in(page, server)
    page.get_by_role("heading", name="One more step").wait_for()
    look_at(page)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".field__error")).to_be_visible()
    page.get_by_label("Code").fill(recovery)
    send(page, "Sign in")
    assert is_in(page, server)
