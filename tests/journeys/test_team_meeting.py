"""The weekly client-services meeting: set up once, run from one screen, its actions on Today; a win told."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Server
from tests.journeys.looks import look_at, said


def test_1_the_head_sets_it_up_once(server: Server, page: Page) -> None:
    server.let_in(page, "keiran")
    page.goto(f"{server.address}/meetings/series/")
    offer = page.get_by_role("listitem").filter(has_text="Weekly client-services meeting")
    offer.get_by_role("link", name="Set it up").click()
    expect(page.get_by_label("Day")).to_have_value("Monday")
    look_at(page)
    page.get_by_role("button", name="Set it up").click()
    said(page, "comes weekly from now on")
    expect(page.get_by_text("Monday 30 November, 14:00")).to_be_visible()
    look_at(page)


def test_2_it_is_run_with_the_arrow_keys_and_leaves_an_action(server: Server, page: Page) -> None:
    server.let_in(page, "keiran")
    page.goto(f"{server.address}/meetings/series/")
    page.get_by_role("link", name="Run it").first.click()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("Last week's actions")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", level=2)).to_have_text("Flags")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", level=2)).to_have_text("Contracts")
    matter = page.locator(".matter").filter(has_text="Fernhill Schools")
    matter.get_by_role("button", name="Talked about").click()
    expect(page.locator(".matter--ticked")).to_have_count(1)
    matter.get_by_text("Add an action").click()
    form = matter.locator("form.agree")
    form.get_by_label("Action").fill("Ask Fernhill what comes after the website")
    form.get_by_label("Who").select_option(label="Jody Marsh")
    form.get_by_label("By").fill("2026-11-24")
    form.get_by_role("button", name="Add it").click()
    expect(matter.locator(".agreed")).to_contain_text("Jody Marsh Ask Fernhill")
    page.get_by_label("Minutes").fill("Fernhill ends in January.")
    expect(page.locator("#kept")).to_contain_text("Saved.")
    look_at(page)
    page.get_by_role("button", name="Done, next point").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("Entertainment and surprises")
    page.get_by_role("link", name="End the meeting").click()
    expect(page.get_by_text("Fernhill ends in January.")).to_be_visible()
    look_at(page)
    page.get_by_role("button", name="Close the meeting").click()
    said(page, "1 action promised")


def test_3_the_action_stands_on_today(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    row = page.locator("#board [data-row]").filter(has_text="Ask Fernhill what comes after the website")
    expect(row).to_be_visible()


def test_4_a_win_is_noted_and_the_whole_agency_hears_of_it(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    page.goto(f"{server.address}/wins/")
    page.get_by_role("link", name="Note a win").click()
    sheet = page.get_by_role("dialog", name="Note a win")
    sheet.get_by_label("Client").fill("Halden Bikes")
    sheet.get_by_label("What went well").fill("Leads are up 31%")
    sheet.get_by_role("button", name="Note it").click()
    said(page, "Telling them is promised")
    page.goto(f"{server.address}/team/all-hands/")
    expect(page.get_by_text("Leads are up 31%")).to_be_visible()
    look_at(page)
