"""Two clients whose words never cross.

Somebody of one account team, with every capability but the one of seeing every client, looks everywhere
and asks for everything: of the other client they meet no word, no number, no address and no count.
"""

from __future__ import annotations

import datetime as dt
import html
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, urlencode
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client as Browser
from django.test import override_settings
from django.urls import resolve

from steadyhand.api.face import api
from steadyhand.clients import book, engagements, plans, team
from steadyhand.clients.engagements import ServiceLine
from steadyhand.clients.models import Client, EngagementKind, Position
from steadyhand.commitments import feeds, keeping
from steadyhand.commitments.kinds import Kind
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.planning import plan_book
from steadyhand.comms.interactions import log_interaction
from steadyhand.comms.models import Channel
from steadyhand.core.models import Event
from steadyhand.people import invitations, members
from steadyhand.people.models import Member
from steadyhand.people.roles import CATALOGUE, Capability, Role
from steadyhand.people.tokens import make_token
from tests import cast
from tests.cast import SYSTEM, user_of
from tests.contracts.addresses import Address, every_address, parts_for
from tests.contracts.world import TODAY, Belongings, World, build
from tests.exchange.makers import HALDEN, write

#: What only the other client pays; no other number looks like it.
SPEND = 761300
MONEY = ("761300", "761,300", "761 300")

ANSWERED = {"GET", "POST", "PUT", "PATCH", "DELETE"}
MOST_OF_A_KIND = 8
LINK = re.compile(r"""(?:href|hx-get|data-href|data-url|action)=["'](/[^"'#]*)""")
CHANGING = re.compile(
    rb'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken":\s*"\w+"|csrf-token" content="\w+"|'
    rb"&quot;X-CSRFToken&quot;:\s*&quot;\w+&quot;"
)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[World]:
    """Built once, in a transaction that is taken back; managers may do everything but see every client."""
    folder: Path = tmp_path_factory.mktemp("canaries")
    every = frozenset(Capability) - {Capability.SEE_ALL_CLIENTS}
    with (
        django_db_blocker.unblock(),
        time_machine.travel(cast.NOW, tick=False),
        override_settings(MEDIA_ROOT=folder / "files"),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        patch.setitem(CATALOGUE, Role.MANAGER, every)
        built = build(folder)
        engagements.change_spend(
            built.theirs.engagement, Decimal(SPEND), by=SYSTEM, currency="GBP", reason="More"
        )
        plan_book()
        built.theirs.engagement.refresh_from_db()
        yield built
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _at_work(world: World, db: None) -> Iterator[None]:
    with time_machine.travel(cast.NOW, tick=False):
        yield


def browser_of(member: Member, **headers: str) -> Browser:
    """Somebody's browser, which answers with an error page instead of raising."""
    browser = Browser(headers=headers, raise_request_exception=False)
    browser.force_login(user_of(member))
    return browser


def program(member: Member, scope: str = "write") -> Browser:
    """A program with somebody's token."""
    _, secret = make_token(member, "tests", scope, by=member.actor)
    return Browser(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=False)


def insider(world: World) -> Member:
    """Leads the one client, and is not on the team of the other."""
    return world.ours.place.member


def words_of(belongings: Belongings) -> tuple[str, ...]:
    """What would give the other client away."""
    return (belongings.word.lower(), *MONEY)


def said(answer: Any) -> bytes:
    """Everything an answer tells, unpacked, without what differs each time."""
    body: bytes = b"".join(answer) if answer.streaming else answer.content
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(name.encode() + packed.read(name) for name in packed.namelist())
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items() if name != "ETag")
    return headers.encode() + b"\n\n" + CHANGING.sub(b"", body.replace(b"\r\n ", b""))


def told(answer: Any, *besides: str) -> str:
    """What an answer tells in plain letters, without what the question itself said."""
    text = html.unescape(said(answer).decode(errors="replace")).lower()
    for asked in besides:
        text = text.replace(asked.lower(), "")
    return text


def gives_away(text: str, belongings: Belongings) -> list[str]:
    """Where a text tells of a client, with what stands around it."""
    return [
        text[max(0, at.start() - 60) : at.end() + 60]
        for word in words_of(belongings)
        for at in re.finditer(re.escape(word), text)
    ]


