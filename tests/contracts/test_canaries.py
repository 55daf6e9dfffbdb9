"""Two clients whose words never cross.

Somebody of one account team, with every capability but the one of seeing every client, looks everywhere
and asks for everything: of the other client they meet no word, no number, no address and no count.
"""

from __future__ import annotations

import html
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, urlencode
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client as Browser

from steadyhand.clients import book, engagements, team
from steadyhand.clients.models import Position
from steadyhand.commitments import keeping
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.planning import plan_book
from steadyhand.comms.interactions import log_interaction
from steadyhand.comms.models import Channel
from steadyhand.core.models import Event
from steadyhand.people.roles import Role
from tests import cast
from tests.cast import SYSTEM
from tests.contracts.addresses import METHODS, Address, every_address
from tests.contracts.canaries import (
    BODIES,
    MONEY,
    browser_of,
    crawled,
    differences,
    gives_away,
    insider,
    path_to,
    program,
    said,
    starting_points,
    told,
)
from tests.contracts.world import TODAY, World
from tests.exchange.makers import HALDEN, write

#: How full a colleague is, over all of their clients: whoever gives them more is shown it, and the agency
#: knows how busy its people are. It is a sum of hours, and names no client.
LOAD = re.compile(rb"\d+ h of \d+ h promised for|Content-Length: \d+")


def test_nowhere_a_word_of_somebody_elses_client(world: World) -> None:
    browser = browser_of(insider(world))
    pages = crawled(browser, starting_points(world))
    assert len(pages) > 120
    assert sum(world.ours.word.encode() in page for page in pages.values()) > 50
    for url, page in pages.items():
        text = html.unescape(page.decode(errors="replace")).lower()
        assert not gives_away(text, world.theirs), url


def test_the_same_look_finds_what_is_ones_own(world: World) -> None:
    """The crawl would have told: who leads the other client meets its words, its money and its feed."""
    browser = browser_of(world.theirs.place.member)
    starts = ["/", "/clients/", f"/clients/{world.theirs.client.ref}/plan/", "/search/?q=qua"]
    pages = crawled(browser, starts, most=60)
    everything = b"".join(pages.values()).decode(errors="replace").lower()
    assert all(word in everything for word in (world.theirs.word.lower(), MONEY[1]))
    assert world.ours.word.lower() not in everything


def test_fragments_say_no_more_than_pages(world: World) -> None:
    browser = browser_of(insider(world), **{"HX-Request": "true"})
    for url in starting_points(world):
        assert not gives_away(told(browser.get(url)), world.theirs), url


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.DIRECTOR, Role.NEW_BUSINESS, Role.SPONSOR])
def test_no_role_of_one_team_meets_the_other(world: World, role: Role) -> None:
    browser = browser_of(world.by_role[role])
    every_lead = ("/leads/", "/api/leads") if role is Role.NEW_BUSINESS else ()  # which it sees
    for url in starting_points(world):
        assert url in every_lead or not gives_away(told(browser.get(url)), world.theirs), url


def test_whatever_happens_there_changes_nothing_here(world: World) -> None:
    """No count, no list, no order tells that anything happened to a client one does not see."""
    # how many clients a colleague leads is known to the agency, and so is the playbook's own reckoning
    browser = browser_of(insider(world))
    urls = [url for url in starting_points(world) if not url.startswith(("/playbook/drafts/", "/feeds/"))]
    giving_work = {f"/leads/{world.ours.lead.pk}/winning/", f"/clients/{world.ours.client.ref}/kickoff/"}

    def look(url: str) -> bytes:
        text = said(browser.get(url))
        return LOAD.sub(b"", text) if url in giving_work else text

    browser.get(
        f"/clients/{world.ours.client.ref}/figures/charts/"
    )  # drawn once; from then on the page has them
    before = {url: look(url) for url in urls}
    client, lead = world.theirs.client, world.theirs.place.member
    book.change_client(client, by=SYSTEM, name="Aquagmarsh Works", industry="Zephyrinery")
    late = keeping.promise(client, "Ring back", by=SYSTEM, owner=lead, due_on=TODAY)
    keeping.wait_on_client(late, by=SYSTEM, note="Asked")
    keeping.complete(world.theirs.promised, by=SYSTEM, note="Sent")
    planned = Commitment.objects.filter(client=client, state="open", rule="report").order_by("due_at")[0]
    keeping.waive(planned, by=SYSTEM, reason="Away")
    log_interaction(client, Channel.NOTE, by=SYSTEM, at=cast.NOW, member=lead, summary="Said", body="More")
    engagements.change_spend(world.theirs.engagement, Decimal(90), by=SYSTEM, currency="GBP", reason="Less")
    book.add_contact(client, "Somebody Else", by=SYSTEM, email="else@elsewhere.test")
    cast.retained("Zephyr Annex", 5000, lead=None)
    plan_book()
    changed = {url: differences(before[url], now) for url in urls if (now := look(url)) != before[url]}
    assert not changed


