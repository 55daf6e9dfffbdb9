"""A client opens the link, pins a comment, wants a change, approves the next; then it is scheduled."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.delivery.approving import png
from tests.journeys.conftest import PATIENCE, Server
from tests.journeys.looks import look_at, said


@pytest.fixture
def maya(chrome: Browser) -> Iterator[Page]:
    """The client's own browser."""
    context = chrome.new_context(
        locale="en-GB", timezone_id="Europe/London", viewport={"width": 390, "height": 800}
    )
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def without_script(chrome: Browser) -> Iterator[Page]:
    """A browser that runs no script."""
    context = chrome.new_context(locale="en-GB", java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def link(server: Server, bundle: str, contact: str = "maya@haldenbikes.test") -> str:
    """A link for somebody, as the command prints it."""
    return server.command("link", "issue", f"approval:{bundle}", "--contact", contact).strip()


def asked_for(server: Server, page: Page) -> str:
    """Two pictures are prepared and the client is asked; the number of their bundle."""
    server.let_in(page, "jody")
    page.goto(f"{server.address}/approvals/new/?client=halden-bikes")
    page.get_by_label("What it is", exact=True).fill("Winter posts")
    page.get_by_role("button", name="Prepare it").click()
    for title, colour in (("Header", (180, 90, 40)), ("Story", (40, 90, 180))):
        page.get_by_role("link", name="Add a piece").click()
        page.get_by_label("Piece").fill(title)
        picture = {"name": "header.png", "mimeType": "image/png", "buffer": png(400, 240, colour)}
        page.get_by_label("Picture or video").set_input_files(picture)
        page.get_by_role("button", name="Add it").click()
    page.get_by_role("link", name="Ask for approval").click()
    page.get_by_role("button", name="Share it and ask").click()
    said(page, "Halden Bikes was asked.")
    return page.url.rstrip("/").split("/")[-1]


def test_from_the_first_look_to_the_day_it_goes_out(
    server: Server, page: Page, maya: Page, without_script: Page
) -> None:
    bundle = asked_for(server, page)
    maya.goto(link(server, bundle))
    header = maya.get_by_role("article", name="Header")
    header.get_by_text("Comment on a place").click()
    header.locator(".pinned--picture").click(position={"x": 40, "y": 30})
    expect(header.get_by_text("from the left")).to_be_visible()
    header.get_by_label("Your comment").fill("The logo is lost here.")
    look_at(maya)
    header.get_by_role("button", name="Send the comment").click()
    expect(header.locator(".pinned__marks circle")).to_have_count(1)
    header.get_by_label("What should change").fill("Move the logo.")
    header.get_by_role("button", name="Change it first").click()
    expect(header.get_by_text("change wanted").first).to_be_visible()

    page.reload()
    expect(page.get_by_text("Move the logo.").first).to_be_visible()
    page.get_by_role("link", name="New version").first.click()
    better = {"name": "header-2.png", "mimeType": "image/png", "buffer": png(400, 240, (200, 140, 60))}
    page.get_by_label("Picture or video").set_input_files(better)
    page.get_by_label("What changed").fill("The logo is at the top.")
    page.get_by_role("button", name="Put it up").click()
    expect(page.get_by_text("Beside version 1")).to_be_visible()
    look_at(page)

    without_script.goto(link(server, bundle))
    expect(without_script.get_by_text("What changed: The logo is at the top.")).to_be_visible()
    without_script.get_by_role("button", name="Approve all 2 as they are").click()
    expect(without_script.get_by_text("Everything here is approved.")).to_be_visible()

    page.reload()
    first = page.get_by_role("region", name="Header")
    first.get_by_label("Goes out").fill("2026-12-07T10:00")
    first.get_by_role("button", name="Schedule it").click()
    expect(first.get_by_text("Goes out")).to_contain_text("7 Dec")
