"""The client's pages, looked at as one client: of another, and of what is ours alone, not a word.

First in the world of two clients that have everything; then in a book of 200, each with a word of its own.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator

import pytest
from django.test import Client as Browser

from steadyhand.clients import team
from steadyhand.clients.item_links import issue_link
from steadyhand.clients.models import Client, Contact, Engagement, EngagementKind, Position, Service
from steadyhand.clients.portal_access import invite_contact
from steadyhand.comms.meetings.inviting import send_invitations
from steadyhand.comms.models import Chase
from steadyhand.core.models import OutboxMessage
from steadyhand.delivery.models import Approver, Bundle, Deliverable
from steadyhand.desk.portal_waiting import SHARED
from steadyhand.onboarding.models import Agreement, AgreementKind
from tests import cast
from tests.cast import SYSTEM
from tests.contracts.addresses import every_address
from tests.contracts.canaries import crawled, gives_away, insider, path_to, told
from tests.contracts.world import TODAY, Belongings, World

BOOK = 200
STARTS = ("/portal/", "/portal/plan/", "/portal/people/", "/portal/approvals/", "/portal/figures/")
CANARY = re.compile(r"canary\d{3}")

#: What the world's clients are never told about themselves; `{}` is their word.
OURS_ALONE = (
    "{} worries",
    "{} twins",
    "{} opens a shop",
    "{} is well",
    "{} looks for them",
    "{} was pleased",
    "send {} the figures",
    "why did {} dip",
    "{} asked for it",
    "what {} says",
    "{} insists",
    "{} table",
    "{} rankings",
    "{} pitch",
    "{} hears first",
    "{} is cross",
    "{} thinks it over",
    "{} moved house",
)


def visitor_of(contact: Contact) -> Browser:
    invited = invite_contact(contact, by=SYSTEM)
    assert invited.user is not None
    browser = Browser(raise_request_exception=False)
    browser.force_login(invited.user)
    return browser


def with_links(contact: Contact) -> Browser:
    """Somebody who has never signed in, but opened a link to each thing that is shared with them."""
    browser = Browser(raise_request_exception=False)
    for kind, shared in SHARED.items():
        for row in shared(contact):
            browser.get(issue_link(contact, kind, row.pk, by=SYSTEM)[1])
    return browser


def portal_paths(world: World, of: Belongings) -> list[str]:
    found = [path_to(one, world, of) for one in every_address() if one.route.startswith("portal/")]
    return [path for path in found if "sign-out" not in path]


def told_to(browser: Browser, starts: list[str]) -> Iterator[tuple[str, str]]:
    """Everything the client's pages say that can be reached from there, in plain letters, with headers."""
    for url, page in crawled(browser, starts).items():
        yield url, html.unescape(page.decode(errors="replace")).lower()


@pytest.mark.parametrize("way", ["signed in", "by links"])
def test_one_client_meets_no_word_of_another(world: World, way: str) -> None:
    contact = world.ours.contact
    for of in (world.ours, world.theirs):
        send_invitations(of.review, by=SYSTEM)
    browser = visitor_of(contact) if way == "signed in" else with_links(contact)
    starts = [*portal_paths(world, world.ours), f"/feeds/{world.ours.feed}.ics"]
    pages = list(told_to(browser, starts))
    assert sum(world.ours.word.lower() in text for _, text in pages) > (6 if way == "signed in" else 2)
    for url, text in pages:
        assert not gives_away(text, world.theirs), url
        for phrase in OURS_ALONE:
            assert phrase.format(world.ours.word.lower()) not in text, (url, phrase)


def test_what_is_theirs_is_not_there_for_us(world: World) -> None:
    browser = visitor_of(world.ours.contact)
    for path in set(portal_paths(world, world.theirs)) - set(portal_paths(world, world.ours)):
        for method in ("GET", "POST"):
            answer = browser.generic(method, path)
            assert answer.status_code in (302, 404, 405), (method, path, answer.status_code)
            assert not gives_away(told(answer, path), world.theirs), path


def test_a_member_who_looks_as_a_client_meets_no_word_of_another(world: World) -> None:
    browser = Browser(raise_request_exception=False)
    browser.force_login(cast.user_of(insider(world)))
    client, contact = world.ours.client, world.ours.contact
    assert browser.post(f"/clients/{client.ref}/contacts/{contact.pk}/looking/").status_code == 302
    for url in portal_paths(world, world.ours):
        if "looking" not in url:
            assert not gives_away(told(browser.get(url)), world.theirs), url


