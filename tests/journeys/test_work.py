"""The work is shown: written down, planned, brought in from a sheet; the client answers what we advise."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Server
from tests.journeys.looks import look_at, said
from tests.journeys.test_client_pages import sign_in_by_code

CLIENT = "clients/halden-bikes"
SHEET = """Date,Title,Content type,Status,Live URL,Word count
2026-11-03,Choosing a city bike,article,published,https://haldenbikes.test/choosing,1400
2026-11-12,Brakes that last,article,in review,,900
2036-11-12,Bikes of the future,article,editing,,
"""


def test_1_jody_plans_a_month_and_writes_down_a_link(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    page.goto(f"{server.address}/{CLIENT}/work/")
    page.get_by_text("Plan a month", exact=True).click()
    page.get_by_label("How many").fill("4")
    page.get_by_role("button", name="Plan it").click()
    said(page, "Planned.")
    page.get_by_text("Add a link", exact=True).click()
    form = page.locator("form[action$='/work/links/']")
    form.get_by_label("URL").fill("not an address")
    form.get_by_role("button", name="Write it down").click()
    expect(page.get_by_text("is no address of a page").first).to_be_visible()
    form.get_by_label("URL").fill("https://citypaper.test/bikes")
    form.get_by_label("Status").select_option("completed")
    form.get_by_role("button", name="Write it down").click()
    said(page, "The link is written down.")
    expect(page.get_by_text("1 of 4")).to_be_visible()
    page.goto(f"{server.address}/{CLIENT}/work/links/")
    look_at(page)
    page.get_by_role("link", name="Change the link on citypaper.test").click()
    look_at(page)
    page.get_by_role("button", name="Take it out").click()
    said(page, "The link is taken out.").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("1 of 4")).to_be_visible()


def test_2_jody_brings_a_sheet_in_and_advises(server: Server, page: Page, tmp_path: Path) -> None:
    sheet = tmp_path / "content.csv"
    sheet.write_text(SHEET)
    server.let_in(page, "jody")
    page.goto(f"{server.address}/{CLIENT}/work/")
    page.locator("input[type=file]").set_input_files(sheet)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("2 are new, 1 left out.")).to_be_visible()
    look_at(page)
    page.get_by_role("button", name="Bring them in").click()
    said(page, "Content: 2 are new, 1 left out.")
    for day, score in (("2026-10-05", "61"), ("2026-11-05", "")):
        page.get_by_text("Enter a score", exact=True).click()
        form = page.locator("form[action$='/work/scores/']")
        form.get_by_label("Date").fill(day)
        form.get_by_label("Score").fill(score)
        form.get_by_label("Speed").fill("70")
        form.get_by_role("button", name="Write it down").click()
        said(page, "The score is written down.")
    page.get_by_text("Recommend something", exact=True).click()
    form = page.locator("form[action$='/work/recommendations/']")
    for label, words in (("URL", "haldenbikes.test/sale"), ("Issue", "No title"), ("Suggested", "Write one")):
        form.get_by_label(label).fill(words)
    form.get_by_role("button", name="Write it down").click()
    said(page, "The recommendation is written down.")
    expect(page.get_by_role("img", name="The score went from 61")).to_be_visible()
    look_at(page)


def test_3_maya_reads_it_and_declines_without_javascript(
    server: Server, page: Page, chrome: Browser, tmp_path: Path
) -> None:
    figures = tmp_path / "figures.csv"
    figures.write_text("date,metric,value\n2026-11-03,sessions,400\n")
    server.command("metrics", "import", str(figures), "--client", "halden-bikes")
    server.let_in(page, "jody")
    page.goto(f"{server.address}/{CLIENT}/figures/?period=2026-11")
    page.get_by_role("button", name="Share with the client").click()
    said(page, "sees the figures now")
    page.goto(f"{server.address}/{CLIENT}/contacts/")
    page.get_by_role("listitem").filter(has_text="Maya Lind").get_by_role("link", name="Change").click()
    page.get_by_role("button", name="Invite them to the client's pages").click()
    said(page, "Maya Lind is told how to sign in")
    context = chrome.new_context(java_script_enabled=False, locale="en-GB")
    theirs = context.new_page()
    sign_in_by_code(theirs, server)
    theirs.get_by_role("navigation").get_by_role("link", name="Work").click()
    expect(theirs.get_by_text("citypaper.test").first).to_be_visible()
    theirs.get_by_text("Answer: No title").click()
    theirs.get_by_label("A word about it").fill("The sale ends on Friday.")
    theirs.get_by_role("button", name="We will not do it").click()
    expect(theirs.get_by_text("“The sale ends on Friday.”")).to_be_visible()
    context.close()
    page.goto(f"{server.address}/{CLIENT}/contacts/")
    page.get_by_role("listitem").filter(has_text="Maya Lind").get_by_role(
        "button", name="See what they see"
    ).click()
    page.goto(f"{server.address}/portal/work/")
    look_at(page)
    page.get_by_role("button", name="Back to your own pages").click()
    page.goto(f"{server.address}/{CLIENT}/work/")
    expect(page.get_by_text("“The sale ends on Friday.”")).to_be_visible()
