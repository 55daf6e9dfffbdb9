"""Today from the keyboard: done with a note, moved, undone, waived, handed over; and an absence covered."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Server
from tests.journeys.looks import look_at, said


def row(page: Page, title: str) -> Locator:
    """The row of a promise on the board."""
    return page.locator("#board [data-row]").filter(has_text=title)


def stand_on(page: Page, title: str) -> None:
    """Walk down the rows with j until standing on that one."""
    for _ in range(20):
        page.keyboard.press("j")
        if title in page.evaluate("document.activeElement.textContent"):
            return
    raise AssertionError(f"No row says {title}.")


def test_1_the_day_looks_right_and_says_what_matters(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    expect(page.get_by_role("heading", level=1)).to_have_text("Four promises today, one of them late")
    expect(page.locator("#board [data-row]").first).to_contain_text("Answer Maya about leads")
    look_at(page)
    page.keyboard.press("?")
    expect(page.locator("#shortcut-sheet")).to_contain_text("Waive, with a reason")
    look_at(page)


def test_2_done_with_a_note(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    stand_on(page, "Answer Maya about leads")
    page.keyboard.press("n")
    sheet = page.get_by_role("dialog", name="Mark as done")
    expect(sheet.get_by_label("Note")).to_be_focused()
    look_at(page)
    page.keyboard.type("She saw the dip in her own figures.")
    sheet.get_by_role("button", name="Done").click()
    said(page, "Done: “Answer Maya about leads”.")
    expect(row(page, "Answer Maya")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("Three promises today")
    page.goto(f"{server.address}/clients/halden-bikes/timeline/")
    expect(page.locator("#happened")).to_contain_text("She saw the dip in her own figures.")


def test_3_done_with_one_key_and_undone(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    stand_on(page, "Ring Priya back")
    page.keyboard.press("d")
    toast = said(page, "Done: “Ring Priya back”.")
    expect(row(page, "Ring Priya")).to_have_count(0)
    assert page.evaluate("document.activeElement.hasAttribute('data-row')"), "nobody stands on a row any more"
    toast.get_by_role("button", name="Undo").click()
    said(page, "“Ring Priya back” is owed again.")
    expect(row(page, "Ring Priya")).to_have_count(1)


def test_4_moved_and_why_it_is_here(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    stand_on(page, "Send the brand book")
    page.keyboard.press("m")
    sheet = page.get_by_role("dialog", name="Move")
    sheet.get_by_label("To").fill("2026-11-26")
    sheet.get_by_label("Reason").fill("The fonts are still missing")
    sheet.get_by_role("button", name="Move").click()
    said(page, "Moved “Send the brand book” to Thu 26 Nov.")
    expect(row(page, "Send the brand book")).to_have_count(0)
    page.get_by_role("link", name="This week").click()
    page.wait_for_url("**/?tab=week")
    stand_on(page, "Weekly call")
    page.keyboard.press("y")
    drawer = page.get_by_role("dialog", name="Why is this here?")
    expect(drawer).to_contain_text("playbook version 1")
    look_at(page)
    page.keyboard.press("Escape")
    row(page, "Send the brand book").get_by_role("link", name="Send the brand book").click()
    expect(page.get_by_text("Jody Marsh moved it from Tue 24 Nov to Thu 26 Nov: The fonts")).to_be_visible()
    look_at(page)


def test_5_waived_only_with_a_reason(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    stand_on(page, "Book the photographer")
    page.keyboard.press("w")
    sheet = page.get_by_role("dialog", name="Waive")
    sheet.get_by_role("button", name="Waive").click()
    expect(sheet.get_by_label("Reason")).to_be_focused()
    sheet.get_by_label("Reason").fill("The school takes its own pictures")
    sheet.get_by_role("button", name="Waive").click()
    toast = said(page, "Waived “Book the photographer”.")
    expect(row(page, "Book the photographer")).to_have_count(0)
    toast.get_by_role("button", name="Undo").click()
    expect(row(page, "Book the photographer")).to_have_count(1)


def test_6_handed_over(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    stand_on(page, "Book the photographer")
    page.keyboard.press("h")
    sheet = page.get_by_role("dialog", name="Hand over")
    sheet.get_by_label("To").select_option(label="Sam Okafor")
    sheet.get_by_label("Note").fill("Mr Bell has the keys.")
    look_at(page)
    sheet.get_by_role("button", name="Hand over").click()
    said(page, "Sam Okafor now keeps “Book the photographer”.")
    expect(row(page, "Book the photographer")).to_have_count(0)


def test_7_an_absence_hands_over_what_falls_due_in_it(server: Server, page: Page) -> None:
    server.let_in(page, "keiran")
    page.get_by_label("Whose day").select_option(label="Jody Marsh")
    expect(row(page, "Ring Priya back")).to_have_count(1)
    page.goto(f"{server.address}/team/")
    look_at(page)
    page.get_by_role("row", name="Jody Marsh").get_by_role("link", name="Hand over for a time").click()
    page.get_by_label("First day away").fill("2026-11-24")
    page.get_by_label("Last day away").fill("2026-11-30")
    page.get_by_label("Who covers").select_option(label="Sam Okafor")
    page.get_by_role("button", name="Hand over for that time").click()
    expect(page.locator("#away")).to_contain_text("Sam Okafor covers")
    look_at(page)
    page.goto(f"{server.address}/team/")
    expect(page.get_by_role("row", name="Jody Marsh")).to_contain_text("Sam Okafor covers")
    page.goto(f"{server.address}/team/delivered/")
    look_at(page)
    server.let_in(page, "sam")
    page.goto(f"{server.address}/?tab=week")
    expect(row(page, "Weekly project call")).to_have_count(1)
