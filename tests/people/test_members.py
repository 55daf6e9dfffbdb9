"""Joining, changing, being away and leaving; the catalogue of roles."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from steadyhand.clients import book, leaving, team
from steadyhand.clients.models import Assignment, Client, Position
from steadyhand.core import agency, grants
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency, Event, GrantKind
from steadyhand.core.refusals import Refusal
from steadyhand.people import members
from steadyhand.people.models import Absence, Member, MemberState, User
from steadyhand.people.roles import (
    CAPABILITY_WORDS,
    CATALOGUE,
    Capability,
    Role,
    capabilities_of,
    roles_with,
)

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")


@pytest.fixture(autouse=True)
def _agency() -> None:
    agency.found(by=SYSTEM, name="Dunder")


def add(name: str, role: str = Role.MANAGER) -> Member:
    return members.add_member(f"{name}@dunder.test", by=SYSTEM, role=role)


def test_fifteen_roles_each_with_something_to_do_and_every_capability_in_words() -> None:
    assert len(Role) == 15
    assert set(CATALOGUE) == set(Role)
    assert all(CATALOGUE.values())
    assert set(CAPABILITY_WORDS) == set(Capability)


def test_what_roles_may_do() -> None:
    assert capabilities_of(Role.ADMINISTRATOR) == frozenset(Capability)
    assert capabilities_of("juggler") == frozenset()
    assert Role.ADMINISTRATOR in roles_with(Capability.MANAGE_SETTINGS)
    assert Role.EXECUTIVE not in roles_with(Capability.PUBLISH_PLAYBOOK, Capability.MANAGE_PEOPLE)
    higher = [Role.EXECUTIVE, Role.MANAGER, Role.SENIOR_MANAGER, Role.DIRECTOR, Role.HEAD]
    for junior, senior in pairwise(higher):
        assert CATALOGUE[junior] <= CATALOGUE[senior], f"{senior} may do less than {junior}"


def test_an_address_is_one_member_and_gives_a_name() -> None:
    pam = members.add_member("  Pam.Beesly@Dunder.test ", by=SYSTEM)
    assert (pam.email, pam.name, pam.state) == ("pam.beesly@dunder.test", "Pam Beesly", "not_invited")
    with pytest.raises(Refusal, match="already a member"):
        members.add_member("PAM.beesly@dunder.test", by=SYSTEM)
    with pytest.raises(Refusal, match="not an e-mail"):
        members.add_member("pam", by=SYSTEM)


def test_the_last_administrator_stays_and_stays_one() -> None:
    boss = add("boss", Role.ADMINISTRATOR)
    with pytest.raises(Refusal, match="only administrator"):
        members.leave(boss, by=SYSTEM)
    with pytest.raises(Refusal, match="only administrator"):
        members.change_role(boss, Role.MANAGER, by=SYSTEM)
    add("second", Role.ADMINISTRATOR)
    assert members.change_role(boss, Role.MANAGER, by=SYSTEM).role == Role.MANAGER


def test_an_unknown_zone_is_refused_and_nothing_is_changed() -> None:
    pam = add("pam")
    with pytest.raises(Refusal, match="time zone"):
        members.change_member(pam, by=pam.actor, name="Other", zone="Mars/Base")
    pam.refresh_from_db()
    assert pam.name == "Pam"
    with pytest.raises(Refusal, match="cannot be changed"):
        members.change_member(pam, by=pam.actor, role="administrator")


def test_absences_do_not_overlap_nor_lean_on_somebody_away() -> None:
    pam, jim, ola = add("pam"), add("jim"), add("ola")
    monday = dt.date(2026, 11, 23)
    away = members.go_absent(pam, monday, monday + dt.timedelta(4), jim, by=SYSTEM)
    for who, cover, first in [(pam, ola, 4), (jim, pam, 2), (ola, pam, 0)]:
        with pytest.raises(Refusal, match="Pam is already away"):
            members.go_absent(who, monday + dt.timedelta(first), monday + dt.timedelta(9), cover, by=SYSTEM)
    with pytest.raises(Refusal, match="ends before"):
        members.go_absent(ola, monday, monday - dt.timedelta(1), jim, by=SYSTEM)
    with pytest.raises(Refusal, match="themselves"):
        members.go_absent(ola, monday, monday, ola, by=SYSTEM)
    members.cancel_absence(away, by=SYSTEM)
    members.cancel_absence(away, by=SYSTEM)
    assert Event.objects.filter(verb="member.absence_cancelled").count() == 1
    members.go_absent(ola, monday, monday, pam, by=SYSTEM)


def test_leaving_ends_every_way_in_and_can_be_taken_back() -> None:
    pam = add("pam")
    pam.user = User.objects.create_user(pam.email, "a long enough one")
    pam.state = MemberState.ACTIVE
    pam.save()
    for kind in GrantKind:
        grants.issue(kind, holder_type="member", holder_id=pam.pk)
    before = pam.user.get_session_auth_hash()
    members.leave(pam, by=SYSTEM)
    members.leave(pam, by=SYSTEM)
    user = User.objects.get()
    assert not user.is_active
    assert not user.check_password("a long enough one")
    assert user.get_session_auth_hash() != before
    assert grants.revoke_all("member", pam.pk) == 0
    assert Event.objects.filter(verb="member.left").count() == 1
    assert members.come_back(Member.objects.get(), by=SYSTEM).state == MemberState.NOT_INVITED


def test_signing_out_everywhere_ends_sessions_and_keeps_the_password() -> None:
    pam = add("pam")
    pam.user = User.objects.create_user(pam.email, "a long enough one")
    pam.save()
    before = pam.user.get_session_auth_hash()
    members.sign_out_everywhere(pam, by=pam.actor)
    user = User.objects.get()
    assert user.get_session_auth_hash() != before
    assert user.check_password("a long enough one")


def test_a_leaver_hands_over_every_client_or_stays() -> None:
    pam, jim = add("pam"), add("jim")
    halden = book.add_client("Halden", by=SYSTEM)
    team.assign(halden, pam, Position.LEAD, by=SYSTEM)
    with pytest.raises(Refusal, match="leads 1 client"):
        leaving.leave(pam, None, by=SYSTEM)
    pam.refresh_from_db()
    assert pam.state != MemberState.LEFT
    with pytest.raises(Refusal, match="colleague who stays"):
        leaving.leave(pam, pam, by=SYSTEM)
    assert leaving.leave(pam, jim, by=SYSTEM) == 1
    assert Assignment.objects.get(client=halden, until=None, position=Position.LEAD).member == jim
    assert not Client.objects.visible_to(pam.actor).exists()


def test_who_counted_on_a_leaver_is_covered_by_the_heir() -> None:
    pam, jim, ola = add("pam"), add("jim"), add("ola")
    today = Agency.get().today()
    members.go_absent(pam, today - dt.timedelta(7), today + dt.timedelta(7), jim, by=SYSTEM)
    leaving.leave(jim, ola, by=SYSTEM)
    living = Absence.objects.get(cancelled_at=None)
    assert (living.member, living.cover, living.starts_on) == (pam, ola, today)
    members.leave(ola, by=SYSTEM)
    members.pass_on_covers(ola, None, by=SYSTEM)
    assert not Absence.objects.filter(cancelled_at=None).exists()


def test_an_heir_who_is_away_covers_for_nobody() -> None:
    pam, jim, ola, tom = add("pam"), add("jim"), add("ola"), add("tom")
    today = Agency.get().today()
    members.go_absent(pam, today, today, jim, by=SYSTEM)
    members.go_absent(ola, today, today, tom, by=SYSTEM)
    leaving.leave(jim, ola, by=SYSTEM)
    assert Absence.objects.get(cancelled_at=None).member == ola
