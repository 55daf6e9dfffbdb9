"""The whole story, both sides at once: a lead is won; its client fills in a form, signs, approves."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.delivery.approving import png
from tests.journeys.conftest import PATIENCE, Server
from tests.journeys.looks import look_at, said
from tests.journeys.test_agreement import improved, signs
from tests.journeys.test_approval import link as bundle_link

HERE = "/clients/garden-gate"
WISH = "People who look for seeds find us."
WORDS = "More people who garden, in the shop, in spring."


@pytest.fixture
def nora(chrome: Browser) -> Iterator[Page]:
    """The client's own browser."""
    context = chrome.new_context(locale="en-GB", timezone_id="Europe/London")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def without_script(chrome: Browser) -> Iterator[Page]:
    """The same client on a telephone that runs no script."""
    context = chrome.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def test_from_the_first_entry_to_the_account_brief(
    server: Server, page: Page, nora: Page, without_script: Page
) -> None:
    server.let_in(page, "keiran")
    pitched(server, page)
    won(page)
    links = enclosed(server, page, nora)
    server.let_in(page, "jody")
    form_filled_in(nora, links["form"])
    taken_over(server, page)
    agreed(server, page, without_script, links["agreement"])
    kicked_off(server, page)
    set_up(server, page)
    approved(server, page, without_script)
    page.goto(f"{server.address}{HERE}/brief/")
    for words in (WORDS, "300 visitors a day", WISH, "Project agreement", "Nora Field", "Jody Marsh, lead"):
        expect(page.locator(".brief")).to_contain_text(words)


def pitched(server: Server, page: Page) -> None:
    """First entry, the test, who would look after them, and the page that is presented."""
    page.goto(f"{server.address}/leads/new/")
    for label, words in (
        ("Who", "Garden Gate"),
        ("Whom we speak to", "Nora Field"),
        ("Their e-mail address", "nora@gardengate.test"),
        ("Where it came from", "Referred by Halden"),
        ("Value", "6000"),
        ("Services they want", "SEO"),
    ):
        page.get_by_label(re.compile(f"^{label}")).first.fill(words)
    page.get_by_label("What it would be").select_option("project")
    page.get_by_role("button", name="Add the lead").click()
    said(page, "Garden Gate is in the pipeline")
    page.get_by_role("link", name="Should we pitch?").click()
    for scale in page.locator(".pitch__scale").all():
        scale.get_by_label("4").check()
    page.get_by_role("button", name="Decide").click()
    page.get_by_role("link", name="Propose somebody").click()
    choose(page, "Who looks after them", "Jody Marsh")
    page.get_by_label("Why the two of them").fill("She knows shops.")
    page.get_by_role("button", name="Propose them").click()
    said(page, "Jody Marsh is proposed")
    page.get_by_role("link", name="How we look after you").click()
    expect(page.locator("main")).to_contain_text("Jody Marsh is your")
    look_at(page)
    page.get_by_role("link", name="Back to the lead").click()


def won(page: Page) -> None:
    page.goto(f"{page.url}winning/")
    choose(page, "Who looks after them", "Jody Marsh")
    page.get_by_label("Starts on").fill("2026-12-07")
    page.get_by_label("Ends on").fill("2027-03-31")
    page.get_by_role("button", name="Win and hand over").click()
    said(page, "is a client")


def enclosed(server: Server, page: Page, nora: Page) -> dict[str, str]:
    """The links that stand in the account lead's reply, by what they open."""
    page.get_by_role("button", name="Enclose the papers").click()
    said(page, "Enclosed")
    text = page.get_by_label("Your words").input_value()
    found = re.findall(r"https?://[^/]+(/portal/open/[\w-]+/)", text)
    opened = {}
    for path in found:
        leads_to = nora.request.get(f"{server.address}{path}", max_redirects=0).headers["location"]
        opened.setdefault(leads_to.split("/")[2].rstrip("s"), f"{server.address}{path}")
    page.goto(f"{server.address}{HERE}/handover/")
    forms = page.locator(".way__step").filter(has_text="forms back")
    expect(forms).to_contain_text("waits on Nora Field")
    return opened


