"""Figures come in, are looked at, explained and shared; a dip is told and closed; paths are compared."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Server
from tests.journeys.looks import look_at, said

CLIENT = "clients/halden-bikes"
TOUCHES = """user,time,channel
1,2026-11-01 10:00,Email
1,2026-11-03 10:00,Organic Search
2,2026-10-12 10:00,Paid Search
2,2026-11-04 11:00,Organic Search
3,2026-11-05 10:00,Organic Search
"""
SALES = "user,time,value\n1,2026-11-05 10:00,1200\n2,2026-11-05 10:00,300\n"


def shop(folder: Path) -> Path:
    """October of this year and of the last, one line in which nothing can be made of the value."""
    lines = ["date,sessions,revenue"]
    for year, visits in ((2026, 400), (2025, 320)):
        for number in range(31):
            lines.append(f"{dt.date(year, 10, 1) + dt.timedelta(days=number)},{visits + number % 7},512.50")
    file = folder / "shop.csv"
    file.write_text("\n".join([*lines, "2026-10-40,1,1"]) + "\n")
    return file


def test_1_jody_brings_a_table_in_and_says_what_it_means(server: Server, page: Page, tmp_path: Path) -> None:
    server.let_in(page, "jody")
    page.goto(f"{server.address}/{CLIENT}/sources/")
    page.locator("input[type=file]").set_input_files(shop(tmp_path))
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("124 are new.")).to_be_visible()
    expect(page.get_by_role("heading", name="1 line left out")).to_be_visible()
    page.get_by_role("button", name="Bring them in").click()
    page.goto(f"{server.address}/{CLIENT}/figures/?period=2026-10")
    expect(page.get_by_text("12,487").first).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("^Sessions in October 2026"))).to_be_visible()
    look_at(page)
    page.get_by_text("Say something", exact=True).click()
    page.get_by_label("What do the figures say?").fill("The autumn pages carry the month.")
    page.get_by_label("The client reads it").check()
    page.get_by_role("button", name="Keep it").click()
    said(page, "Kept, and shown to the client")
    page.get_by_role("button", name="Share with the client").click()
    said(page, "sees the figures now")


def test_2_maya_sees_them_by_her_link(server: Server, page: Page, chrome: Browser) -> None:
    server.let_in(page, "jody")
    page.goto(f"{server.address}/{CLIENT}/figures/?period=2026-10")
    page.get_by_label("For", exact=True).select_option("Maya Lind")
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("The link for Maya Lind").input_value()
    context = chrome.new_context(java_script_enabled=False, locale="en-GB")
    theirs = context.new_page()
    theirs.goto(link)
    theirs.get_by_role("link", name="October 2026").click()
    expect(theirs.get_by_text("The autumn pages carry the month.")).to_be_visible()
    expect(theirs.get_by_text("12,487").first).to_be_visible()
    context.close()


def test_3_a_dip_is_told_and_closed_with_an_answer(server: Server, page: Page) -> None:
    noticing = [sys.executable, "-m", "tests.journeys.dip"]
    environ = server.environ | {"DJANGO_SETTINGS_MODULE": "steadyhand.settings"}
    subprocess.run(noticing, env=environ, check=True)
    server.let_in(page, "jody")
    page.goto(f"{server.address}/reports/")
    page.get_by_role("link", name=re.compile("^Dips ?1$")).click()
    page.get_by_role("link", name=re.compile("^Look at the dip in sessions")).click()
    look_at(page)
    page.get_by_role("button", name="Write to Maya Lind").click()
    expect(page.get_by_label("Subject")).to_have_value(re.compile("sessions", re.IGNORECASE))
    page.goto(f"{server.address}/dips/")
    page.get_by_role("link", name=re.compile("^Look at the dip in sessions")).click()
    page.get_by_role("button", name="We told them first").click()
    expect(page.get_by_text("before they asked")).to_be_visible()
    page.get_by_role("link", name="Say what it was").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("radio").first.check()
    sheet.get_by_label("In a sentence").fill("The site was moved to another house on Thursday.")
    sheet.get_by_role("button", name="Close the dip").click()
    expect(page.locator(".chase__answer", has_text="The site was moved to another house")).to_be_visible()


def test_4_paths_are_compared_over_another_look_back(server: Server, page: Page, tmp_path: Path) -> None:
    touches, sales = tmp_path / "touches.csv", tmp_path / "sales.csv"
    touches.write_text(TOUCHES)
    sales.write_text(SALES)
    server.let_in(page, "jody")
    page.goto(f"{server.address}/{CLIENT}/paths/")
    page.get_by_label("Touches").set_input_files(touches)
    page.get_by_label("Conversions", exact=True).set_input_files(sales)
    page.get_by_role("button", name="Bring them in").click()
    said(page, "5 touches and 2 conversions are in.")
    models = page.get_by_role("region", name="Models compared")
    expect(models.get_by_role("row", name=re.compile("^Paid Search"))).to_be_visible()
    page.get_by_label(re.compile("Look-back")).fill("7")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("every touch in the 7 days before")).to_be_visible()
    expect(models.get_by_role("row", name=re.compile("^Paid Search( 0){3}"))).to_be_visible()
    look_at(page)
    page.set_viewport_size({"width": 390, "height": 800})
    page.reload()
    tall = page.evaluate("document.documentElement.scrollHeight")
    assert tall < 3500, f"{tall} px on a phone"
