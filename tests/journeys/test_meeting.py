"""A meeting with a client: planned, asked for points, held, its minutes sent; and one they do without."""

from __future__ import annotations

import json

from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Server
from tests.journeys.looks import look_at, said
from tests.journeys.mailed import mailed

LINK = r"(http\S+/meet/\S+)"
MAYA, NILS = "maya@haldenbikes.test", "nils@nova.test"
POINT = "Our new shop in Leeds"


def at_the_meeting(server: Server, page: Page) -> None:
    """Jody at the page of Halden's review, from the list."""
    server.let_in(page, "jody")
    page.goto(f"{server.address}/meetings/")
    page.get_by_role("link", name="Autumn review").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Autumn review")


def test_1_it_is_planned_from_the_clients_page_and_people_are_invited(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    page.goto(f"{server.address}/clients/halden-bikes/")
    page.get_by_role("main").get_by_label("More", exact=True).click()
    page.get_by_role("link", name="Plan a meeting").click()
    page.get_by_label("What it is about").fill("Autumn review")
    page.get_by_label("Day").fill("2026-12-15")
    page.get_by_label("Time").fill("10:00")
    page.get_by_label("Agenda").select_option(label="Quarterly client review")
    page.get_by_label("Maya Lind").check()
    page.get_by_label("Sam Okafor").check()
    page.get_by_label("Plan the preparations").check()
    look_at(page)
    page.get_by_role("button", name="Plan it").click()
    said(page, "Nobody is invited yet")
    expect(page.locator("#people")).to_contain_text("Maya Lind")
    expect(page.locator("#people")).to_contain_text("Sam Okafor")
    expect(page.locator("#agenda")).to_contain_text("Results against target")
    expect(page.locator("#ready")).to_contain_text("Agenda sent")
    page.get_by_role("button", name="Send invitations").click()
    said(page, "Invitations are on their way.")
    look_at(page)
    outbox = json.loads(server.command("messages", "--json"))
    invited = [mail["to"] for mail in outbox if mail["kind"] == "meeting"]
    assert sorted(invited) == [MAYA, "sam@northwind.test"]


def test_2_the_client_adds_a_point_by_the_link(server: Server, page: Page) -> None:
    page.goto(mailed(server, MAYA, LINK))
    expect(page.get_by_role("heading", level=1)).to_have_text("Autumn review")
    expect(page.get_by_role("button", name="We do not need this meeting")).to_have_count(0)
    expect(page.get_by_role("main")).not_to_contain_text(POINT)
    page.get_by_label("What would you like to talk about?").fill(POINT)
    page.get_by_role("button", name="Add it to the agenda").click()
    expect(page.get_by_text("Thank you. We will talk about it.")).to_be_visible()
    expect(page.locator(".link-agenda")).to_contain_text(POINT)
    look_at(page)


def test_3_it_is_moved_held_closed_and_its_minutes_sent(server: Server, page: Page) -> None:
    at_the_meeting(server, page)
    point = page.locator(".agenda__item").filter(has_text=POINT)
    expect(point).to_contain_text("asked for by Maya Lind")
    page.get_by_role("link", name="Move", exact=True).click()
    sheet = page.locator("#sheet")
    sheet.get_by_label("Day").fill("2026-11-24")
    sheet.get_by_label("Time").fill("09:15")
    sheet.get_by_role("button", name="Move").click()
    said(page, "Moved to Tue 24 Nov, 09:15.")
    page.get_by_role("button", name="Begin").click()
    said(page, "It has begun.")
    point.get_by_label("What was said").fill("It opens in March.")
    expect(point.locator("[data-state]")).to_have_text("Saved")
    actions = page.locator("#actions")
    actions.get_by_label("Action").fill("Draft the opening's plan")
    actions.get_by_label("By").fill("2026-11-24")
    actions.get_by_role("button", name="Add the action").click()
    expect(actions.get_by_role("listitem")).to_contain_text("Jody Marsh · by")
    look_at(page)
    page.get_by_role("link", name="Close", exact=True).click()
    sheet.get_by_label("How long it took").fill("50")
    sheet.get_by_role("button", name="Close it").click()
    said(page, "its actions are promises now")
    page.get_by_role("button", name="Circulate the minutes").click()
    said(page, "The minutes are on their way.")
    expect(page.locator("#minutes")).to_contain_text("sent to 3")
    assert mailed(server, MAYA, r"(It opens in March\.)")


def test_4_its_action_stands_on_today(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    row = page.locator("#board [data-row]").filter(has_text="Draft the opening's plan")
    expect(row).to_be_visible()


def test_5_a_meeting_of_the_first_month_is_declined_by_its_link(
    server: Server, page: Page, chrome: Browser
) -> None:
    server.let_in(page, "keiran")
    page.goto(f"{server.address}/clients/nova-foods/first-month/")
    page.get_by_label("Time").fill("11:00")
    page.get_by_label("Nils Vey").check()
    page.get_by_role("button", name="Plan and invite").click()
    said(page, "meetings planned and sent")
    context = chrome.new_context(locale="en-GB", java_script_enabled=False)
    theirs = context.new_page()
    link = mailed(server, NILS, LINK)
    theirs.goto(link)
    theirs.goto(link)
    title = theirs.get_by_role("heading", level=1).inner_text()
    row = page.locator("#meetings").get_by_role("link", name=title)
    page.reload()
    expect(row).to_be_visible()
    theirs.get_by_role("button", name="We do not need this meeting").click()
    expect(theirs.get_by_text("This meeting will not take place.")).to_be_visible()
    context.close()
    page.reload()
    expect(page.locator("#meetings")).to_be_visible()
    expect(row).to_have_count(0)
