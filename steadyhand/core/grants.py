"""Making, opening and revoking links."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from steadyhand.core import clock
from steadyhand.core.models.grant import Grant, GrantKind, digest_of, new_secret
from steadyhand.core.statements import Records, Slot


def issue(
    kind: GrantKind,
    *,
    holder_type: str,
    holder_id: int,
    lasts: dt.timedelta | None = None,
    label: str = "",
    scope: str = "",
) -> tuple[Grant, str]:
    """A new grant and its secret. The secret is shown once and never stored."""
    secret = new_secret()
    made = clock.now()
    grant = Grant.objects.create(
        kind=kind,
        digest=digest_of(secret),
        holder_type=holder_type,
        holder_id=holder_id,
        label=label,
        scope=scope,
        made_at=made,
        expires_at=made + lasts if lasts else None,
    )
    return grant, secret


def find(kind: GrantKind, secret: str) -> Grant | None:
    """The living grant this secret opens, or None. Looking never uses it up."""
    return LIVING.one(now=clock.now(), kind=str(kind), digest=digest_of(secret))


LIVING = Records(
    lambda: Grant.objects.alive(Slot("now")).filter(kind=Slot("kind"), digest=Slot("digest")).order_by()
)


@transaction.atomic
def use_up(grant: Grant) -> bool:
    """Spend a grant that works once; False when somebody was faster."""
    at = clock.now()
    return Grant.objects.alive(at).filter(pk=grant.pk).update(used_at=at, last_used_at=at) == 1


def revoke_all(holder_type: str, holder_id: int, *kinds: GrantKind) -> int:
    """Revoke every living grant of a holder (of these kinds, or all); how many there were."""
    living = Grant.objects.alive().filter(holder_type=holder_type, holder_id=holder_id)
    if kinds:
        living = living.filter(kind__in=kinds)
    return living.update(revoked_at=clock.now())