def form_filled_in(nora: Page, link: str) -> None:
    nora.goto(link)
    nora.get_by_role("link", name="The project", exact=True).click()
    nora.get_by_label("What should be different when the project is finished?").fill(WISH)
    nora.get_by_label("By which day do you need it?").fill("2027-03-01")
    nora.get_by_label("Name").first.fill("Nora Field")
    expect(nora.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    nora.get_by_role("button", name="Save and go on").click()
    nora.get_by_role("link", name="About your project", exact=True).click()
    nora.get_by_label("We agree to work together like this.").check()
    nora.get_by_role("button", name="Agree", exact=True).click()
    nora.get_by_role("button", name="Send it back").click()
    expect(nora.get_by_text("Thank you. We have it, since")).to_be_visible()


def taken_over(server: Server, page: Page) -> None:
    page.goto(f"{server.address}{HERE}/forms/")
    page.get_by_role("link", name="About your project").first.click()
    page.get_by_role("link", name="Take it over").click()
    page.get_by_role("button", name="Put it on the record").click()
    expect(page.get_by_role("heading", name="About your project")).to_be_visible()


def agreed(server: Server, page: Page, theirs: Page, link: str) -> None:
    """Talked over and signed without a script on their side, countersigned on ours."""
    theirs.goto(link)
    clause = theirs.locator(".clause").first
    clause.get_by_text("Comment on this clause").click()
    clause.get_by_label("What you want to say").fill("Sixty days, please.")
    clause.get_by_role("button", name="Send it to Northwind").click()
    page.goto(f"{server.address}/agreements/?client=garden-gate")
    page.locator(".row__what a").filter(has_text="Garden Gate").click()
    page.wait_for_url(re.compile(r"/agreements/\d+/$"))
    address = page.url
    improved(page, address, looking=False)
    theirs.goto(link)
    theirs.get_by_role("link", name="Sign it").click()
    signs(theirs, "Nora Field")
    expect(theirs.get_by_text("Nora Field signed it for Garden Gate")).to_be_visible()
    page.goto(address)
    page.get_by_role("link", name="Sign for us").click()
    signs(page, "Jody Marsh")
    expect(page.get_by_role("link", name="Sign for us")).to_have_count(0)


def kicked_off(server: Server, page: Page) -> None:
    """Ours is held, then theirs, with success in their words and a goal."""
    for link, time in (("Internal, ", "09:15"), ("With them, ", "09:20")):
        page.goto(f"{server.address}{HERE}/kickoff/")
        page.get_by_role("link", name=link).click()
        meeting = page.url
        page.goto(f"{meeting}moves/")
        page.get_by_label("Day").fill("2026-11-24")
        page.get_by_label("Time").fill(time)
        page.locator("main form button[type=submit]").last.click()
        page.get_by_role("button", name="Begin").click()
        page.goto(f"{meeting}closing/")
        page.get_by_label("How long it took, in minutes").fill("60")
        page.locator("main form button[type=submit]").last.click()
        page.wait_for_url(meeting)
    page.goto(f"{server.address}{HERE}/goals/")
    page.get_by_label("What is success for you?").fill(WORDS)
    page.get_by_role("button", name="Keep their words").click()
    for label, words in (
        ("Specific", "Visitors who look for seeds"),
        ("Measurable", "300 visitors a day, in their statistics"),
        ("Achievable", "They have 200 a day"),
        ("Relevant", "Spring is half of their year"),
        ("Time-bound", "2027-03-31"),
    ):
        page.get_by_label(label).fill(words)
    page.get_by_role("button", name="Agree it").click()
    said(page, "The goal is agreed")


def set_up(server: Server, page: Page) -> None:
    page.goto(f"{server.address}{HERE}/set-up/")
    choose(page, "Deliverable manager", "Sam Okafor")
    page.get_by_label("Work starts on").fill("2026-12-08")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_label("Task", exact=True).fill("Read their statistics")
    page.get_by_role("button", name="Add the task").click()
    page.get_by_role("button", name="Everything is there").click()
    expect(page.get_by_role("button", name="Not set up after all")).to_be_visible()


def approved(server: Server, page: Page, theirs: Page) -> None:
    page.goto(f"{server.address}/approvals/new/?client=garden-gate")
    page.get_by_label("What it is", exact=True).fill("Seed catalogue")
    page.get_by_role("button", name="Prepare it").click()
    page.get_by_role("link", name="Add a piece").click()
    page.get_by_label("Piece").fill("Cover")
    picture = {"name": "cover.png", "mimeType": "image/png", "buffer": png(400, 240, (40, 140, 60))}
    page.get_by_label("Picture or video").set_input_files(picture)
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("link", name="Ask for approval").click()
    page.get_by_role("button", name="Share it and ask").click()
    said(page, "Garden Gate was asked.")
    theirs.goto(bundle_link(server, page.url.rstrip("/").split("/")[-1], "nora@gardengate.test"))
    theirs.get_by_role("article", name="Cover").get_by_role("button", name="Approve").first.click()
    expect(theirs.get_by_text("Everything here is approved.")).to_be_visible()


def choose(page: Page, label: str, name: str) -> None:
    """Their line in the list of people, whatever stands behind the name."""
    people = page.get_by_label(label).first
    lines = people.locator("option").all_inner_texts()
    people.select_option(label=next(line for line in lines if line.startswith(name)))
