"""Links that let somebody in, and API tokens."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine

from steadyhand.core import agency, clock
from steadyhand.core.actor import Actor
from steadyhand.core.models import Event, Grant, OutboxMessage
from steadyhand.core.refusals import Refusal
from steadyhand.people import first_run, invitations, members, tokens
from steadyhand.people.models import Member, MemberState, User
from steadyhand.people.roles import Capability, Role

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")
PASSWORD = "nineteen purple boats"


@pytest.fixture
def pam() -> Member:
    agency.found(by=SYSTEM, name="Dunder")
    return members.add_member("pam@dunder.test", by=SYSTEM, role=Role.HEAD)


def secret_in(message: OutboxMessage) -> str:
    found = re.search(r"/join/([\w-]+)/", message.text)
    assert found, message.text
    return found[1]


def last_secret() -> str:
    return secret_in(OutboxMessage.objects.latest("pk"))


def test_an_invitation_is_looked_at_often_and_accepted_once(pam: Member) -> None:
    invitations.invite(pam, by=SYSTEM)
    secret = last_secret()
    assert not Grant.objects.filter(digest=secret).exists()
    for _ in range(6):
        assert invitations.invited(secret) == pam
    user = invitations.accept(secret, by=pam.actor, password=PASSWORD)
    pam.refresh_from_db()
    assert (pam.user, pam.state) == (user, MemberState.ACTIVE)
    assert user.check_password(PASSWORD)
    assert invitations.invited(secret) is None
    with pytest.raises(invitations.LinkSpent):
        invitations.accept(secret, by=pam.actor)
    assert Event.objects.filter(verb="member.joined").count() == 1
    with pytest.raises(Refusal, match="joined already"):
        invitations.invite(pam, by=SYSTEM)


def test_a_new_invitation_ends_the_old_one(pam: Member) -> None:
    invitations.invite(pam, by=SYSTEM)
    first = last_secret()
    invitations.invite(pam, by=SYSTEM)
    assert invitations.invited(first) is None
    assert invitations.invited(last_secret()) == pam


def test_links_age(pam: Member) -> None:
    path = invitations.issue_signin_link(" PAM@dunder.test", by=SYSTEM)
    invitations.invite(pam, by=SYSTEM)
    sign_in, join = path.split("/")[2], last_secret()
    with time_machine.travel(clock.now() + dt.timedelta(minutes=10, seconds=1)):
        assert invitations.signing_in(sign_in) is None
        assert invitations.invited(join) == pam
    with time_machine.travel(clock.now() + dt.timedelta(days=7, seconds=1)):
        assert invitations.invited(join) is None


def test_a_leaver_is_let_in_by_nothing(pam: Member) -> None:
    invitations.invite(pam, by=SYSTEM)
    path = invitations.issue_signin_link(pam.email, by=SYSTEM)
    members.leave(pam, by=SYSTEM)
    assert invitations.invited(last_secret()) is None
    with pytest.raises(invitations.LinkSpent):
        invitations.use_signin_link(path.split("/")[2], by=pam.actor)
    with pytest.raises(Refusal, match="no member"):
        invitations.issue_signin_link(pam.email, by=SYSTEM)
    with pytest.raises(Refusal, match="has left"):
        invitations.invite(pam, by=SYSTEM)


def test_one_kind_of_link_does_not_open_another_door(pam: Member) -> None:
    secret = invitations.issue_signin_link(pam.email, by=SYSTEM).split("/")[2]
    assert invitations.invited(secret) is None
    with pytest.raises(invitations.LinkSpent):
        invitations.accept(secret, by=pam.actor)
    assert tokens.actor_for_token(secret) is None


def test_a_signin_link_signs_in_once_and_leaves_the_password_alone(pam: Member) -> None:
    assert first_run.is_needed()
    first = invitations.issue_signin_link(pam.email, by=SYSTEM).split("/")[2]
    user = invitations.use_signin_link(first, by=pam.actor)
    assert not first_run.is_needed()
    user.set_password(PASSWORD)
    user.save()
    second = invitations.issue_signin_link(pam.email, by=SYSTEM).split("/")[2]
    assert invitations.use_signin_link(second, by=pam.actor) == user
    assert User.objects.get().check_password(PASSWORD)
    with pytest.raises(invitations.LinkSpent):
        invitations.use_signin_link(second, by=pam.actor)


def test_who_comes_back_needs_a_new_invitation(pam: Member) -> None:
    invitations.invite(pam, by=SYSTEM)
    invitations.accept(last_secret(), by=pam.actor, password=PASSWORD)
    members.leave(pam, by=SYSTEM)
    members.come_back(pam, by=SYSTEM)
    assert not User.objects.get().is_active
    invitations.invite(pam, by=SYSTEM)
    user = invitations.accept(last_secret(), by=pam.actor)
    assert user.is_active
    assert not user.has_usable_password()


def test_the_invitation_mail_may_be_repeated_and_cannot_be_forged(pam: Member) -> None:
    boss = Actor.system("Eve\r\nBcc: all@evil.test")
    invitations.invite(pam, by=boss)
    mail = OutboxMessage.objects.get()
    assert mail.safe_to_repeat
    assert "\n" not in mail.subject


def join(pam: Member) -> Member:
    invitations.invite(pam, by=SYSTEM)
    invitations.accept(last_secret(), by=pam.actor)
    pam.refresh_from_db()
    return pam


def test_a_token_acts_as_its_owner_or_only_looks(pam: Member) -> None:
    join(pam)
    _, write = tokens.make_token(pam, "timesheets", "write", by=pam.actor)
    reading, read = tokens.make_token(pam, "dashboard", "read", by=pam.actor)
    assert tokens.actor_for_token(write) == pam.actor
    actor = tokens.actor_for_token(read)
    assert actor is not None
    assert actor.may(Capability.SEE_ALL_CLIENTS)
    assert not any(actor.may(c) for c in (Capability.IMPORT, Capability.EDIT_CLIENTS, Capability.EXPORT))
    assert [t.label for t in tokens.tokens_of(pam)] == ["dashboard", "timesheets"]
    assert tokens.tokens_of(pam)[0].last_used_at is not None
    tokens.revoke_token(reading, by=pam.actor)
    assert tokens.actor_for_token(read) is None
    assert tokens.actor_for_token("made up") is None


def test_a_token_dies_with_its_owner_and_follows_their_role(pam: Member) -> None:
    join(pam)
    _, secret = tokens.make_token(pam, "timesheets", "write", by=pam.actor)
    members.change_role(pam, Role.EXECUTIVE, by=SYSTEM)
    actor = tokens.actor_for_token(secret)
    assert actor is not None
    assert not actor.may(Capability.SEE_ALL_CLIENTS)
    members.leave(pam, by=SYSTEM)
    assert tokens.actor_for_token(secret) is None


def test_a_token_needs_a_name_and_a_known_scope(pam: Member) -> None:
    with pytest.raises(Refusal, match="no name"):
        tokens.make_token(pam, "  ", "read", by=SYSTEM)
    with pytest.raises(Refusal, match="reads"):
        tokens.make_token(pam, "x", "everything", by=SYSTEM)
