"""Mail that arrives: an answer stands on its client's timeline; a stranger's is filed by hand."""

from __future__ import annotations

import subprocess

from playwright.sync_api import Page, expect

from tests.comms.mails import mail, png
from tests.journeys.conftest import Server, command_line
from tests.journeys.looks import look_at, said


def arrives(server: Server, raw: bytes) -> str:
    """Hand a mail over as a mail server does."""
    command = command_line("mail", "receive")
    done = subprocess.run(command, env=server.environ, input=raw, capture_output=True, check=True)
    return done.stdout.decode()


def test_1_an_answer_stands_on_the_timeline(server: Server, page: Page) -> None:
    files = (("leads.png", png(800, 600), "image/png"), ("run.exe", b"MZ", "application/octet-stream"))
    html = '<p>Here they are.</p><img src="https://tracker.test/pixel.gif">'
    told = arrives(server, mail(subject="Re: The October leads", html=html, files=files))
    assert "On the timeline of Halden Bikes" in told
    server.let_in(page, "jody")
    page.goto(f"{server.address}/clients/halden-bikes/timeline/")
    expect(page.locator("main")).to_contain_text("Re: The October leads")
    page.goto(f"{server.address}/clients/halden-bikes/messages/")
    page.get_by_role("link", name="Re: The October leads").first.click()
    main = page.locator("main")
    expect(main).to_contain_text("Here they are.")
    expect(main).to_contain_text("run.exe was left out: it is a program.")
    expect(main).to_contain_text("1 picture not loaded")
    look_at(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="leads.png").click()
    assert download.value.suggested_filename == "leads.png"


def test_2_a_stranger_is_filed_and_taken_back(server: Server, page: Page) -> None:
    raw = mail(sender="Nils Berg <nils@haldenbikes.test>", subject="Your invoice", message_id="<n@x>")
    assert "Waits to be filed" in arrives(server, raw)
    server.let_in(page, "keiran")
    page.goto(f"{server.address}/messages/")
    page.get_by_role("link", name="1 mail to be filed").click()
    page.wait_for_url("**/messages/triage/")
    expect(page.get_by_label("File with")).to_have_value("Halden Bikes")
    expect(page.get_by_label("Their name")).to_have_value("Nils Berg")
    look_at(page)
    page.get_by_role("button", name="File it").click()
    toast = said(page, "“Your invoice” stands on the timeline of Halden Bikes.")
    toast.get_by_role("button", name="Undo").click()
    said(page, "waits to be filed again")
    page.locator(".triage").get_by_role("button", name="Dismiss", exact=True).click()
    said(page, "dismissed")
    expect(page.locator("main")).to_contain_text("Mail from people we do not know waits here.")
    look_at(page)


def test_3_where_a_mailbox_is_connected(server: Server, page: Page) -> None:
    server.let_in(page, "jody")
    page.goto(f"{server.address}/account/")
    page.get_by_role("link", name="Your mailbox").click()
    page.wait_for_url("**/account/mailboxes/")
    look_at(page)
    page.get_by_label("Password").fill("secret")
    page.get_by_label("Reads from (IMAP)").fill("127.0.0.1")
    page.get_by_label("Port").first.fill("1")
    page.get_by_role("button", name="Connect", exact=True).click()
    said(page, "The mail server cannot be reached.")
    look_at(page)
    page.get_by_role("button", name="Disconnect").click()
    said(page, "is disconnected")
