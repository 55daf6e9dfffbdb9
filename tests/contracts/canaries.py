"""Looking for the words of one client in everything that is said about another."""

from __future__ import annotations

import difflib
import html
import io
import re
import zipfile
from collections import Counter
from itertools import islice
from typing import Any

from django.conf import settings
from django.test import Client as Browser
from django.urls import resolve

from steadyhand.people.models import Member
from steadyhand.people.tokens import make_token
from tests.cast import user_of
from tests.contracts.addresses import Address, every_address, parts_for
from tests.contracts.world import Belongings, World

#: What only the other client pays; no other number looks like it.
SPEND = 761300
MONEY = ("761300", "761,300", "761 300")

MOST_OF_A_KIND = 4
LINK = re.compile(r"""(?:href|hx-get|data-href|data-url|action)=["'](/[^"'#]*)""")
CHANGING = re.compile(
    rb'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken":\s*"\w+"|csrf-token" content="\w+"|'
    rb"&quot;X-CSRFToken&quot;:\s*&quot;\w+&quot;|"
    rb'"challenge": "[\w-]+"'
)


#: What the API wants to read before it looks whose a commitment is.
BODIES: dict[str, dict[str, Any]] = {
    "flags": {"text": "They worry."},
    "ratings": {"scores": {"results": 4}},
    "messages": {"to": ["maya@halden.test"]},
    "move": {"day": "2026-12-01"},
    "waiver": {"reason": "Away"},
    "handover": {"to": "newcomer@northwind.test"},
    "interactions": {"channel": "call", "summary": "About March"},
    "details": {"contact": "0", "text": "Away"},
    "discovery": {"question": "people-around-you", "answer": "Maya"},
    "expectations": {"expectation": "call-time"},
    "posting": {"at": "2026-12-07T10:00:00+00:00"},
    "leads": {"name": "Fennel", "source": "Fair", "value": "900"},
    "deliverables": {"title": "Audit", "due_on": "2026-12-07"},
    "goals": {"text": "Grow", "override": "They insist."},
    "success": {"words": "A full order book."},
    "metrics": {"values": [{"date": "2026-11-01", "metric": "sessions", "value": 3}]},
}


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


def differences(before: bytes, after: bytes) -> list[str]:
    """The first lines in which two looks at a page differ, so that a failure says what happened."""
    lines = [text.decode(errors="replace").splitlines() for text in (before, after)]
    found = difflib.unified_diff(*lines, n=0, lineterm="")
    return [line[:200] for line in islice(found, 2, 12)]


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


def crawled(browser: Browser, starts: list[str], most: int | None = None) -> dict[str, bytes]:
    """What every page says that can be reached from there, a few of each kind; of `most` pages only."""
    waiting, found, kinds = list(dict.fromkeys(starts)), {}, Counter[str]()
    given = set(waiting)
    while waiting and len(found) != most:
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


def path_to(address: Address, world: World, of: Belongings, **besides: Any) -> str:
    """The address filled in with what belongs to one client."""
    return address.filled({**parts_for(address, world, of), **besides})
