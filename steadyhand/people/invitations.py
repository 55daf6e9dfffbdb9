"""Links that let somebody in: the invitation to join, and the one-time sign-in.

Mail scanners follow links, so opening one (GET) only looks; acting on it (POST) uses it up. Only a
hash of the secret is stored; a new link revokes the older one of its kind.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction

from steadyhand.core import clock, events, grants, outbox
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency, Grant, GrantKind
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member, MemberState, User

INVITATION_LASTS = dt.timedelta(days=7)
SIGN_IN_LASTS = dt.timedelta(minutes=10)  # ASVS 5.0, 6.5.5

INVITATION_TEXT = """Hello {name},

{inviter} invites you to {agency} on Steadyhand: your clients, what they were promised and when it is due.

Open this page to join. It works once, until {until}:
{link}

If you did not expect this, ignore it; nothing happens until you accept.
"""


class LinkSpent(Refusal):
    """The link was used, replaced, revoked, or is too old."""

    def __init__(self, remedy: str) -> None:
        super().__init__("This link no longer works: it was used, replaced or is too old.", remedy=remedy)


@transaction.atomic
def invite(member: Member, *, by: Actor) -> Grant:
    """Mail the member a link to join with, good for 7 days; an older invitation dies."""
    member = Member.objects.select_for_update().get(pk=member.pk)
    if member.state == MemberState.ACTIVE:
        raise Refusal(f"{member.name} has joined already.", remedy="They can sign in.")
    if member.state == MemberState.LEFT:
        raise Refusal(f"{member.name} has left.", remedy="Take them back first.")
    grants.revoke_all("member", member.pk, GrantKind.INVITATION)
    grant, secret = grants.issue(
        GrantKind.INVITATION, holder_type="member", holder_id=member.pk, lasts=INVITATION_LASTS
    )
    if member.state != MemberState.INVITED:
        member.state = MemberState.INVITED
        member.save(update_fields=["state"])
    agency = Agency.get()
    until = (clock.now() + INVITATION_LASTS).astimezone(clock.zone_info(member.zone))
    outbox.post(
        "invitation",
        member.email,
        f"{by.name} invites you to {agency.name}",
        INVITATION_TEXT.format(
            name=member.name,
            inviter=by.name,
            agency=agency.name,
            until=f"{until:%A} {until.day} {until:%B, %H:%M}",
            link=f"{settings.BASE_URL}/join/{secret}/",
        ),
        safe_to_repeat=True,
    )
    events.record("member.invited", by=by, subject=member, name=member.name)
    return grant


def invited(secret: str) -> Member | None:
    """Whom an invitation is for, as long as it works. Looking uses nothing up."""
    return _holder(grants.find(GrantKind.INVITATION, secret))


@transaction.atomic
def accept(secret: str, *, by: Actor, password: str | None = None) -> User:
    """Join: the member becomes active and can sign in; without a password by code or passkey."""
    member = _use_up(
        GrantKind.INVITATION, secret, LinkSpent("Ask whoever invited you to send a new invitation.")
    )
    return welcome(member, by=by, password=password)


@transaction.atomic
def issue_signin_link(email: str, *, by: Actor) -> str:
    """The path of a page that signs this member in once, within 10 minutes; who is not in yet joins by it."""
    member = Member.objects.here().filter(email=email.strip().lower()).first()
    if member is None:
        raise Refusal(f"There is no member {email}.", remedy="Check the address under Team.", field="email")
    grants.revoke_all("member", member.pk, GrantKind.SIGN_IN)
    _, secret = grants.issue(
        GrantKind.SIGN_IN, holder_type="member", holder_id=member.pk, lasts=SIGN_IN_LASTS
    )
    events.record("member.signin_link_made", by=by, subject=member, name=member.name)
    return f"/sign-in/{secret}/"


def signing_in(secret: str) -> Member | None:
    """Whom a sign-in link is for, as long as it works. Looking uses nothing up."""
    return _holder(grants.find(GrantKind.SIGN_IN, secret))


@transaction.atomic
def use_signin_link(secret: str, *, by: Actor) -> User:
    """Spend the link; the user to sign in."""
    member = _use_up(GrantKind.SIGN_IN, secret, LinkSpent("Sign in another way, or ask for a new link."))
    if member.state == MemberState.ACTIVE and member.user is not None:
        return member.user
    return welcome(member, by=by)


def _holder(grant: Grant | None) -> Member | None:
    if grant is None or grant.holder_type != "member":
        return None
    return Member.objects.here().select_related("user").filter(pk=grant.holder_id).first()


def _use_up(kind: GrantKind, secret: str, refusal: LinkSpent) -> Member:
    grant = grants.find(kind, secret)
    member = _holder(grant)
    if grant is None or member is None or not grants.use_up(grant):
        raise refusal
    return member


@transaction.atomic
def welcome(member: Member, *, by: Actor, password: str | None = None) -> User:
    """Let a member in: they are active, and can sign in from now on."""
    user = member.user or User.objects.filter(email=member.email).first()
    if user is None:
        user = User.objects.create_user(member.email, password)
    else:
        user.is_active = True
        user.set_password(password)
        user.save(update_fields=["is_active", "password"])
    member.user, member.state = user, MemberState.ACTIVE
    member.save(update_fields=["user", "state"])
    grants.revoke_all("member", member.pk, GrantKind.INVITATION)
    events.record("member.joined", by=by, subject=member, name=member.name)
    return user