def test_an_export_takes_along_only_what_one_sees(world: World) -> None:
    text = told(browser_of(insider(world)).post("/exports/"))
    assert text.count(world.ours.word.lower()) > 30
    assert not gives_away(text, world.theirs)


# --- asking for it


def of_a_client(world: World) -> list[tuple[Address, str]]:
    """Every address that names something of a client, with what is theirs. A feed's secret is its own key."""
    found = []
    for address in every_address():
        if address.route.startswith("portal/"):
            continue  # no member opens them
        theirs = path_to(address, world, world.theirs)
        if theirs != path_to(address, world, world.ours) and address.name != "feed-file":
            found.append((address, theirs))
    return found


def sent(browser: Browser, method: str, address: Address, path: str) -> Any:
    """Ask, with a body that could be understood."""
    if not address.is_api:
        return browser.generic(method, path, "", "application/x-www-form-urlencoded")
    body = json.dumps(BODIES.get(path.rsplit("/", 1)[-1], {})) if method == "POST" else ""
    return browser.generic(method, path, body, "application/json")


def test_what_is_theirs_is_not_there(world: World) -> None:
    """404 for every address, every method, page or fragment; nothing is written and nothing is said."""
    browsers = {
        "page": browser_of(insider(world)),
        "fragment": browser_of(insider(world), **{"HX-Request": "true"}),
        "token": program(insider(world)),
    }
    acts = Event.objects.count()
    addresses = of_a_client(world)
    assert len(addresses) >= 50
    wrong = []
    for address, path in addresses:
        for how, browser in browsers.items():
            if (how == "token") != address.is_api:
                continue
            for method in METHODS:
                answer = sent(browser, method, address, path)
                gone = answer.status_code == 404 and not gives_away(told(answer, path), world.theirs)
                if not gone and answer.status_code != 405:
                    wrong.append((how, method, path, answer.status_code))
    assert not wrong
    assert Event.objects.count() == acts


def test_every_method_of_those_addresses_was_asked_for(world: World) -> None:
    """The 404 above is not for lack of a page: on one's own client none of these is missing."""
    browser = browser_of(insider(world))
    missing = []
    for address, _ in of_a_client(world):
        path = path_to(address, world, world.ours)
        with transaction.atomic():
            answers = (sent(browser, method, address, path).status_code for method in METHODS)
            is_there = any(status not in (404, 405) for status in answers)
            transaction.set_rollback(True)
        if not is_there:
            missing.append(path)
    assert not missing


def test_an_inner_thing_of_theirs_is_not_reached_through_our_client(world: World) -> None:
    browser = browser_of(insider(world))
    ours, theirs = world.ours, world.theirs
    inner = [address for address in every_address() if {"ref", "pk"} <= set(address.parts)]
    assert len(inner) > 8
    acts = Event.objects.count()
    for address in inner:
        foreign = path_to(address, world, theirs, ref=ours.client.ref)
        nothing = path_to(address, world, theirs, ref=ours.client.ref, pk=999_999)
        for method in ("GET", "POST"):
            answer = browser.generic(method, foreign)
            assert answer.status_code in (404, 405, 409), (method, foreign, answer.status_code)
            assert answer.status_code == browser.generic(method, nothing).status_code
            assert not gives_away(told(answer), theirs), (method, foreign)
    assert Event.objects.count() == acts


