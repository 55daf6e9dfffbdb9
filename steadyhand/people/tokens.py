"""API tokens: what a script may do in a member's name, never more than the member."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from enum import StrEnum

from django.db import transaction
from django.db.models import QuerySet

from steadyhand.core import clock, events, grants
from steadyhand.core.actor import Actor
from steadyhand.core.models import Grant, GrantKind
from steadyhand.core.refusals import Refusal
from steadyhand.core.statements import Records, Slot
from steadyhand.people.models import Member, MemberState
from steadyhand.people.roles import READ_ONLY

#: How exact “last used” is; a write at every request would cost more than the request.
USED_WITHIN = dt.timedelta(minutes=5)


class Scope(StrEnum):
    """What a token may do."""

    READ = "read"
    WRITE = "write"


@transaction.atomic
def make_token(member: Member, label: str, scope: str, *, by: Actor) -> tuple[Grant, str]:
    """A token and its secret, which is shown once and never again."""
    name = " ".join(label.split())
    if not name:
        raise Refusal(
            "The token has no name.",
            remedy="Say what will use it, for instance “timesheet export”.",
            field="label",
        )
    if scope not in set(Scope):
        raise Refusal("A token either reads, or reads and writes.", remedy="Choose one.", field="scope")
    grant, secret = grants.issue(
        GrantKind.API, holder_type="member", holder_id=member.pk, label=name[:200], scope=scope
    )
    events.record("member.token_made", by=by, subject=member, label=name, scope=scope)
    return grant, secret


@transaction.atomic
def revoke_token(token: Grant, *, by: Actor) -> None:
    """The token opens nothing from now on."""
    ended = Grant.objects.alive().filter(pk=token.pk, kind=GrantKind.API).update(revoked_at=clock.now())
    if ended:
        events.record("member.token_revoked", by=by, subject=token, label=token.label)


def tokens_of(member: Member) -> QuerySet[Grant]:
    """The member's living tokens, newest first."""
    held = Grant.objects.alive().filter(kind=GrantKind.API, holder_type="member", holder_id=member.pk)
    return held.order_by("-made_at", "-pk")


def actor_for_token(secret: str) -> Actor | None:
    """Who a token acts as; None when it opens nothing."""
    bearer = bearer_of(secret)
    return bearer[1] if bearer else None


def bearer_of(secret: str) -> tuple[Member, Actor] | None:
    """Whose token it is and who it acts as, with a reading one's capabilities cut to looking."""
    grant = grants.find(GrantKind.API, secret)
    if grant is None:
        return None
    member = ACTIVE.one(member=grant.holder_id)
    if member is None:
        return None
    at = clock.now()
    if grant.last_used_at is None or at - grant.last_used_at > USED_WITHIN:
        Grant.objects.filter(pk=grant.pk).update(last_used_at=at)
    actor = member.actor
    if grant.scope != Scope.WRITE:
        actor = replace(actor, capabilities=cut_to_reading(actor))
    return member, actor


ACTIVE = Records(lambda: Member.objects.filter(pk=Slot("member"), state=str(MemberState.ACTIVE)).order_by())


def cut_to_reading(actor: Actor) -> frozenset[str]:
    """Of what an actor may do, that which changes nothing."""
    return frozenset(actor.capabilities) & READ_ONLY