def starting_points(world: World) -> list[str]:
    """Every address there is, filled in with what is ours."""
    found = [
        address.filled(parts_for(address, world, world.ours))
        for address in every_address()
        if not address.route.startswith(("account/", "welcome/"))
    ]
    span = "from=2026-09-01&to=2027-02-28"
    return [
        *found,
        f"/api/commitments?{span}&limit=500",
        "/api/clients?stage=all&limit=200",
        "/api/clients?sort=-spend",
        "/clients/?stage=all",
        "/clients/?sort=spend",
        "/?of=everyone",
        "/?of=everyone&tab=later",
        f"/?of={world.theirs.place.member.pk}",
        "/calendar/?of=everyone",
        f"/calendar/2026-12/?of={world.theirs.place.member.pk}",
        f"/calendar/2026-W49/?of={world.theirs.place.member.pk}",
        f"/team/people/{world.theirs.place.member.pk}/",
        *(f"/team/delivered/?by={by}&from=2026-01-01&to=2027-12-31" for by in ("member", "client", "rule")),
    ]


def crawled(browser: Browser, starts: list[str]) -> dict[str, bytes]:
    """What every page says that can be reached from there, a few of each kind."""
    waiting, found, kinds = list(dict.fromkeys(starts)), {}, Counter[str]()
    given = set(waiting)
    while waiting:
        url = waiting.pop(0)
        answer = browser.get(url)
        found[url] = said(answer)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for link in LINK.findall(html.unescape(found[url].decode())):
            if link in given or link.startswith((settings.STATIC_URL, "//", "/account/")):
                continue
            given.add(link)
            kind = resolve(link.partition("?")[0]).route
            kinds[kind] += 1
            if kinds[kind] <= MOST_OF_A_KIND:
                waiting.append(link)
    return found


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
    pages = crawled(
        browser, ["/", "/clients/", f"/clients/{world.theirs.client.ref}/plan/", "/search/?q=qua"]
    )
    everything = b"".join(pages.values()).decode().lower()
    assert all(word in everything for word in (world.theirs.word.lower(), MONEY[1]))
    assert world.ours.word.lower() not in everything


def test_fragments_say_no_more_than_pages(world: World) -> None:
    browser = browser_of(insider(world), **{"HX-Request": "true"})
    for url, page in crawled(browser, starting_points(world)).items():
        assert not gives_away(html.unescape(page.decode(errors="replace")).lower(), world.theirs), url


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.DIRECTOR, Role.NEW_BUSINESS, Role.SPONSOR])
def test_no_role_of_one_team_meets_the_other(world: World, role: Role) -> None:
    browser = browser_of(world.by_role[role])
    for url in starting_points(world):
        assert not gives_away(told(browser.get(url)), world.theirs), url


def test_whatever_happens_there_changes_nothing_here(world: World) -> None:
    """No count, no list, no order tells that anything happened to a client one does not see."""
    # how many clients a colleague leads is known to the agency, and so is the playbook's own reckoning
    browser = browser_of(insider(world))
    urls = [url for url in starting_points(world) if not url.startswith(("/playbook/drafts/", "/feeds/"))]
    before = {url: said(browser.get(url)) for url in urls}
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
    changed = [url for url in urls if said(browser.get(url)) != before[url]]
    assert not changed


def test_an_export_takes_along_only_what_one_sees(world: World) -> None:
    text = told(browser_of(insider(world)).post("/exports/"))
    assert text.count(world.ours.word.lower()) > 30
    assert not gives_away(text, world.theirs)


def test_the_feed_of_a_member_holds_only_what_they_see(world: World) -> None:
    member = insider(world)
    secret = feeds.open_feed(member, by=member.actor)
    text = told(Browser().get(f"/feeds/{secret}.ics"))
    assert world.ours.word.lower() in text
    assert not gives_away(text, world.theirs)


# --- asking for it


def path_to(address: Address, world: World, of: Belongings, **besides: Any) -> str:
    """The address filled in with what belongs to one client."""
    return address.filled({**parts_for(address, world, of), "what": "spend", **besides})


