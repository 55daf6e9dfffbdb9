"""A plan is agreed: day and time, no two calls at once, a departure with its reason, and a bespoke plan."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Server
from tests.journeys.looks import look_at, said


def line(page: Page, title: str) -> Locator:
    """A promise of the plan."""
    return page.locator("article.plan__line").filter(has=page.get_by_role("heading", name=title))


def open_plan(server: Server, page: Page, client: str, name: str = "jody") -> None:
    server.let_in(page, name)
    page.goto(f"{server.address}/clients/{client}/plan/")


def agree(call: Locator, weekday: str, time: str) -> None:
    call.get_by_text("day and time").click()
    call.get_by_label("Weekday").select_option(label=weekday)
    call.get_by_label("Time on their clock").fill(time)
    call.get_by_role("button", name="Keep it").click()


def test_1_a_day_and_a_time_are_agreed(server: Server, page: Page) -> None:
    open_plan(server, page, "halden-bikes")
    look_at(page)
    agree(line(page, "Weekly call"), "Tuesday", "10:00")
    said(page, "Weekly call: the day and time are kept.")
    call = line(page, "Weekly call")
    expect(call).to_contain_text("Tuesday")
    expect(call.locator(".plan__next")).to_contain_text("Tue 1 Dec, 10:00")


def test_2_two_calls_at_one_time_are_refused(server: Server, page: Page) -> None:
    open_plan(server, page, "fernhill-schools")
    agree(line(page, "Weekly project call"), "Tuesday", "10:15")
    call = line(page, "Weekly project call")
    expect(call.locator(".field__error")).to_contain_text("“Weekly call” with Halden Bikes")
    expect(call.get_by_label("Time on their clock")).to_have_value("10:15")
    look_at(page)
    call.get_by_label("Time on their clock").fill("11:00")
    call.get_by_role("button", name="Keep it").click()
    said(page, "the day and time are kept.")


def test_3_a_departure_says_why_and_can_be_taken_back(server: Server, page: Page) -> None:
    open_plan(server, page, "halden-bikes")
    report = line(page, "Monthly report")
    report.get_by_text("Depart from the playbook").click()
    report.get_by_label("How often").select_option(label="Fortnightly")
    report.get_by_label("Why").fill("Their board meets every fortnight")
    look_at(page)
    report.get_by_role("button", name="Depart").click()
    said(page, "departs from the playbook.")
    departed = page.locator("article.plan__line").filter(has_text="departs from the playbook")
    expect(departed).to_have_count(1)
    expect(departed).to_contain_text("Fortnightly")
    look_at(page)
    departed.get_by_role("button", name="Return to the playbook").click()
    said(page, "follows the playbook again.")
    expect(page.get_by_text("departs from the playbook", exact=True)).to_have_count(0)


def test_4_two_people_at_one_plan_see_both_sides(server: Server, page: Page) -> None:
    open_plan(server, page, "lumen-legal", "sam")
    open_plan(server, page, "lumen-legal", "keiran")
    other = page.context.new_page()
    other.goto(page.url)
    agree(line(page, "Fortnightly call"), "Monday", "09:30")
    said(page, "the day and time are kept.")
    agree(line(other, "Fortnightly call"), "Thursday", "16:00")
    expect(other.get_by_role("heading", level=1)).to_have_text("Somebody changed this plan meanwhile")
    expect(other.locator("main")).to_contain_text("16:00")
    expect(other.locator("main")).to_contain_text("09:30")
    look_at(other)
    other.get_by_role("button", name="Keep mine").click()
    expect(line(other, "Fortnightly call")).to_contain_text("Thursday")


def test_5_above_the_top_band_nothing_is_invented(server: Server, page: Page) -> None:
    open_plan(server, page, "kestrel-air")
    expect(page.locator("#bespoke")).to_be_visible()
    look_at(page)
    page.get_by_label("Call, how often", exact=True).select_option(label="Weekly")
    page.get_by_label("Call, minutes each", exact=True).fill("45")
    page.get_by_label("Report, how often", exact=True).select_option(label="Monthly")
    page.get_by_label("With whom, and when").fill("Agreed with Ines on the kickoff")
    page.get_by_role("button", name="This is agreed").click()
    said(page, "The plan of Kestrel Air is agreed and planned.")
    expect(line(page, "call").first).to_contain_text("45 m")
    page.goto(f"{server.address}/")
    page.goto(f"{server.address}/?tab=later")
    expect(page.locator("#board")).not_to_contain_text("Agree the plan with the client")


def test_6_the_client_gets_a_plan_without_what_is_internal(server: Server, page: Page) -> None:
    open_plan(server, page, "halden-bikes")
    page.get_by_role("link", name="For the client, to print").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Our plan with Halden Bikes")
    expect(page.locator("main")).to_contain_text("Weekly call")
    expect(page.locator("main")).not_to_contain_text("upsell")
    look_at(page)
