"""Before a call, phone first, and “let me find out”: what is open with a client is never forgotten."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Server
from tests.journeys.looks import look_at, said


def test_1_the_call_brief_is_one_page(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    page.goto(f"{server.address}/clients/halden-bikes/call-brief/")
    expect(page.get_by_role("heading", name="Before you ring Maya Lind")).to_be_visible()
    expect(page.get_by_text("They invest £3,000 a month in SEO.")).to_be_visible()
    look_at(page)


def test_2_a_question_is_promised_and_closes_only_with_its_answer(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    page.goto(f"{server.address}/clients/halden-bikes/")
    page.keyboard.press("q")
    sheet = page.locator("#sheet")
    sheet.get_by_label("What they asked").fill("Why did leads dip in October?")
    sheet.get_by_role("button", name="Promise to find out").click()
    said(page, "an answer for Halden Bikes by Thursday 26 November")
    page.goto(f"{server.address}/?tab=week")
    row = page.locator("[data-row]", has_text="Why did leads dip in October?")
    expect(row.get_by_role("button", name="Done")).to_have_count(0)
    row.get_by_role("link", name="Answer", exact=True).click()
    sheet.get_by_label("The answer").fill("I don't know yet.")
    sheet.get_by_role("button", name="They have heard it").click()
    expect(sheet.get_by_text("is no answer")).to_be_visible()
    sheet.get_by_label("The answer").fill("The tag was missing on the new page.")
    sheet.get_by_role("button", name="They have heard it").click()
    expect(row).to_have_count(0)
    page.goto(f"{server.address}/clients/halden-bikes/timeline/")
    expect(page.get_by_text("The tag was missing on the new page.").first).to_be_visible()


def test_3_a_request_is_rung_for_until_it_is_answered(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    page.goto(f"{server.address}/chases/new/?client=halden-bikes")
    page.get_by_label("What we need").fill("the October lead list")
    look_at(page)
    page.get_by_role("button", name="Put it on the list").click()
    expect(page.get_by_role("heading", name="Ring Maya Lind for the October lead list")).to_be_visible()
    page.get_by_role("button", name="No answer").click()
    expect(page.get_by_text("Next attempt Wed 25 Nov").first).to_be_visible()
    page.get_by_role("button", name="Voicemail").click()
    expect(page.get_by_text("Next attempt Thu 26 Nov").first).to_be_visible()
    look_at(page)
    thread = page.url
    page.get_by_role("button", name="Open the e-mail that says we rang").click()
    expect(page.get_by_label("Subject")).to_have_value("I just tried to call you: the October lead list")
    page.goto(thread)
    page.get_by_role("link", name="They answered").click()
    page.get_by_label("The answer").fill("She mailed the list.")
    page.get_by_role("button", name="They answered").click()
    expect(page.get_by_text("She mailed the list.")).to_be_visible()
    expect(page.get_by_role("button", name="Voicemail")).to_have_count(0)
    look_at(page)
