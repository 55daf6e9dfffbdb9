"""A call: written in by two, through a lost connection, captured from, ended, opened again."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Server
from tests.journeys.looks import look_at, said

NOTE = "Notes: Catch up"


@pytest.fixture
def second(chrome: Browser) -> Iterator[Page]:
    """Another colleague's page."""
    context = chrome.new_context(locale="en-GB", timezone_id="Europe/London")
    page = context.new_page()
    yield page
    context.close()


def saved(page: Page) -> None:
    """The note is with the server."""
    expect(page.locator(".notes__state")).to_have_text(re.compile(r"Saved \d\d:\d\d"))


def begun(server: Server, page: Page, name: str = "jody") -> str:
    """Ring Halden from their page; the address of the call."""
    server.let_in(page, name)
    page.goto(f"{server.address}/clients/halden-bikes/")
    page.get_by_role("button", name="Start a call").click()
    page.wait_for_url("**/calls/*/")
    return page.url


def test_1_two_type_in_one_note_and_no_word_is_lost(server: Server, page: Page, second: Page) -> None:
    url = begun(server, page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Maya Lind")
    look_at(page)
    server.let_in(second, "sam")
    second.goto(url)
    note, other = page.get_by_label(NOTE), second.get_by_label(NOTE)
    note.fill("Lisbon was warm.")
    saved(page)
    expect(other).to_have_value("Lisbon was warm.")
    other.press("End")
    other.press_sequentially(" Sam writes here.", delay=15)
    note.press("Home")
    note.press_sequentially("Jody begins. ", delay=15)
    both = "Jody begins. Lisbon was warm. Sam writes here."
    expect(note).to_have_value(both)
    expect(other).to_have_value(both)
    # The cursor stayed where Jody typed.
    note.press_sequentially("So. ")
    expect(other).to_have_value(both.replace("begins. ", "begins. So. "))


def test_2_a_lost_connection_loses_no_word(server: Server, page: Page) -> None:
    url = begun(server, page)
    note = page.get_by_label(NOTE)
    before = note.input_value()
    page.context.set_offline(True)
    note.press("Control+End")
    note.press_sequentially(" Typed in a tunnel.")
    expect(page.locator(".notes__state")).to_have_text("Not saved yet, kept on this device")
    page.context.set_offline(False)
    saved(page)
    # A page that dies with words it could not send: the next one finds them on this device.
    page.route(
        "**/notes/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    note.press_sequentially(" And in another.")
    expect(page.locator(".notes__state")).to_have_text("Not saved yet, kept on this device")
    page.unroute_all()
    page.goto(url)
    expect(page.get_by_label(NOTE)).to_have_value(f"{before} Typed in a tunnel. And in another.")
    saved(page)


def test_3_captured_without_leaving_the_note(server: Server, page: Page) -> None:
    begun(server, page)
    note = page.get_by_label(NOTE)
    note.press("Control+End")
    for key, line, kept in (
        ("a", "send the deck @sam fri", "send the deck"),
        ("q", "why did leads dip in October?", "why did leads dip in October?"),
        ("f", "sign-off takes too long", "sign-off takes too long"),
        ("o", "a shop in Leeds", "a shop in Leeds"),
        ("p", "back from Lisbon", "back from Lisbon"),
    ):
        page.keyboard.press(f"Alt+{key}")
        page.keyboard.type(line)
        page.keyboard.press("Enter")
        expect(page.locator("#captured")).to_contain_text(kept)
        expect(note).to_be_focused()
    expect(page.locator("#captured")).to_contain_text("Sam Okafor · Fri 27 Nov")
    page.keyboard.press("Alt+a")
    page.keyboard.press("Escape")
    expect(note).to_be_focused()
    page.get_by_role("button", name="Take away: a shop in Leeds").click()
    expect(page.locator("#captured")).not_to_contain_text("a shop in Leeds")
    page.keyboard.press("Escape")
    page.locator("#captured").click()
    page.keyboard.press("r")
    page.locator("#ratings label", has_text="5").first.click()
    page.get_by_role("button", name="Keep the ratings").click()
    expect(page.locator("#captured")).to_contain_text("Communication 5")
    page.locator("#say").get_by_role("button", name=re.compile("^Said")).first.click()
    expect(page.locator("#say .side__done")).to_be_visible()
    page.locator("#ask summary").first.click()
    page.locator("#ask [name=text]").first.fill("Ola decides")
    page.locator("#ask").get_by_role("button", name="Keep").first.click()
    expect(page.locator("#ask .side__done")).to_contain_text("Ola decides")
    look_at(page)


def test_4_ended_and_opened_again(server: Server, page: Page) -> None:
    url = begun(server, page)
    page.get_by_label(NOTE).press("Control+End")
    page.keyboard.type(" The very last word.")
    page.get_by_role("link", name="End call").click()
    sheet = page.locator("#sheet")
    sheet.get_by_label("What it came to, in a line").fill("Leads are back")
    look_at(page)
    sheet.get_by_role("button", name="End call").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Leads are back")
    expect(page.locator("main")).to_contain_text("The very last word.")
    expect(page.locator("main")).to_contain_text("send the deck")
    expect(page.get_by_role("link", name="Open the follow-up draft")).to_be_visible()
    look_at(page)
    said(page, "Call with Maya Lind logged, 1 minute.").get_by_role("button", name="Undo").click()
    page.wait_for_url(url)
    expect(page.get_by_label(NOTE)).to_have_value(re.compile("The very last word"))


def test_5_a_flag_is_agreed_about_and_settled(server: Server, page: Page) -> None:
    server.let_in(page, "keiran")
    page.goto(f"{server.address}/flags/")
    look_at(page)
    page.get_by_role("link", name=re.compile("^Agree an action")).click()
    page.locator("#sheet").get_by_label("What is done about it").fill("Ring Ola about sign-off")
    page.locator("#sheet").get_by_role("button", name="Promise it").click()
    said(page, "Agreed: Keiran Reid does it by Tue 1 Dec.")
    page.goto(f"{server.address}/flags/")
    expect(page.locator("main")).to_contain_text("1 action open")
    page.get_by_role("link", name=re.compile("sign-off takes too long")).first.click()
    expect(page.locator("main")).to_contain_text("Ring Ola about sign-off")
    look_at(page)
    page.get_by_role("link", name="Settle").click()
    page.locator("#sheet").get_by_label("How it was settled").fill("Ola signs now.")
    page.locator("#sheet").get_by_role("button", name="It is settled").click()
    said(page, "Settled. It stays readable.")
    expect(page.locator("main")).to_contain_text("Ola signs now.")
