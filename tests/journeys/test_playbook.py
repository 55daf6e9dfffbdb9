"""The playbook is read, drafted, refused with a gap, previewed and published; older versions stay."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Server
from tests.journeys.looks import look_at


def test_1_read_by_chapters(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Playbook").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How we look after clients")
    chapters = page.get_by_role("navigation", name="Chapters").get_by_role("link")
    addresses = [link.get_attribute("href") for link in chapters.all()]
    assert len(addresses) > 5
    for address in addresses:
        page.goto(f"{server.address}{address}")
        look_at(page)
    expect(page.get_by_role("link", name="Publish…")).to_have_count(0)


def test_2_another_one_ships_and_can_be_read(server: Server, page: Page) -> None:
    server.let_in(page, "keiran")
    page.goto(f"{server.address}/playbook/shipped/")
    look_at(page)
    page.goto(f"{server.address}/playbook/shipped/concierge/")
    expect(page.locator("main")).to_contain_text("oncierge")


def test_3_a_gap_between_bands_is_refused_and_nothing_is_lost(server: Server, page: Page) -> None:
    server.let_in(page, "keiran")
    page.goto(f"{server.address}/playbook/rhythm/")
    page.get_by_role("button", name="Start a draft").click()
    page.wait_for_url("**/playbook/drafts/framework/rhythm/")
    look_at(page)
    page.locator("[name='retainer_matrix.1.up_to']").fill("900")
    page.get_by_role("button", name="Save", exact=False).last.click()
    expect(page.locator("[id='retainer_matrix.1-error']")).to_contain_text(
        "has an overlap: band 2 ends at 900"
    )
    expect(page.locator("[name='retainer_matrix.1.up_to']")).to_have_value("900")
    look_at(page)
    page.locator("[name='retainer_matrix.1.up_to']").fill("1500")
    page.locator("[name='retainer_matrix.1.call.cadence']").select_option("weekly")
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=False).last.click()
    page.goto(f"{server.address}/playbook/drafts/framework/comparison/")
    expect(page.locator("main")).to_contain_text("was fortnightly")
    look_at(page)


def test_4_previewed_and_published(server: Server, page: Page) -> None:
    server.let_in(page, "keiran")
    page.goto(f"{server.address}/playbook/drafts/framework/preview/")
    expect(page.locator("main")).to_contain_text("Lumen Legal")
    look_at(page)
    page.get_by_role("link", name="Publish…").click()
    page.get_by_label("Why").fill("Small clients deserve a weekly call")
    look_at(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".head, main").first).to_contain_text("version 2")
    look_at(page)
    page.goto(f"{server.address}/playbook/versions/")
    look_at(page)
    page.goto(f"{server.address}/playbook/versions/1/")
    expect(page.locator("main")).to_contain_text("version 1")
    page.goto(f"{server.address}/clients/lumen-legal/plan/")
    expect(page.locator("main")).to_contain_text("Weekly call", timeout=20_000)
