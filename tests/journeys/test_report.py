"""A report from its figures to its reader: drafted and sent by Jody, read by Maya, seen to be read."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Server
from tests.journeys.looks import look_at, said
from tests.journeys.mailed import mailed


def measured(folder: Path) -> Path:
    """Three months of a paid-search account as a table."""
    file = folder / "figures.csv"
    lines = ["date,metric,value"]
    for year, month, cost, won in ((2026, 10, 40, 4), (2026, 9, 50, 5), (2025, 10, 40, 3)):
        day = dt.date(year, month, 1)
        while day.month == month:
            lines += [f"{day},cost,{cost}", f"{day},ad_conversions,{won}", f"{day},leads,2"]
            day += dt.timedelta(days=1)
    file.write_text("\n".join(lines) + "\n")
    return file


def test_1_jody_drafts_and_sends_what_the_figures_say(server: Server, page: Page, tmp_path: Path) -> None:
    server.command("metrics", "import", str(measured(tmp_path)), "--client", "halden-bikes")
    server.let_in(page, "jody")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Reports").click()
    expect(page.get_by_role("heading", name="Reports", level=1)).to_be_visible()
    page.goto(f"{server.address}/clients/halden-bikes/reports/")
    page.get_by_text("Draft a report about other days").click()
    page.get_by_label("What", exact=True).select_option("Paid-search report")
    page.get_by_label("About").fill("2026-10")
    page.get_by_role("button", name="Draft it").click()
    said(page, "Drafted")
    expect(page.get_by_text("£1,240").first).to_be_visible()
    page.get_by_role("button", name="Use: ").first.click()
    said(page, "It stands in your words now")
    look_at(page)
    page.get_by_label("One decision you need from them").fill("Shall we stop the brand campaign?")
    page.get_by_role("button", name="Keep the words").click()
    said(page, "Kept")
    page.get_by_role("button", name="Send it").click()
    said(page, "Sent to Maya Lind, Ola Brandt")
    expect(page.get_by_text("not opened yet").first).to_be_visible()


def test_2_maya_reads_it_and_answers_without_javascript(server: Server, chrome: Browser) -> None:
    link = mailed(server, "maya@haldenbikes.test", r"^(http\S+/portal/open/\S+)$")
    context = chrome.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(link)
    expect(page.get_by_role("heading", name="Paid-search report for October 2026")).to_be_visible()
    expect(page.get_by_text("£1,240").first).to_be_visible()
    page.get_by_role("button", name="A few").click()
    expect(page.get_by_text("You said: a few")).to_be_visible()
    context.close()


def test_3_jody_sees_that_it_was_read_and_rings(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    page.goto(f"{server.address}/reports/?part=sent")
    expect(page.get_by_text("opened by Maya Lind")).to_be_visible()
    page.goto(f"{server.address}/?tab=week")
    expect(page.get_by_text(re.compile("a few (of the leads )?were worth their time")).first).to_be_visible()
