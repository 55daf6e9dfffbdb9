"""Maya of Halden Bikes reads her pages: let in by Jody, by a code without JavaScript, then by a passkey."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Server
from tests.journeys.looks import look_at, said
from tests.journeys.mailed import mailed

MAYA = "maya@haldenbikes.test"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def newest_code(server: Server) -> str:
    """The one that was just asked for, once its mail is there; the mails before it are read away."""
    code = mailed(server, MAYA, r"^    (\S+)$")
    for file in (Path(server.environ["STEADYHAND_DATA"]) / "mail").glob("*.eml"):
        file.unlink()
    return code


def sign_in_by_code(page: Page, server: Server) -> None:
    page.goto(f"{server.address}/portal/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("Your e-mail address").fill(MAYA)
    page.get_by_role("button", name="Mail me a code").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    page.get_by_label("The code").fill(newest_code(server))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("for Halden Bikes")).to_be_visible()


def test_1_jody_invites_maya(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    page.goto(f"{server.address}/clients/halden-bikes/contacts/")
    page.get_by_role("listitem").filter(has_text="Maya Lind").get_by_role("link", name="Change").click()
    page.get_by_role("button", name="Invite them to the client's pages").click()
    said(page, "Maya Lind is told how to sign in")
    assert mailed(server, MAYA, r"^(http\S+/portal/sign-in/)$")


def test_2_a_code_lets_her_in_without_javascript(server: Server, chrome: Browser) -> None:
    context = chrome.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    sign_in_by_code(page, server)
    for place in ("Plan", "People", "Today"):
        page.get_by_role("navigation").get_by_role("link", name=place).click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("button", name="Sign out, Maya Lind").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    context.close()


def test_3_every_page_can_be_read_by_everybody(server: Server, page: Page) -> None:
    page.goto(f"{server.address}/portal/sign-in/")
    look_at(page)
    sign_in_by_code(page, server)
    look_at(page)
    for place in ("Plan", "People"):
        page.get_by_role("navigation").get_by_role("link", name=place).click()
        look_at(page)
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    page.get_by_role("link", name="Passkeys").click()
    page.get_by_label("What you call it").fill("my laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("my laptop")).to_be_visible()
    look_at(page)
    page.get_by_role("button", name="Sign out, Maya Lind").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("for Halden Bikes")).to_be_visible()


def test_4_jody_sees_what_she_sees(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    page.goto(f"{server.address}/clients/halden-bikes/contacts/")
    row = page.get_by_role("listitem").filter(has_text="Maya Lind")
    row.get_by_role("button", name="See what they see").click()
    expect(page.get_by_role("region", name="You are looking as a client")).to_be_visible()
    look_at(page)
    page.get_by_role("button", name="Back to your own pages").click()
    page.wait_for_url("**/clients/halden-bikes/")
