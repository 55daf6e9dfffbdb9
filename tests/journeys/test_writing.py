"""Writing to a client: from a letter, previewed, sent and taken back; and reviewed by a manager first."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Server
from tests.journeys.looks import look_at, said


def test_1_from_a_letter_previewed_sent_and_taken_back(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    page.goto(f"{server.address}/clients/halden-bikes/")
    page.get_by_role("link", name="Write", exact=True).click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("To").select_option(label="Maya Lind")
    sheet.get_by_label("Start from").select_option(label="We called and left a message")
    look_at(page)
    sheet.get_by_role("button", name="Write").click()
    page.wait_for_url("**/messages/*/")
    expect(page.get_by_text("Still to be filled in before it can leave")).to_be_visible()
    page.get_by_label("Subject").fill("The login we need")
    page.get_by_label("Your words").fill("Hello Maya,\n\nwe need:\n\n- for the shop\n- for the blog")
    expect(page.get_by_text("Still to be filled in")).to_have_count(0)
    reader = page.frame_locator("iframe")
    expect(reader.get_by_role("listitem")).to_have_text(["for the shop", "for the blog"])
    expect(reader.get_by_text("Account manager, Northwind")).to_be_visible()
    page.get_by_label("Phone").check()
    look_at(page)
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url("**/clients/halden-bikes/messages/")
    toast = said(page, "“The login we need” is on its way to maya@haldenbikes.test.")
    look_at(page)
    toast.get_by_role("button", name="Undo").click()
    page.wait_for_url("**/messages/*/")
    expect(page.get_by_text("Taken back: nothing was sent.")).to_be_visible()
    expect(page.get_by_label("Subject")).to_have_value("The login we need")


def test_2_a_manager_looks_first(server: Server, page: Page) -> None:
    server.let_in(page, "keiran")
    page.goto(f"{server.address}/team/reviews/")
    page.get_by_label("Whose mail").select_option(label="Jody Marsh")
    page.get_by_role("button", name="Review their important mail").click()
    said(page, "Jody Marsh's important mail is reviewed before it leaves.")
    look_at(page)

    server.let_in(page, "jody")
    page.goto(f"{server.address}/clients/halden-bikes/messages/new/")
    page.get_by_label("To").select_option(label="Ola Brandt")
    page.get_by_role("main").get_by_role("button", name="Write").click()
    page.wait_for_url("**/messages/*/")
    page.get_by_label("Subject").fill("Budget for spring")
    page.get_by_label("Your words").fill("Hello Ola,\n\nwe suggest £4,000 a month.")
    page.get_by_role("button", name="Send", exact=True).click()
    said(page, "“Budget for spring” is with Keiran Reid. It leaves once they approve it.")

    server.let_in(page, "keiran")
    page.get_by_role("navigation", name="Which promises").get_by_role("link", name="This week").click()
    expect(page.get_by_role("main")).to_contain_text("Review Jody Marsh's mail “Budget for spring”")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Messages").click()
    page.get_by_role("link", name="Look", exact=True).click()
    look_at(page)
    page.get_by_label("Your words").fill("Hello Ola,\n\nwe suggest £4,000 a month from March.")
    page.get_by_role("button", name="Approve and send").click()
    said(page, "Approved. “Budget for spring” is on its way.")
    page.goto(f"{server.address}/team/reviews/")
    expect(page.get_by_role("main")).to_contain_text("0 of the last 1 (0%)")
    page.get_by_role("button", name="Release from review").click()
    said(page, "Jody Marsh is released from review.")
