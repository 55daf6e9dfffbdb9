"""Links that let a contact open one thing of their client's without an account (MISSION F1).

An item is named by kind and number (“agreement:12”). The link shows on GET and acts on POST; it expires,
can be revoked, and is stored hashed. What it opens still asks whether the thing is shared with them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from steadyhand.clients.models import Contact
from steadyhand.core import clock, events, grants
from steadyhand.core.actor import Actor
from steadyhand.core.models.grant import Grant, GrantKind
from steadyhand.core.refusals import Refusal

#: Where a link leads; the portal answers there.
ADDRESS = "/portal/open/{secret}/"
LASTS = dt.timedelta(days=30)
HOLDER = "contact"


@transaction.atomic
def issue_link(
    contact: Contact, kind: str, pk: int, *, by: Actor, lasts: dt.timedelta = LASTS
) -> tuple[Grant, str]:
    """A new link for a contact to one item; the grant, and the path, whose secret is told only now."""
    if contact.left_on is not None:
        raise Refusal(f"{contact.name} has left.", remedy="Send it to somebody who is still there.")
    item = f"{kind}:{pk}"
    grant, secret = grants.issue(
        GrantKind.ITEM, holder_type=HOLDER, holder_id=contact.pk, lasts=lasts, label=contact.name, scope=item
    )
    events.record(
        "link.issued", by=by, client_id=contact.client_id, subject=contact, item=item, name=contact.name
    )
    return grant, ADDRESS.format(secret=secret)


def find_link(secret: str) -> Grant | None:
    """The living link of this secret, or None."""
    return grants.find(GrantKind.ITEM, secret)


def living_links(numbers: Iterable[int]) -> list[Grant]:
    """Those of these links that still open something. One query."""
    return list(Grant.objects.alive(clock.now()).filter(kind=GrantKind.ITEM, pk__in=numbers))


@transaction.atomic
def revoke_links(contact: Contact, *, by: Actor, kind: str = "", pk: int | None = None) -> int:
    """Shut this contact's links (to one item, or all); how many there were."""
    living = Grant.objects.alive(clock.now()).filter(
        kind=GrantKind.ITEM, holder_type=HOLDER, holder_id=contact.pk
    )
    if kind:
        living = living.filter(scope=f"{kind}:{pk}")
    shut = living.update(revoked_at=clock.now())
    if shut:
        events.record("links.revoked", by=by, client_id=contact.client_id, subject=contact, count=shut)
    return shut
