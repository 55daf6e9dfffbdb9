"""A client fills in a form from a link: as they type, offline for a while, and without scripts."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Server
from tests.journeys.looks import look_at, said


def sent_to_ola(server: Server, page: Page) -> str:
    """The account manager sends the form; the link stands in the draft."""
    server.let_in(page, "jody")
    page.goto(f"{server.address}/clients/halden-bikes/forms/")
    page.get_by_role("link", name="Getting to know you").click()
    expect(page.get_by_text("Filled in already, for the client to read")).to_be_visible()
    look_at(page)
    page.get_by_label("Who fills it in").select_option(label="Maya Lind, Marketing")
    page.get_by_role("button", name="Make it and write the letter").click()
    draft = page.locator("textarea[name=text]").input_value()
    link = re.search(r"http\S+/portal/open/[\w-]+/", draft)
    assert link, draft
    return link[0].replace(re.match(r"https?://[^/]+", link[0])[0], server.address)


def test_a_client_fills_in_a_form_and_we_take_it_over(server: Server, page: Page, chrome: Browser) -> None:
    link = sent_to_ola(server, page)
    theirs = chrome.new_context()
    client = theirs.new_page()
    client.goto(link)
    expect(client.get_by_role("heading", name="Getting to know you")).to_be_visible()
    look_at(client)
    client.get_by_role("link", name="Your business").click()
    expect(client.get_by_label("Which domain is your website on?")).to_have_value("haldenbikes.test")

    # saved as it is typed; without a connection it is kept, and sent when it is back
    client.get_by_label("What do you sell, and to whom?").fill("Bicycles for hills.")
    expect(client.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    theirs.set_offline(True)
    client.get_by_label("What marketing have you tried").fill("Radio, once.")
    expect(client.get_by_text("What you type is kept on this device")).to_be_visible()
    theirs.set_offline(False)
    expect(client.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    client.reload()
    expect(client.get_by_label("What marketing have you tried")).to_have_value("Radio, once.")

    # what is asked depends on what was answered
    client.goto(client.url.replace("business", "leads"))
    expect(client.get_by_label("Which one is it?")).to_be_hidden()
    client.get_by_text("Yes", exact=True).click()
    client.get_by_label("Which one is it?").select_option("HubSpot")
    expect(client.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    look_at(client)

    # on a telephone without scripts, tables included
    phone = chrome.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    small = phone.new_page()
    small.goto(link)
    small.get_by_role("link", name="Your competitors").click()
    small.get_by_label("Name").first.fill("Velo Nord")
    small.get_by_role("button", name="Save and go on").click()
    expect(small.get_by_role("heading", name="Leads and how you follow them")).to_be_visible()
    expect(small.get_by_label("Which one is it?")).to_have_value("HubSpot")
    small.get_by_role("link", name="Getting to know you").click()
    small.get_by_role("button", name="Send it back").click()
    expect(small.get_by_text("another look before you send it back")).to_be_visible()
    phone.close()
    theirs.close()

    page.goto(f"{server.address}/clients/halden-bikes/forms/")
    page.get_by_role("link", name="Getting to know you").first.click()
    expect(page.get_by_text("Bicycles for hills.")).to_be_visible()
    expect(page.get_by_text("Velo Nord")).to_be_visible()
    look_at(page)
    page.get_by_label("More").click()
    page.get_by_role("button", name="Withdraw it").click()
    said(page, "opens for nobody any more")