def questions(world: World) -> list[tuple[str, str, dict[str, str], str, str]]:
    """Method, address, form, what of theirs is named in it, and its like that nobody has."""
    theirs, ours = world.theirs, world.ours
    name, ref, pk = theirs.client.name, theirs.client.ref, str(theirs.client.pk)
    promise = {"title": "Ring", "due_on": "2026-12-01", "kind": "follow_up", "owner": str(insider(world).pk)}
    log = {"channel": "call", "summary": "Said", "on": "2026-11-23", "at": "10:00"}
    keeps, none = str(theirs.promised.pk), "999999"
    place = {"member": str(insider(world).pk), "position": "support"}
    words = (name, "Quagmarsh", ref, theirs.client.domain, theirs.contact.email, theirs.promised.title)
    found: list[tuple[str, str, dict[str, str], str, str]] = []
    for word in words:
        unknown = re.sub("quagmarsh", "Nobodyish", word, flags=re.IGNORECASE)
        for path in ("/search/?q={}", "/search/clients/?q={}", "/clients/?q={}", "/api/clients?q={}"):
            found.append(("GET", path, {}, word, unknown))
        found.append(("GET", f"/clients/{ours.client.ref}/merge/?q={{}}", {}, word, unknown))
    for word, unknown in ((name, "Nobodyish Works"), (ref, "nobodyish-works"), (pk, none)):
        for path in (
            "/calendar/?client={}",
            "/calendar/2026-12-01/?client={}",
            "/interactions/new/?client={}",
            "/interactions/choices/?client={}",
            "/commitments/new/?client={}",
            "/api/commitments?from=2026-11-01&to=2026-12-31&client={}",
            f"/clients/{ours.client.ref}/merge/?with={{}}",
        ):
            found.append(("GET", path, {}, word, unknown))
        found += [
            ("POST", "/commitments/", {**promise, "client": "{}"}, word, unknown),
            ("POST", "/interactions/", {**log, "client": "{}"}, word, unknown),
            ("POST", f"/clients/{ours.client.ref}/merge/", {"with": "{}", "typed": name}, word, unknown),
        ]
    return [
        *found,
        ("GET", "/interactions/new/?keeps={}", {}, keeps, none),
        ("POST", "/interactions/", {**log, "client": ours.client.ref, "keeps": "{}"}, keeps, none),
        (
            "POST",
            "/interactions/",
            {**log, "client": ours.client.ref, "contact": "{}"},
            str(theirs.contact.pk),
            none,
        ),
        ("POST", "/clients/team/", {**place, "pick": "{}"}, pk, none),
    ]


def test_naming_it_is_like_naming_nothing(world: World) -> None:
    """Search, filters and forms answer for a client one does not see as for one that is not."""
    browser = browser_of(insider(world))

    def ask(method: str, path: str, form: dict[str, str], word: str, like: str) -> str:
        data = {key: value.format(word) for key, value in form.items()}
        with transaction.atomic():
            answer = browser.generic(
                method,
                path.format(quote(word)),
                urlencode(data),
                "application/x-www-form-urlencoded",
            )
            text = f"{answer.status_code}\n{told(answer)}"
            transaction.set_rollback(True)
        for asked in (word, like):
            for spelled in {asked, quote(asked), quote_plus(asked)}:
                text = re.sub(rf"(?<!\w){re.escape(spelled.lower())}(?!\w)", "…", text)
        return re.sub(r"content-length: \d+", "", text)

    for method, path, form, theirs, nobodys in questions(world):
        seen, unseen = ask(method, path, form, theirs, nobodys), ask(method, path, form, nobodys, theirs)
        assert seen == unseen, (method, path, theirs)


# --- errors


@pytest.mark.parametrize("path", ["/clients/new/", "/clients/zephyrine-works/details/"])
def test_a_taken_domain_does_not_say_by_whom(world: World, path: str) -> None:
    browser = browser_of(insider(world))
    form = {"name": "Another", "country": "GB", "zone": "Europe/London", "domain": "www.quagmarsh.test"}
    answer = browser.post(path, {**form, "propensity": "medium", "lead": ""})
    assert answer.status_code == 422
    text = told(answer, "www.quagmarsh.test", "quagmarsh.test")
    assert "already has the domain" in text
    assert not gives_away(text, world.theirs)


def test_an_import_does_not_tell_whose_row_it_met(world: World, tmp_path: Path) -> None:
    browser = browser_of(insider(world))
    rows = [
        {**HALDEN, "client": "Another", "domain": "quagmarsh.test"},
        {**HALDEN, "client": "Quagmarsh Works", "domain": ""},
    ]
    content = write(tmp_path / "book.csv", rows).read_bytes()
    begun = browser.post("/imports/clients/", {"file": SimpleUploadedFile("book.csv", content)})
    assert begun.status_code == 302
    columns = browser.get(begun["Location"])
    form = dict(
        re.findall(
            r'<select[^>]* name="([^"]+)".*?<option value="([^"]*)" selected', columns.content.decode(), re.S
        )
    )
    checked = browser.post(begun["Location"], form, follow=True)
    for action in ("create", "update", "skip", "unchanged"):
        page = browser.get(f"{checked.request['PATH_INFO']}?rows={action}")
        text = told(page, "quagmarsh works", "quagmarsh.test")
        assert page.status_code == 200
        assert text.count("with colleagues of yours") == (2 if action == "skip" else 0)
        assert not gives_away(text, world.theirs)


def test_a_change_of_their_team_is_not_taken_back_from_outside(world: World) -> None:
    """Who knows the number of a bulk change may take it back only where they may change the client."""
    batch = uuid4()
    helper = world.by_role[Role.SPONSOR]
    team.assign(world.theirs.client, helper, Position.SUPPORT, by=SYSTEM, batch=batch)
    browser_of(insider(world)).post(f"/clients/team/undoing/{batch}/")
    browser_of(insider(world)).post(f"/clients/{world.ours.client.ref}/undoing/{batch}/")
    assert world.theirs.client.team.filter(member=helper, until=None).exists()
