"""A client: found, opened, edited, put in other hands, merged with a double, ended; and a view saved."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Server
from tests.journeys.looks import look_at, said


def test_1_found_from_anywhere_and_opened(server: Server, page: Page) -> None:
    server.let_in(page, "keiran")
    page.keyboard.press("Control+k")
    page.keyboard.type("halden bik")
    page.get_by_role("option", name="Halden Bikes").first.wait_for()
    look_at(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/clients/halden-bikes/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Halden Bikes")
    expect(page.locator("#owe")).to_contain_text("Answer Maya about leads")
    look_at(page)
    for part in ("Timeline", "Brief", "Details"):
        if part == "Details":  # one of those behind More
            page.locator(".tabs--fold summary").click()
        page.get_by_role("link", name=part, exact=True).click()
        page.wait_for_url(f"**/{part.lower()}/")
        look_at(page)


def test_2_edited_and_taken_back(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    page.goto(f"{server.address}/clients/orbit-dental/details/")
    page.get_by_label("Industry").fill("Dentists")
    page.get_by_label("Time zone").select_option("Europe/Dublin")
    page.get_by_role("button", name="Keep the details").click()
    toast = said(page, "The details of Orbit Dental are kept.")
    expect(page.get_by_label("Industry")).to_have_value("Dentists")
    toast.get_by_role("button", name="Undo").click()
    said(page, "Taken back: it is as it was.")
    expect(page.get_by_label("Industry")).to_have_value("")
    page.goto(f"{server.address}/clients/orbit-dental/contacts/")
    look_at(page)


def test_3_a_new_client_gets_a_plan_from_what_they_buy(server: Server, page: Page) -> None:
    server.let_in(page, "keiran")
    page.goto(f"{server.address}/clients/")
    page.keyboard.press("n")
    page.wait_for_url("**/clients/new/")
    look_at(page)
    page.get_by_label("Name").fill("Müller & Söhne Donaudampfschifffahrtsgesellschaft")
    page.get_by_role("button", name="Add the client").click()
    page.wait_for_url("**/engagements/new/")
    look_at(page)
    page.get_by_label("Amount").fill("£3,000.00")
    page.get_by_label("Services").fill("SEO\nContent")
    page.get_by_label("Starts").fill("2026-11-02")
    page.get_by_role("button", name="Add the engagement").click()
    page.wait_for_url("**/plan/")
    expect(page.locator("#planned")).to_contain_text("Weekly call")
    look_at(page)


def test_4_a_view_is_saved_and_opens_first(server: Server, page: Page) -> None:
    server.let_in(page, "keiran")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Clients").click()
    page.get_by_label("Lead").select_option(label="Jody Marsh")
    expect(page.locator("#clients")).not_to_contain_text("Lumen Legal")
    page.goto(f"{server.address}/clients/?{page.url.partition('?')[2]}")
    page.get_by_text("Save this view").click()
    look_at(page)
    page.get_by_label("Name", exact=True).fill("Jody's")
    page.get_by_label("Open Clients with it").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Save the view").click()
    page.goto(f"{server.address}/clients/")
    views = page.get_by_role("navigation", name="Saved views")
    expect(views.locator("[aria-current=page]")).to_contain_text("Jody's")
    expect(page.locator("#clients")).not_to_contain_text("Lumen Legal")


def test_5_many_are_given_to_somebody_at_once_and_taken_back(server: Server, page: Page) -> None:
    server.let_in(page, "keiran")
    page.goto(f"{server.address}/clients/?stage=live")
    page.get_by_label("Pick Orbit Dental").check()
    page.get_by_label("Pick Halden Bicycles Ltd").check()
    page.get_by_label("Whom").select_option(label="Sam Okafor")
    page.get_by_role("button", name="Assign").click()
    toast = said(page, "Sam Okafor now leads 2 clients.")
    expect(page.get_by_role("row", name="Orbit Dental")).to_contain_text("Sam Okafor")
    toast.get_by_role("button", name="Undo").click()
    said(page, "Taken back for 2 clients.")
    expect(page.get_by_role("row", name="Orbit Dental")).to_contain_text("Jody Marsh")
    expect(page.get_by_role("row", name="Halden Bicycles Ltd")).to_contain_text("nobody yet")


def test_6_two_records_of_one_client_are_merged(server: Server, page: Page) -> None:
    server.let_in(page, "keiran")
    page.goto(f"{server.address}/clients/halden-bikes/")
    page.locator(".head__do summary").click()
    page.get_by_role("link", name="Merge with another").click()
    page.wait_for_url("**/merge/")
    look_at(page)
    page.get_by_label("Find", exact=True).fill("Bicycles")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_role("link", name="See what moves").click()
    page.get_by_label("To confirm").fill("Halden")
    page.get_by_role("button", name="Merge the two").click()
    expect(page.get_by_text("Type “Halden Bicycles Ltd” to merge.")).to_be_visible()
    look_at(page)
    page.get_by_label("To confirm").fill("Halden Bicycles Ltd")
    page.get_by_role("button", name="Merge the two").click()
    page.wait_for_url("**/clients/halden-bikes/")
    page.goto(f"{server.address}/clients/halden-bicycles-ltd/")
    assert page.url == f"{server.address}/clients/halden-bikes/"


def test_7_one_ends_and_who_worked_for_them_no_longer_sees_them(server: Server, page: Page) -> None:
    server.let_in(page, "keiran")
    page.goto(f"{server.address}/clients/lumen-legal/ending/")
    look_at(page)
    page.get_by_label("Why they leave").fill("Sold to a chain")
    page.get_by_role("button", name="End Lumen Legal").click()
    said(page, "Lumen Legal has ended.")
    page.get_by_role("link", name="Lumen Legal").click()
    page.wait_for_url("**/clients/lumen-legal/")
    expect(page.get_by_text("Sold to a chain").first).to_be_visible()
    expect(page.locator("#owe")).to_contain_text("Nothing is promised")
    look_at(page)
    server.let_in(page, "sam")
    assert page.request.get(f"{server.address}/clients/lumen-legal/").status == 404
