"""The pages about people: list, add, invite, role, absence, leaving, the catalogue; and one's own account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client as Browser

from steadyhand.clients import book, team
from steadyhand.clients.models import Assignment, Client, Position
from steadyhand.core import agency
from steadyhand.core.models import Event, Grant, OutboxMessage
from steadyhand.people import members, tokens
from steadyhand.people.models import Absence, Member, MemberState
from steadyhand.people.roles import CAPABILITY_WORDS, Capability, Role
from tests.cast import NOW, SYSTEM, joined

pytestmark = pytest.mark.django_db
PEOPLE = "/team/people/"


@dataclass(slots=True)
class Office:
    boss: Member
    head: Member
    pam: Member
    halden: Client


@pytest.fixture
def office() -> Iterator[Office]:
    with time_machine.travel(NOW, tick=False):
        agency.found(by=SYSTEM, name="Dunder")
        boss = joined("David Wallace", Role.ADMINISTRATOR)
        head = joined("Michael Scott", Role.HEAD)
        pam = joined("Pam Beesly", Role.MANAGER)
        halden = book.add_client("Halden", by=SYSTEM)
        team.assign(halden, pam, Position.LEAD, by=SYSTEM)
        yield Office(boss, head, pam, halden)


def as_(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(Member.objects.get(pk=member.pk).user, backend="steadyhand.people.sign_in.Backend")  # type: ignore[arg-type]
    return browser


def text(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_everybody_sees_colleagues_and_only_managers_of_people_change_them(office: Office) -> None:
    page = text(as_(office.pam).get(PEOPLE))
    assert "Michael Scott" in page
    assert "1 client" in page
    assert "Add somebody" not in page
    assert "Add somebody" in text(as_(office.boss).get(PEOPLE))
    path = f"{PEOPLE}{office.head.pk}/"
    for act in ("role/", "invitation/", "leaving/", "return/"):
        assert as_(office.pam).post(f"{path}{act}", {"role": Role.EXECUTIVE}).status_code == 403
    assert as_(office.pam).post(f"{PEOPLE}new/", {"email": "eve@dunder.test"}).status_code == 403
    office.head.refresh_from_db()
    assert (office.head.role, office.head.state) == (Role.HEAD, MemberState.ACTIVE)


def test_the_list_costs_the_same_for_many(office: Office, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    browser = as_(office.boss)
    for number in range(30):
        members.add_member(f"temp{number}@dunder.test", by=SYSTEM)
    with django_assert_max_num_queries(6):
        assert browser.get(PEOPLE).status_code == 200


def test_adding_somebody_with_and_without_an_invitation(office: Office) -> None:
    browser = as_(office.head)
    assert browser.get(f"{PEOPLE}new/").status_code == 200
    added = browser.post(f"{PEOPLE}new/", {"email": "jim@dunder.test", "role": Role.MANAGER}, follow=True)
    assert "Added jim@dunder.test." in text(added)
    browser.post(f"{PEOPLE}new/", {"email": "ola@dunder.test", "role": Role.FINANCE, "invite": "1"})
    states = dict(Member.objects.values_list("email", "state"))
    assert (states["jim@dunder.test"], states["ola@dunder.test"]) == ("not_invited", "invited")
    assert OutboxMessage.objects.get().recipient == "ola@dunder.test"
    twice = browser.post(f"{PEOPLE}new/", {"email": "jim@dunder.test", "role": Role.MANAGER})
    assert twice.status_code == 422
    assert "already a member" in text(twice)
    strange = browser.post(f"{PEOPLE}new/", {"email": "x@dunder.test", "role": "emperor"})
    assert strange.status_code == 422


def test_nobody_hands_out_more_than_they_have(office: Office) -> None:
    browser = as_(office.head)
    up = browser.post(f"{PEOPLE}{office.head.pk}/role/", {"role": Role.ADMINISTRATOR})
    assert up.status_code == 422
    assert "may do more than you" in text(up)
    assert browser.post(f"{PEOPLE}{office.boss.pk}/leaving/").status_code == 422
    assert browser.post(f"{PEOPLE}{office.boss.pk}/role/", {"role": Role.MANAGER}).status_code == 422
    office.boss.refresh_from_db()
    assert (office.boss.role, office.boss.state) == (Role.ADMINISTRATOR, MemberState.ACTIVE)


def test_a_role_is_given_and_holds_at_the_next_request(office: Office) -> None:
    pam = as_(office.pam)
    assert pam.get(f"{PEOPLE}new/").status_code == 403
    done = as_(office.boss).post(f"{PEOPLE}{office.pam.pk}/role/", {"role": Role.HEAD}, follow=True)
    assert "Pam Beesly is head of client services now." in text(done)
    assert pam.get(f"{PEOPLE}new/").status_code == 200


def test_inviting_again_and_taking_back(office: Office) -> None:
    jim = members.add_member("jim@dunder.test", by=SYSTEM)
    browser = as_(office.boss)
    path = f"{PEOPLE}{jim.pk}/"
    for _ in range(2):
        assert "on its way" in text(browser.post(f"{path}invitation/", follow=True))
    assert Grant.objects.alive().count() == 1
    browser.post(f"{path}leaving/")
    assert "Jim" in text(browser.get(f"{PEOPLE}?left"))
    assert "has left" in text(browser.post(f"{path}invitation/", follow=True))
    assert "is back" in text(browser.post(f"{path}return/", follow=True))


def test_leaving_needs_an_heir_and_ends_the_session(office: Office) -> None:
    pam, boss = as_(office.pam), as_(office.boss)
    path = f"{PEOPLE}{office.pam.pk}/leaving/"
    assert "leads 1 client, so somebody must take over" in text(boss.get(path))
    assert boss.post(path, {"heir": ""}).status_code == 422
    assert boss.post(path, {"heir": office.pam.pk}).status_code == 422
    assert pam.get(PEOPLE).status_code == 200
    assert boss.post(path, {"heir": office.head.pk})["Location"] == PEOPLE
    assert pam.get(PEOPLE).status_code == 302
    lead = Assignment.objects.get(client=office.halden, until=None, position=Position.LEAD)
    assert lead.member == office.head


def test_the_last_administrator_cannot_go(office: Office) -> None:
    answer = as_(office.boss).post(f"{PEOPLE}{office.boss.pk}/leaving/")
    assert answer.status_code == 422
    assert "only administrator" in text(answer)


def test_absence_is_said_by_oneself_or_by_who_manages_people(office: Office) -> None:
    path = f"{PEOPLE}{office.pam.pk}/absences/"
    away = {"starts_on": "2026-11-23", "ends_on": "2026-11-27", "cover": office.head.pk, "reason": "Lisbon"}
    assert as_(office.pam).post(f"{PEOPLE}{office.head.pk}/absences/", away).status_code == 403
    done = as_(office.pam).post(path, away, follow=True)
    assert "Michael Scott covers for Pam Beesly." in text(done)
    assert "Lisbon" in text(done)
    assert "away until 27 Nov" in text(as_(office.boss).get(PEOPLE))
    again = as_(office.boss).post(path, away)
    assert again.status_code == 422
    assert "already away" in text(again)
    absence = Absence.objects.get()
    cancel = f"{path}{absence.pk}/cancellation/"
    assert (
        as_(office.boss).post(f"{PEOPLE}{office.head.pk}/absences/{absence.pk}/cancellation/").status_code
        == 404
    )
    assert "here after all" in text(as_(office.pam).post(cancel, follow=True))


def test_the_catalogue_shows_every_role_and_capability(office: Office) -> None:
    page = text(as_(office.pam).get("/team/roles/"))
    assert all(role.label in page for role in Role)
    assert all(words.replace("'", "&#x27;") in page for words in CAPABILITY_WORDS.values())


# one's own account

DETAILS = {
    "name": "Pam Halpert",
    "phone": "",
    "country": "GB",
    "zone": "America/New_York",
    "language": "en-gb",
    "weekly_hours": "30",
    "theme": "dark",
    "density": "compact",
    "news": "weekly",
}


def test_ones_own_details_and_looks(office: Office) -> None:
    browser = as_(office.pam)
    assert browser.get("/account/").status_code == 200
    answer = browser.post("/account/", DETAILS)
    assert answer.status_code == 302
    office.pam.refresh_from_db()
    assert (office.pam.name, office.pam.zone, office.pam.shortcuts) == (
        "Pam Halpert",
        "America/New_York",
        False,
    )
    assert {
        name: answer.cookies[f"steadyhand_{name}"].value for name in ("theme", "density", "shortcuts")
    } == {
        "theme": "dark",
        "density": "compact",
        "shortcuts": "off",
    }
    assert 'data-theme="dark"' in text(browser.get("/account/"))
    wrong = browser.post("/account/", DETAILS | {"zone": "Mars/Base"})
    assert wrong.status_code == 422
    assert Event.objects.filter(verb="member.changed").count() == 1


def test_nobody_raises_their_own_role_on_the_way(office: Office) -> None:
    as_(office.pam).post("/account/", DETAILS | {"role": Role.ADMINISTRATOR, "state": "left"})
    office.pam.refresh_from_db()
    assert office.pam.role == Role.MANAGER


def test_a_token_is_shown_once_and_revoked_by_its_owner_only(office: Office) -> None:
    browser = as_(office.pam)
    shown = browser.post("/account/tokens/", {"label": "timesheets", "scope": "read"})
    found = re.search(r"<code>([\w-]{40,})</code>", text(shown))
    assert found
    assert "no-store" in shown["Cache-Control"]
    actor = tokens.actor_for_token(found[1])
    assert actor is not None
    assert not actor.may(Capability.EDIT_CLIENTS)
    assert found[1] not in text(browser.get("/account/"))
    assert "timesheets" in text(browser.get("/account/"))
    token = tokens.tokens_of(office.pam)[0]
    path = f"/account/tokens/{token.pk}/revocation/"
    assert as_(office.boss).post(path).status_code == 404
    assert browser.get(path).status_code == 405
    browser.post(path)
    assert tokens.actor_for_token(found[1]) is None
    assert browser.post("/account/tokens/", {"label": "", "scope": "read"}).status_code == 422
