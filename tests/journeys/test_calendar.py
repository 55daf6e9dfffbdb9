"""The calendar by month, week and day; feeds that calendar programs read, and that end when they should."""

from __future__ import annotations

from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Server
from tests.journeys.looks import look_at


def feed(page: Page, address: str) -> Calendar:
    """What a calendar program gets there: it has no session."""
    answer = page.request.get(address, headers={"Cookie": ""})
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    return Calendar.from_ical(answer.text())


def test_1_month_week_and_day(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Calendar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("November 2026")
    expect(page.locator("main")).to_contain_text("Weekly call")
    look_at(page)
    page.keyboard.press("w")
    expect(page.get_by_role("heading", level=1)).to_have_text("23 to 29 November 2026")
    look_at(page)
    page.keyboard.press("l")
    expect(page.get_by_role("heading", level=1)).to_have_text("30 November to 6 December 2026")
    page.goto(f"{server.address}/calendar/2026-11-24/")
    expect(page.locator("main")).to_contain_text("Ring Priya back")
    look_at(page)
    page.goto(f"{server.address}/calendar/2026-12/")
    expect(page.locator("main")).to_contain_text("Christmas")


def test_2_a_head_looks_at_everybody_and_at_one_client(server: Server, page: Page) -> None:
    server.let_in(page, "keiran")
    page.goto(f"{server.address}/calendar/")
    page.locator("[name=of]").select_option(label="Everybody's")
    page.get_by_label("Client").fill("Lumen Legal")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("main")).to_contain_text("Monthly report")
    expect(page.locator("main")).not_to_contain_text("Ring Priya back")
    look_at(page)


def test_3_a_feed_of_ones_own_follows_and_is_renewed(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    page.goto(f"{server.address}/calendar/feeds/")
    page.get_by_role("button", name="Make the address").click()
    address = page.get_by_label("Address").input_value()
    look_at(page)
    events = feed(page, address).walk("VEVENT")
    before = next(event for event in events if "Ring Priya back" in event["SUMMARY"])
    page.goto(f"{server.address}/")
    row = page.locator("#board [data-row]").filter(has_text="Ring Priya back")
    row.get_by_role("link", name="Move").first.click()
    sheet = page.get_by_role("dialog", name="Move")
    sheet.get_by_label("To").fill("2026-11-27")
    sheet.get_by_label("Time").fill("14:30")
    sheet.get_by_role("button", name="Move").click()
    expect(row).to_have_count(0)
    events = feed(page, address).walk("VEVENT")
    after = next(event for event in events if event["UID"] == before["UID"])
    assert after["SEQUENCE"] > before.get("SEQUENCE", 0)
    assert f"{after.start:%Y-%m-%d %H:%M %z}" == "2026-11-27 14:30 +0000"
    page.goto(f"{server.address}/calendar/feeds/")
    with page.expect_navigation():
        page.get_by_role("button", name="Renew").click()
    assert page.request.get(address).status == 410
    assert feed(page, page.get_by_label("Address").input_value()).walk("VEVENT")


def test_4_a_client_sees_only_what_is_theirs(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    page.goto(f"{server.address}/clients/halden-bikes/feed/")
    page.get_by_role("button", name="Make the address").click()
    address = page.get_by_label("Address").input_value()
    words = feed(page, address).to_ical().decode()
    assert "Call with Northwind" in words
    for internal in ("upsell", "Orbit", "playbook", "Tier", "£"):
        assert internal not in words, internal
    page.goto(f"{server.address}/clients/halden-bikes/feed/")
    look_at(page)
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("The address gives nothing any more.")).to_be_visible()
    assert page.request.get(address).status == 410