def of_a_client(world: World) -> list[tuple[Address, str]]:
    """Every address that names something of a client, with what is theirs. A feed's secret is its own key."""
    found = []
    for address in every_address():
        theirs = path_to(address, world, world.theirs)
        if theirs != path_to(address, world, world.ours) and address.name != "feed-file":
            found.append((address, theirs))
    return found


#: What the API wants to read before it looks whose a commitment is.
BODIES: dict[str, dict[str, str]] = {
    "move": {"day": "2026-12-01"},
    "waiver": {"reason": "Away"},
    "handover": {"to": "newcomer@northwind.test"},
}


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
            for method in sorted(ANSWERED):
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
            answers = {method: sent(browser, method, address, path).status_code for method in ANSWERED}
            transaction.set_rollback(True)
        if not {status for status in answers.values() if status not in (404, 405)}:
            missing.append((path, answers))
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
        assert not gives_away(text, world.theirs)


def test_a_change_of_their_team_is_not_taken_back_from_outside(world: World) -> None:
    """Who knows the number of a bulk change may take it back only where they may change the client."""
    batch = uuid4()
    helper = world.by_role[Role.SPONSOR]
    team.assign(world.theirs.client, helper, Position.SUPPORT, by=SYSTEM, batch=batch)
    browser_of(insider(world)).post(f"/clients/team/undoing/{batch}/")
    browser_of(insider(world)).post(f"/clients/{world.ours.client.ref}/undoing/{batch}/")
    assert world.theirs.client.team.filter(member=helper, until=None).exists()


# --- what leaves the house


SECRET = "Murmurlock"


def full_of_secrets(world: World) -> tuple[Client, str]:
    """A client whose every inner field carries a word of ours, and the secret of its feed."""
    member = insider(world)
    client = book.add_client("Openly", by=SYSTEM, domain="openly.test")
    book.change_client(
        client, by=SYSTEM, business=SECRET, goals=SECRET, industry=SECRET, phone=SECRET, lift="room_to_grow"
    )
    contact = book.add_contact(
        client, f"Kim {SECRET}", by=SYSTEM, email="kim@openly.test", notes=SECRET, day_to_day=True
    )
    begun = engagements.begin_engagement(
        client,
        EngagementKind.RETAINER,
        by=SYSTEM,
        title=SECRET,
        amount=Decimal(SPEND),
        currency="GBP",
        starts_on=dt.date(2024, 3, 1),
        services=[ServiceLine(SECRET)],
    )
    team.assign(client, member, Position.LEAD, by=SYSTEM)
    team.assign(client, world.by_role[Role.DIRECTOR], Position.SPONSOR, by=SYSTEM)
    plan_book()
    begun.refresh_from_db()
    plans.depart(begun, "report", by=SYSTEM, cadence="weekly", reason=SECRET)
    plan_book()
    for kind in Kind:
        for internal in (False, True):
            keeping.promise(
                client,
                f"{SECRET} {kind}",
                by=SYSTEM,
                owner=member,
                due_on=TODAY + dt.timedelta(days=3),
                kind=kind,
                internal=internal,
            )
    planned = Commitment.objects.filter(client=client, rule="report", state="open").order_by("due_at")
    first, second, third, fourth, fifth = planned[:5]
    keeping.complete(first, by=member.actor, note=SECRET)
    keeping.move(second, second.due_on + dt.timedelta(days=1), by=member.actor, reason=SECRET)
    keeping.waive(third, by=member.actor, reason=SECRET)
    keeping.wait_on_client(fourth, by=member.actor, note=SECRET)
    keeping.hand_over(fifth, world.by_role[Role.EXECUTIVE], by=member.actor, note=SECRET)
    log_interaction(
        client, Channel.CALL, by=SYSTEM, at=cast.NOW, contact=contact, summary=SECRET, body=SECRET, minutes=20
    )
    return client, feeds.open_feed(client, by=SYSTEM)


