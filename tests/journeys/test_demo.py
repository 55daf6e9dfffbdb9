"""The demo agency: there on the first start, removed from the page without a trace, and loaded again."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Server, running
from tests.journeys.looks import look_at, said

#: Loading makes ten weeks of past, which takes a while on a busy machine.
PATIENCE = 90_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("demo") / "data") as started:
        yield started


def remove_demo(server: Server, page: Page) -> None:
    page.goto(f"{server.address}/settings/demo/")
    page.get_by_role("button", name="Remove the demo agency").click()


def test_1_the_first_start_shows_a_day_and_the_demo_goes(server: Server, page: Page) -> None:
    page.set_default_timeout(PATIENCE)
    page.goto(server.signin_link)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{server.address}/")
    look_at(page)
    for path in ("team/", "team/delivered/", "clients/", "calendar/"):
        page.goto(f"{server.address}/{path}")
        look_at(page)
    remove_demo(server, page)
    expect(page.get_by_role("button", name="Remove the demo agency")).to_have_count(0)
    page.goto(server.address)
    assert re.search("/welcome/|/account/login/", page.url)


def test_2_it_is_loaded_beside_ones_own_agency_and_leaves_nothing_behind(server: Server, page: Page) -> None:
    page.set_default_timeout(PATIENCE)
    page.goto(f"{server.address}/welcome/")
    page.get_by_label("Name of the agency").fill("Northwind")
    page.get_by_role("button", name="Go on to the playbook").click()
    page.get_by_label("Framework").check()
    page.get_by_role("button", name="Go on to people").click()
    page.get_by_label("Your name").fill("Ada King")
    page.get_by_label("Your e-mail").fill("ada@northwind.test")
    page.get_by_label("Password").fill("nineteen purple boats")
    page.get_by_role("button", name="Set up and sign me in").click()
    expect(page.get_by_role("heading", name="You are in, Ada King")).to_be_visible()
    page.goto(f"{server.address}/settings/demo/")
    look_at(page)
    page.get_by_role("button", name="Load the demo agency").click()
    said(page, "The demo agency is loaded.")
    expect(page.locator("#clients tbody tr").first).to_be_visible()
    remove_demo(server, page)
    page.wait_for_url("**/settings/")
    page.goto(f"{server.address}/clients/?stage=all")
    expect(page.locator("#clients")).to_contain_text("No client fits these filters")
    page.goto(f"{server.address}/team/people/")
    expect(page.locator("main")).to_contain_text("Ada King")
    expect(page.locator("main tbody tr")).to_have_count(1)
