"""The figures suggest a question: it is put on the next call and asked there."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Server
from tests.journeys.looks import look_at

CLIENT = "clients/halden-bikes"
AWARENESS = "Is your name less known than it was a year ago?"


def octobers(folder: Path) -> Path:
    """More of the visitors convert than a year before, and fewer people see them."""
    lines = ["date,sessions,conversions,impressions"]
    for year, converted, seen in ((2025, 12, 10_000), (2026, 16, 8_000)):
        for number in range(31):
            lines.append(f"{dt.date(year, 10, 1) + dt.timedelta(days=number)},400,{converted},{seen}")
    file = folder / "octobers.csv"
    file.write_text("\n".join(lines) + "\n")
    return file


def test_1_a_question_with_its_numbers_is_put_on_the_next_call(
    server: Server, page: Page, tmp_path: Path
) -> None:
    server.command("metrics", "import", str(octobers(tmp_path)), "--client", "halden-bikes")
    environ = server.environ | {"DJANGO_SETTINGS_MODULE": "steadyhand.settings"}
    subprocess.run([sys.executable, "-m", "tests.journeys.insight"], env=environ, check=True)
    server.let_in(page, "jody")
    page.goto(f"{server.address}/{CLIENT}/figures/?period=2026-10")
    page.get_by_role("link", name="What they say").click()
    prompt = page.get_by_role("article").filter(has_text=AWARENESS)
    expect(prompt).to_contain_text(re.compile(r"4\.0%.*\+33%", re.DOTALL))
    look_at(page)
    prompt.get_by_role("button", name="Say it on the next call").click()
    expect(prompt.get_by_text("for the next call")).to_be_visible()


def test_2_it_is_asked_in_the_call_and_does_not_come_again(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    page.goto(f"{server.address}/{CLIENT}/")
    page.get_by_role("button", name="Start a call").click()
    page.wait_for_url("**/calls/*/")
    expect(page.get_by_text(AWARENESS)).to_be_visible()
    page.get_by_role("button", name=re.compile(f"^Asked: .*{re.escape(AWARENESS)}")).click()
    expect(page.get_by_role("button", name=re.compile("^Not asked: "))).to_be_visible()
    page.goto(f"{server.address}/{CLIENT}/insights/")
    expect(page.get_by_role("article").filter(has_text=AWARENESS)).to_have_count(0)
    page.get_by_text("1 asked, dismissed or made an opportunity").click()
    expect(page.get_by_role("link", name="said in a call")).to_be_visible()
