"""A lead is won on its page; the handover stands as a path, its kickoffs in the diary, a goal is agreed."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Server
from tests.journeys.looks import look_at, said

HERE = "/clients/brightwater-spa"


def test_1_the_win_shows_what_follows_and_then_does_it(server: Server, page: Page) -> None:
    wanted = ("--service", "SEO", "--service", "Paid search", "--contact", "Priya Raman")
    number = server.command(
        *("lead", "add", "Brightwater Spa", "--owner", "keiran@northwind.test", "--source", "Website"),
        *("--value", "4000", *wanted, "--email", "priya@brightwater.test"),
    ).strip()
    server.let_in(page, "keiran")
    page.goto(f"{server.address}/leads/{number}/winning/")
    page.get_by_label("Who looks after them").select_option(label=_jody(page))
    page.get_by_label("Starts on").fill("2026-12-07")
    page.get_by_role("button", name="Show what follows").click()
    expect(page.locator("#follows")).to_contain_text("led by Keiran Reid")
    expect(page.locator("#follows")).to_contain_text("in person")
    look_at(page)
    page.get_by_role("button", name="Win and hand over").click()
    said(page, "is a client")
    steps = page.locator(".way__step")
    expect(steps).to_have_count(9)
    expect(page.locator(".is-next")).to_contain_text("Answer the good news")
    look_at(page)


def test_2_the_good_news_is_answered_by_telephone(server: Server, page: Page) -> None:
    server.let_in(page, "keiran")
    page.goto(f"{server.address}{HERE}/handover/")
    page.get_by_text("You answered the news by telephone").click()
    page.get_by_label("How long, in minutes").fill("8")
    page.get_by_role("button", name="Keep the call").click()
    expect(page.locator(".is-next")).to_contain_text("Introduce Jody Marsh")


def test_3_the_kickoffs_and_a_goal_that_is_vague_at_first(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    page.goto(f"{server.address}{HERE}/kickoff/")
    page.get_by_label("What was promised").fill("A named contact in Leeds")
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_role("listitem").filter(has_text="A named contact in Leeds")).to_be_visible()
    look_at(page)
    page.get_by_role("link", name="Words and goals").click()
    page.get_by_label("Specific").fill("Spa days booked by hotel guests in the week")
    page.get_by_role("button", name="Agree it").click()
    expect(page.get_by_text("There is no figure")).to_be_visible()
    page.get_by_label("Measurable").fill("30 a week, in their booking system")
    page.get_by_label("Achievable").fill("They have 18 a week today")
    page.get_by_label("Relevant").fill("Weekdays stand half empty otherwise")
    page.get_by_label("Time-bound").fill("2027-05-31")
    page.get_by_role("button", name="Agree it").click()
    said(page, "The goal is agreed")
    look_at(page)


def _jody(page: Page) -> str:
    """Her line in the list, whatever she carries today."""
    lines = page.get_by_label("Who looks after them").locator("option").all_inner_texts()
    return next(line for line in lines if line.startswith("Jody Marsh"))
