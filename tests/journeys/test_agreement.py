"""An agreement between two browsers: ours drafts it, theirs (without JavaScript) talks it over, both sign."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import PATIENCE, Server
from tests.journeys.looks import look_at


@pytest.fixture
def maya(chrome: Browser) -> Iterator[Page]:
    """Maya's telephone, with JavaScript off."""
    context = chrome.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def test_both_sides_bring_it_to_a_sealed_pdf(server: Server, page: Page, maya: Page) -> None:
    address = drafted_and_shared(server, page)
    link = linked(page)
    maya.goto(link)
    expect(maya.get_by_role("heading", level=1)).to_have_text("Contract for services, Halden Bikes")
    clause = maya.locator("#term")
    clause.get_by_text("Comment on this clause").click()
    clause.get_by_label("What you want to say").fill("Sixty days, please.")
    clause.get_by_role("button", name="Send it to Northwind").click()
    expect(maya.locator("#term")).to_contain_text("Sixty days, please.")
    improved(page, address)
    maya.reload()
    expect(maya.get_by_role("heading", name="What is new in version 2")).to_be_visible()
    maya.get_by_role("link", name="Sign it").click()
    signs(maya, "Maya Lind")
    expect(maya.get_by_text("Maya Lind signed it for Halden Bikes")).to_be_visible()
    page.goto(address)
    page.get_by_role("link", name="Sign for us").click()
    look_at(page)
    signs(page, "Jody Marsh")
    sealed(server, page, address)
    maya.reload()
    with maya.expect_download() as kept:
        maya.get_by_role("link", name="Keep the sealed PDF").click()
    assert "intact" in server.command("agreement", "verify", str(kept.value.path()))
    page.context.clear_cookies()
    page.goto(link)
    look_at(page)


def drafted_and_shared(server: Server, page: Page) -> str:
    server.let_in(page, "jody")
    page.goto(f"{server.address}/agreements/new/?client=halden-bikes")
    page.get_by_role("button", name="Draft it").click()
    expect(page.get_by_text("A draft. The client does not see it.")).to_be_visible()
    look_at(page)
    page.get_by_role("button", name="Share with the client").click()
    expect(page.get_by_text("Halden Bikes can read version 1 now.")).to_be_visible()
    return page.url


def linked(page: Page) -> str:
    page.get_by_label("For whom").select_option(label="Maya Lind, Marketing")
    page.get_by_role("button", name="Make a link").click()
    return page.get_by_label("Link for Maya Lind").input_value()


def improved(page: Page, address: str, looking: bool = True) -> None:
    """The comment is answered by a new version, the papers are put on file, and it is made ready."""
    page.goto(address)
    page.get_by_role("button", name=re.compile("^Settled: Sixty days")).click()
    page.get_by_role("button", name="Write a new version").click()
    if looking:
        look_at(page)
    page.get_by_label("Days of notice").fill("60")
    page.get_by_label("Ends").fill("2027-11-30")
    page.get_by_role("button", name="Keep the draft").click()
    page.get_by_role("button", name="Share with the client").click()
    page.get_by_role("link", name="Brief, objective and plan").click()
    for kind in ("brief", "objective", "plan"):
        section = page.locator(f"section[aria-labelledby={kind}]")
        section.get_by_label("What it says").fill(f"The {kind}, written down.")
        section.get_by_role("button", name=f"Put the {kind} on file").click()
        expect(section.get_by_text(f"The {kind}, written down.").first).to_be_visible()
    page.goto(address)
    page.get_by_role("button", name="Make it ready to sign").click()
    expect(page.get_by_text("Both sides may sign it now.")).to_be_visible()


def signs(page: Page, name: str) -> None:
    page.get_by_label(re.compile("^I agree to do this business electronically")).check()
    page.get_by_label(re.compile(f"^I, {name}, sign")).check()
    page.get_by_label("Your full name").fill(name)
    page.get_by_role("button", name="Sign", exact=True).click()


def sealed(server: Server, page: Page, address: str) -> None:
    """The worker seals it by itself, soon."""
    until = time.monotonic() + PATIENCE / 1000
    while not page.get_by_role("link", name="Sealed PDF").count() and time.monotonic() < until:
        page.wait_for_timeout(300)
        page.goto(address)
    page.get_by_role("link", name="Evidence").click()
    page.get_by_role("button", name="Check it, with the sealed file").click()
    expect(page.get_by_text("Nothing was changed since it was shared and signed.")).to_be_visible()
    look_at(page)