def test_the_feed_of_a_client_has_no_word_of_ours(world: World) -> None:
    client, secret = full_of_secrets(world)
    answer = Browser().get(f"/feeds/{secret}.ics")
    calendar = told(answer)
    assert answer.status_code == 200 and calendar.count("begin:vevent") > 10
    inner = [
        SECRET,
        *MONEY,
        "internal",
        "tier",
        "upsell",
        "cross-sell",
        "retainer",
        "playbook",
        "rule",
        "why:",
        "waiting",
        "/commitments/",
        settings.BASE_URL,
        *(line.title for line in Commitment.objects.filter(client=client, internal=True)),
    ]
    for word in inner:
        assert word.lower() not in calendar, word
    hidden = Commitment.objects.filter(client=client, internal=True)
    assert hidden.count() > 5
    assert not [row.key for row in hidden if f"uid:{row.key}@" in calendar]
    lead = Browser().get(f"/feeds/{feeds.open_feed(insider(world), by=insider(world).actor)}.ics")
    assert SECRET.lower() in told(lead), "the words are there for those whose they are"


def test_the_feed_of_one_client_knows_no_other(world: World) -> None:
    text = told(Browser().get(f"/feeds/{world.ours.feed}.ics"))
    assert world.ours.word.lower() in text
    assert not gives_away(text, world.theirs)


# --- tokens and leavers


def operations(world: World) -> list[tuple[str, str]]:
    """Method and address of everything the API's own description offers, on what is ours."""
    values = {"ref": world.ours.client.ref, "key": world.ours.promised.key, "number": world.run.pk}
    paths = api.get_openapi_schema(path_prefix="/api/")["paths"]
    return [(method.upper(), path.format(**values)) for path, methods in paths.items() for method in methods]


def test_a_reading_token_writes_nowhere(world: World) -> None:
    reader = program(insider(world), "read")
    acts = Event.objects.count()
    writes = [(method, path) for method, path in operations(world) if method != "GET"]
    assert len(writes) >= 10
    for method, path in writes:
        body = json.dumps(BODIES.get(path.rsplit("/", 1)[-1], {})) if method == "POST" else ""
        answer = reader.generic(method, path, body, "application/json")
        assert answer.status_code == 403, (method, path, answer.content)
        assert "write" in answer.json()["remedy"]
    # neither do pages take a token for a session
    for address in every_address():
        if not address.is_api and address.name not in OPEN_POSTS:
            path = address.filled(parts_for(address, world, world.ours))
            answer = reader.post(path)
            assert answer.status_code in (302, 401, 404, 405, 410), (path, answer.status_code)
    assert Event.objects.count() == acts


#: What everybody may post to: the ways in, and pages that only show.
OPEN_POSTS = {
    "api-docs",
    "openapi-json",
    "account_login",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "mfa_login_webauthn",
}


def test_whoever_has_left_finds_every_door_shut(world: World) -> None:
    member = world.by_role[Role.EXECUTIVE]
    user_of(member).set_password("correct horse battery")
    user_of(member).save()
    session, fragment = browser_of(member), browser_of(member, **{"HX-Request": "true"})
    tokens = [program(member, "read"), program(member, "write")]
    feed = feeds.open_feed(member, by=member.actor)
    link = invitations.issue_signin_link(member.email, by=SYSTEM)
    assert session.get("/clients/").status_code == 200
    assert Browser().get(f"/feeds/{feed}.ics").status_code == 200
    assert {token.get("/api/clients").status_code for token in tokens} == {200}

    members.leave(member, by=SYSTEM)

    acts = Event.objects.count()
    for path in starting_points(world):
        address = resolve(path.partition("?")[0])
        if address.url_name in {"health-live", "health-ready", "api-docs", "openapi-json", "feed-file"}:
            continue
        for browser in (session, fragment):
            answer = browser.get(path)
            assert answer.status_code in (204, 302, 401, 404, 405, 410), (path, answer.status_code)
            assert not gives_away(told(answer, path, quote(path, safe="")), world.ours), path
        for token in tokens:
            assert token.get(path).status_code in (302, 401, 404, 405, 410), path
    assert session.post(f"/commitments/{world.ours.promised.pk}/completion/").status_code == 302
    assert tokens[1].post(f"/api/commitments/{world.ours.promised.key}/completion").status_code == 401
    assert Browser().get(f"/feeds/{feed}.ics").status_code == 410
    assert Browser().get(link).status_code == 410
    assert Browser().post(link).status_code == 410
    refused = Browser().post("/account/login/", {"login": member.email, "password": "correct horse battery"})
    assert refused.status_code in (200, 422)
    assert "_auth_user_id" not in refused.wsgi_request.session
    assert Event.objects.count() == acts
