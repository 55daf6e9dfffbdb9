"""Every address × method × role, against access.txt; an address that is not in it fails.

What is allowed and what is refused is asked in the same world, so that nothing is refused for a wrong
reason. The owner of what is “self” is asked as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import transaction
from django.http.response import HttpResponseBase
from django.template.backends.django import Template
from django.utils.safestring import SafeString

from steadyhand.api.face import api
from steadyhand.clients.portal_access import invite_contact
from steadyhand.comms.meetings.inviting import send_invitations
from steadyhand.people.members import leave
from steadyhand.people.models import Member
from steadyhand.people.roles import CATALOGUE, Capability, Role
from steadyhand.people.saved_views import keep_view
from steadyhand.people.tokens import make_token
from tests import cast
from tests.contracts.addresses import METHODS, Address, every_address, parts_for
from tests.contracts.asking import Asker
from tests.contracts.world import Belongings, World, build

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("access.txt")
ADDRESSES = {address.key: address for address in every_address()}
REFUSED = (401, 403, 404)
#: So many roles see a page drawn; of the others only what they may is asked.
DRAWN = 2

#: What a script sends, so that the answer is about who asks and not about the shape.
SENT: dict[str, Any] = {
    "messages": {"to": ["maya@halden.test"]},
    "move": {"day": "2026-12-01"},
    "waiver": {"reason": "They are away."},
    "handover": {"to": "newcomer@northwind.test"},
    "flags": {"text": "They worry."},
    "deliverables": {"title": "An audit", "due_on": "2026-12-20", "reason": "They insist."},
    "ratings": {"scores": {"results": 4}},
    "interactions": {"channel": "call", "summary": "About March"},
    "details": {"contact": 0, "text": "Away"},
    "discovery": {"question": "people-around-you", "answer": "Maya"},
    "expectations": {"expectation": "call-time"},
    "goals": {"text": "Grow", "override": "They insist."},
    "success": {"words": "A full order book."},
    "metrics": {"values": [{"date": "2026-11-01", "metric": "sessions", "value": 3}]},
    "posting": {"at": "2026-12-07T10:00:00+00:00"},
    "leads": {"name": "Fennel", "source": "Fair", "value": "900"},
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    method: str
    key: str
    words: tuple[str, ...]

    @property
    def address(self) -> Address:
        return ADDRESSES[self.key]

    @property
    def is_open(self) -> bool:
        return self.words == ("anybody",)

    @property
    def is_visitors(self) -> bool:
        """A page of the client's own; no member opens it."""
        return self.words == ("visitor",)

    @property
    def of_client(self) -> bool:
        return "sees" in self.words or self.of_lead

    @property
    def of_lead(self) -> bool:
        """Who sees every lead sees it too."""
        return "sees_lead" in self.words

    @property
    def is_own(self) -> bool:
        return any("self" in word.split("|") for word in self.words)

    def grants(self, member: Member) -> bool:
        """Whether the member's role is enough."""
        if self.is_visitors:
            return False
        held = CATALOGUE[Role(member.role)]
        needs = [word for word in self.words if word not in ("member", "sees", "sees_lead", "self")]
        return all(any(Capability(one) in held for one in need.split("|") if one != "self") for need in needs)


