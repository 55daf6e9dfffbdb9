"""Calendar feeds: a secret address for a member or a client, made, renewed and revoked (S4).

The secret is a `Grant`: only its digest is stored, so it is shown once. What the address gives is
written in `feed_file`.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from steadyhand.clients.models import Client, Stage
from steadyhand.core import clock, events, grants
from steadyhand.core.actor import Actor
from steadyhand.core.models import Audience, Grant, GrantKind
from steadyhand.core.models.grant import digest_of
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member, MemberState
from steadyhand.people.roles import Capability

Holder = Member | Client

#: How exact “last fetched” is; calendar programs fetch often.
FETCHED_WITHIN = dt.timedelta(hours=1)


@transaction.atomic
def open_feed(holder: Holder, *, by: Actor) -> str:
    """Make the feed; its secret, which is shown once. Refuses where there is one: renew it instead."""
    _allow(holder, by)
    _refuse_gone(holder)
    if feed_of(holder) is not None:
        raise Refusal(
            f"{holder.name} has a calendar feed already.",
            remedy="Renew it for a new address; the old one stops working.",
        )
    return _issue(holder, "feed.opened", by)


@transaction.atomic
def renew(holder: Holder, *, by: Actor) -> str:
    """A new secret; the old address is gone from now on."""
    _allow(holder, by)
    _refuse_gone(holder)
    if not grants.revoke_all(_type(holder), holder.pk, GrantKind.FEED):
        raise Refusal(f"{holder.name} has no calendar feed to renew.", remedy="Make one.")
    return _issue(holder, "feed.renewed", by)


@transaction.atomic
def revoke(holder: Holder, *, by: Actor) -> None:
    """The address gives nothing from now on."""
    _allow(holder, by)
    if not grants.revoke_all(_type(holder), holder.pk, GrantKind.FEED):
        raise Refusal(f"{holder.name} has no calendar feed.", remedy="There is nothing to revoke.")
    _record("feed.revoked", holder, by)


def feed_of(holder: Holder) -> Grant | None:
    """The living feed of a member or client."""
    held = Grant.objects.alive().filter(kind=GrantKind.FEED, holder_type=_type(holder), holder_id=holder.pk)
    return held.first()


def grant_of(secret: str) -> Grant | None:
    """The feed this secret was made for, also when it has been revoked; None for one nobody made.

    Looked up by digest, so the time it takes says nothing about the secret.
    """
    return Grant.objects.filter(kind=GrantKind.FEED, digest=digest_of(secret)).first()


def holder_of(grant: Grant) -> Holder | None:
    """Whose feed it is; None when it was revoked, or when they have left or ended."""
    if grant.revoked_at is not None:
        return None
    if grant.holder_type == "member":
        return Member.objects.here().filter(pk=grant.holder_id).first()
    return Client.objects.live().filter(pk=grant.holder_id).first()


def note_fetched(grant: Grant) -> None:
    """Remember that a calendar program still asks; at most once an hour."""
    at = clock.now()
    if grant.last_used_at is None or at - grant.last_used_at > FETCHED_WITHIN:
        Grant.objects.filter(pk=grant.pk).update(last_used_at=at)


def _allow(holder: Holder, by: Actor) -> None:
    if isinstance(holder, Member):
        if by.is_system or by.member_id == holder.pk or by.may(Capability.MANAGE_PEOPLE):
            return
        raise Refusal("A calendar feed belongs to its member alone.", remedy="Ask them to do it.")
    if not by.may(Capability.EDIT_CLIENTS):
        raise Refusal("Your role does not share calendars with clients.", remedy="Ask the client's lead.")


def _refuse_gone(holder: Holder) -> None:
    if isinstance(holder, Member):
        if holder.state == MemberState.LEFT:
            raise Refusal(f"{holder.name} has left.", remedy="Only colleagues who are here have a feed.")
    elif holder.stage != Stage.LIVE:
        raise Refusal(f"{holder.name} is not a live client.", remedy="Only live clients have a feed.")


def _issue(holder: Holder, verb: str, by: Actor) -> str:
    _, secret = grants.issue(
        GrantKind.FEED, holder_type=_type(holder), holder_id=holder.pk, label=holder.name[:200]
    )
    _record(verb, holder, by)
    return secret


def _record(verb: str, holder: Holder, by: Actor) -> None:
    is_client = isinstance(holder, Client)
    events.record(
        verb,
        by=by,
        client_id=holder.pk if is_client else None,
        subject=holder,
        audience=Audience.TEAM if is_client else Audience.PEOPLE,
        name=holder.name,
    )


def _type(holder: Holder) -> str:
    return "client" if isinstance(holder, Client) else "member"