def test_no_mail_to_one_client_has_a_word_of_another(world: World) -> None:
    for of in (world.ours, world.theirs):
        visitor_of(of.contact)
        with_links(of.contact)
    for mail in OutboxMessage.objects.filter(recipient__endswith=world.ours.client.domain):
        text = f"{mail.subject} {mail.text} {mail.html} {bytes(mail.mime).decode(errors='replace')}".lower()
        assert not gives_away(text, world.theirs), mail.subject


# --- a book of 200


@pytest.fixture
def book(world: World) -> list[Contact]:
    """Clients with one of each thing that is shared, every name and text with the client's own word."""
    lead = insider(world)
    clients = Client.objects.bulk_create(
        Client(ref=f"canary{n:03}", name=f"Canary{n:03} Ltd", made_at=cast.NOW) for n in range(BOOK)
    )
    common = {"made_at": cast.NOW}
    contacts = Contact.objects.bulk_create(
        Contact(client=one, name=f"{one.ref} person", email=f"p@{one.ref}.test", **common) for one in clients
    )
    engagements = Engagement.objects.bulk_create(
        Engagement(
            client=one,
            ref=f"{one.ref}-1",
            kind=EngagementKind.RETAINER,
            title=f"{one.ref} retainer",
            amount=1000,
            currency="GBP",
            starts_on=TODAY,
            **common,
        )
        for one in clients
    )
    Service.objects.bulk_create(
        Service(engagement=one, number=1, name=f"{one.client.ref} SEO") for one in engagements
    )
    Chase.objects.bulk_create(
        Chase(client=one, text=f"{one.ref} leads", began_at=cast.NOW) for one in clients
    )
    Agreement.objects.bulk_create(
        Agreement(
            client=one,
            kind=AgreementKind.values[0],
            title=f"{one.ref} agreement",
            state="shared",
            shared_at=cast.NOW,
            made_by="us",
            **common,
        )
        for one in clients
    )
    bundles = Bundle.objects.bulk_create(
        Bundle(client=one, title=f"{one.ref} posts", due_on=TODAY, levels=1, asked_at=cast.NOW, **common)
        for one in clients
    )
    Approver.objects.bulk_create(
        Approver(bundle=bundle, contact=contact, level=1, named_at=cast.NOW)
        for bundle, contact in zip(bundles, contacts, strict=True)
    )
    Deliverable.objects.bulk_create(
        Deliverable(
            client=one,
            title=f"{one.ref} pages",
            first_due_on=TODAY + dt.timedelta(days=3),
            due_on=TODAY + dt.timedelta(days=3),
            promised_by_name="us",
            promised_at=cast.NOW,
            shared_at=cast.NOW,
            reason="asked for",
        )
        for one in clients
    )
    for one in (clients[0], clients[117], clients[-1]):
        team.assign(one, lead, Position.LEAD, by=SYSTEM)
    return contacts


def test_in_a_book_of_200_nobody_meets_another(world: World, book: list[Contact]) -> None:
    for contact in (book[0], book[117], book[-1]):
        own = contact.client.ref
        for browser in (visitor_of(contact), with_links(contact)):
            texts = list(
                told_to(browser, ["/portal/", "/portal/plan/", "/portal/people/", "/portal/approvals/"])
            )
            met = {word for _, text in texts for word in CANARY.findall(text)}
            assert met <= {own}
            assert not any(gives_away(text, of) for _, text in texts for of in (world.ours, world.theirs))
    seen = {word for _, text in told_to(visitor_of(book[5]), ["/portal/"]) for word in CANARY.findall(text)}
    assert seen == {book[5].client.ref}


def test_nor_by_trying_numbers(world: World, book: list[Contact]) -> None:
    """Every thing of every client, asked for by its number."""
    browser = visitor_of(book[3])
    own = set(Bundle.objects.filter(client=book[3].client).values_list("pk", flat=True))
    for pk in Bundle.objects.values_list("pk", flat=True):
        answer = browser.get(f"/portal/approvals/{pk}/")
        assert answer.status_code == (200 if pk in own else 404)
        if pk not in own:
            assert not CANARY.findall(told(answer, book[3].client.ref))