def table() -> list[Line]:
    lines = [line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    return [Line(method, key, tuple(words)) for method, key, *words in lines]


LINES = table()
OURS = [line for line in LINES if "library" not in line.words]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[World]:
    """Built once; every request takes back what it wrote."""
    with (
        django_db_blocker.unblock(),
        time_machine.travel(cast.NOW, tick=False),
        transaction.atomic(),
    ):
        yield build(tmp_path_factory.mktemp("access"))
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def askers(world: World) -> list[Asker]:
    """Somebody of every role, all of them on the account team of `ours` alone."""
    return [Asker.signed_in(role.value, member) for role, member in world.by_role.items()]


@pytest.fixture(scope="module")
def strangers(world: World) -> list[Asker]:
    """Nobody, and somebody who has left, with the session they had."""
    leaver = Asker.signed_in("left", world.left)
    leave(world.left, by=cast.SYSTEM)
    return [Asker("nobody"), leaver]


@pytest.fixture(scope="module")
def contacts(world: World) -> tuple[Asker, Asker]:
    """Somebody at `ours` and somebody at `theirs`, both signed in to their client's pages."""
    askers = []
    for of in (world.ours, world.theirs):
        asker = Asker(of.contact.email)
        of.contact = invite_contact(of.contact, by=cast.SYSTEM)
        send_invitations(of.review, by=cast.SYSTEM)
        assert of.contact.user is not None
        asker.browser.force_login(of.contact.user)
        askers.append(asker)
    return askers[0], askers[1]


def path_of(line: Line, world: World, of: Belongings) -> str:
    return line.address.filled(parts_for(line.address, world, of))


def ask(asker: Asker, line: Line, path: str) -> HttpResponseBase:
    body = json.dumps(SENT.get(path.rsplit("/", 1)[-1], {})) if line.address.is_api else "revision=1"
    return asker.ask(line.method, path, body)


@contextmanager
def blank() -> Iterator[None]:
    """Pages are decided on but not drawn: half of what they take."""
    with patch.object(Template, "render", lambda *_, **__: SafeString()):
        yield


def is_sign_in(answer: HttpResponseBase) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith("/account/login/")


def is_sign_in_of_clients(answer: HttpResponseBase) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith("/portal/sign-in/")


def is_let_in(answer: HttpResponseBase, line: Line) -> bool:
    """The page, an act, or a sentence about what was sent."""
    if answer.status_code in REFUSED or answer.status_code >= 500 or answer.status_code == 405:
        return False
    return line.key == "/account/sign-out-everywhere/" or not is_sign_in(answer)


def test_every_address_has_its_line() -> None:
    known = {line.key for line in LINES}
    assert set(ADDRESSES) - known == set(), "write who may in access.txt"
    assert known - set(ADDRESSES) == set(), "these addresses are gone"


def test_every_operation_of_the_api_has_its_line() -> None:
    described = {
        (method.upper(), path.replace("{", "<").replace("}", ">"))
        for path, operations in api.get_openapi_schema(path_prefix="/api/")["paths"].items()
        for method in operations
    }
    written = {(line.method, line.key) for line in LINES if line.address.is_api}
    assert described == written


@pytest.mark.parametrize("line", OURS, ids=lambda line: f"{line.method} {line.key}")
def test_what_is_open_to_contacts(line: Line, world: World, contacts: tuple[Asker, Asker]) -> None:
    """Their own client's pages, and not one of ours."""
    us, them = contacts
    if "key_pk" in line.address.parts:
        Authenticator.objects.create(user=world.ours.contact.user, type=Authenticator.Type.WEBAUTHN, data={})
    ours = path_of(line, world, world.ours)
    if line.is_open:
        return
    if not line.is_visitors:
        status = ask(us, line, ours).status_code
        assert status in (401, 404), status
        return
    answers = ask(us, line, ours), ask(them, line, ours)
    Authenticator.objects.all().delete()
    assert is_let_in(answers[0], line)
    assert answers[1].status_code == 404 or not line.address.parts


@pytest.mark.parametrize(
    "line", [one for one in OURS if one.is_visitors], ids=lambda line: f"{line.method} {line.key}"
)
def test_no_member_opens_a_page_of_clients(
    line: Line, world: World, askers: list[Asker], strangers: list[Asker]
) -> None:
    path = path_of(line, world, world.ours)
    for asker in (*askers, *strangers):
        answer = ask(asker, line, path)
        asked_to_sign_in = is_sign_in_of_clients(answer) and not line.address.parts
        assert answer.status_code == 404 or asked_to_sign_in, (asker.name, answer.status_code)


@pytest.mark.parametrize(
    "line", [one for one in OURS if not one.is_visitors], ids=lambda line: f"{line.method} {line.key}"
)
def test_who_may(line: Line, world: World, askers: list[Asker], strangers: list[Asker]) -> None:
    ours, theirs = path_of(line, world, world.ours), path_of(line, world, world.theirs)
    wrong = []
    drawn = 0
    for asker in strangers:
        answer = ask(asker, line, ours)
        unknown = answer.status_code == 401 if line.address.is_api else is_sign_in(answer)
        if unknown == line.is_open:
            wrong.append((asker.name, answer.status_code))
    for asker in askers:
        assert asker.member is not None
        may = line.is_open or line.grants(asker.member)
        sees_all = asker.member.may(Capability.SEE_ALL_CLIENTS)
        sees_all = sees_all or (line.of_lead and asker.member.may(Capability.SEE_ALL_LEADS))
        if line.is_own:
            may = may and line.words != ("self",)
            may = may or (asker.member.pk == world.absence.member_id and "absences" in line.key)
        for of, path, seen in (("ours", ours, True), ("theirs", theirs, sees_all)):
            if of == "theirs" and not line.of_client:
                continue
            with blank() if drawn >= DRAWN else nullcontext():
                answer = ask(asker, line, path)
            status = answer.status_code
            drawn += status == 200
            if may and seen:
                right = is_let_in(answer, line) or (line.is_open and status in (404, 410))
            elif seen:
                right = status == 403 or (status == 404 and ("import" in line.words or line.is_own))
            else:
                right = status == 404 or (status == 403 and not may)
            if not right:
                wrong.append((asker.name, of, status))
    assert not wrong


def test_methods_that_nobody_promised_are_refused(askers: list[Asker], world: World) -> None:
    administrator = next(asker for asker in askers if asker.name == Role.ADMINISTRATOR)
    promised: dict[str, set[str]] = {}
    for line in OURS:
        # django-ninja answers every method with the same document
        if not line.address.is_api and line.key != "/api/openapi.json":
            promised.setdefault(line.key, set()).add(line.method)
    wrong = []
    for key, methods in promised.items():
        path = ADDRESSES[key].filled(parts_for(ADDRESSES[key], world, world.ours))
        for method in set(METHODS) - methods:
            status = administrator.ask(method, path).status_code
            if status not in (404, 405):
                wrong.append((method, key, status))
    assert not wrong


@pytest.mark.parametrize(
    "line", [line for line in LINES if "library" in line.words], ids=lambda line: line.key
)
def test_pages_of_the_library(line: Line, world: World, strangers: list[Asker], askers: list[Asker]) -> None:
    path = path_of(line, world, world.ours)
    for method in ("GET", "POST"):
        cache.clear()  # it counts tries
        for asker in (*strangers, askers[0]):
            answer = asker.ask(method, path)
            assert answer.status_code < 500
            if "member" in line.words and asker is not askers[0]:
                assert is_sign_in(answer), (asker.name, method)


def test_a_reading_token_reads_and_a_writing_one_writes(world: World) -> None:
    manager = world.by_role[Role.MANAGER]
    for scope in ("read", "write"):
        script = Asker.with_token(scope, manager, scope)
        for line in OURS:
            answer = ask(script, line, path_of(line, world, world.ours))
            if not line.address.is_api:
                shut = is_sign_in(answer) or (line.is_visitors and not is_let_in(answer, line))
                assert line.is_open or shut or is_sign_in_of_clients(answer), f"a token opened {line.key}"
            elif line.method != "GET" and scope == "read":
                assert answer.status_code == 403, line
            elif line.grants(manager):
                assert is_let_in(answer, line), (line, answer.status_code)
            if line.of_client and line.address.is_api:
                status = ask(script, line, path_of(line, world, world.theirs)).status_code
                assert status == 404 or (scope == "read" and status == 403), line


def test_ones_own_things_are_for_oneself_alone(world: World) -> None:
    sam, jody = world.by_role[Role.EXECUTIVE], world.by_role[Role.MANAGER]
    view = keep_view(sam, "clients", "Mine", "tier=2", by=sam.actor)
    token, _ = make_token(sam, "mine", "read", by=sam.actor)
    paths = (f"/views/clients/{view.pk}/removal/", f"/account/tokens/{token.pk}/revocation/")
    for path in paths:
        assert Asker.signed_in("owner", sam).ask("POST", path).status_code == 302
        assert Asker.signed_in("another", jody).ask("POST", path).status_code in (404, 409)
