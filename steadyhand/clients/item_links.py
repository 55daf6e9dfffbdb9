"""Links that let a contact open one thing of their client's without an account (MISSION F1).

An item is named by kind and number (“agreement:12”). The link shows on GET and acts on POST; it expires,
can be revoked, and is stored hashed. What it opens still asks whether the thing is shared with them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction

from steadyhand.clients.models import Contact
from steadyhand.core import clock, events, grants, outbox
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.core.models.grant import Grant, GrantKind, digest_of
from steadyhand.core.refusals import Refusal

#: Where a link leads; the portal answers there.
ADDRESS = "/portal/open/{secret}/"
LASTS = dt.timedelta(days=30)
HOLDER = "contact"

FRESH = """Hello {name},

here is the new link you asked {agency} for. It opens one page, for 30 days:
{link}

If you did not ask for it, ignore this mail.
"""


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


def spent_link(secret: str) -> Grant | None:
    """A link that has only grown too old; None for one that was shut, still works, or that nobody made."""
    found = Grant.objects.filter(kind=GrantKind.ITEM, digest=digest_of(secret), revoked_at=None, used_at=None)
    return found.filter(expires_at__lte=clock.now()).first()


@transaction.atomic
def renew_link(spent: Grant, contact: Contact, *, by: Actor) -> Grant:
    """Mail a new link in place of one that grew too old, to the address of whom it was for."""
    kind, _, pk = spent.scope.partition(":")
    grant, path = issue_link(contact, kind, int(pk), by=by)
    outbox.post(
        "fresh-link",
        contact.email,
        "Your new link",
        FRESH.format(name=contact.name, agency=Agency.get().name, link=f"{settings.BASE_URL}{path}"),
        safe_to_repeat=True,
        client_id=contact.client_id,
    )
    return grant


def living_links(numbers: Iterable[int]) -> list[Grant]:
    """Those of these links that still open something. One query."""
    return list(Grant.objects.alive(clock.now()).filter(kind=GrantKind.ITEM, pk__in=numbers))


def contact_of(grant: Grant) -> Contact | None:
    """Whose link it is; None for somebody who is not a contact, or is none any more."""
    if grant.holder_type != HOLDER:
        return None
    return Contact.objects.select_related("client").filter(pk=grant.holder_id).first()


@transaction.atomic
def revoke_links(contact: Contact, *, by: Actor, kind: str = "", pk: int | None = None) -> int:
    """Shut this contact's links (to one item, or all); how many there were."""
    shut = shut_links([contact.pk], f"{kind}:{pk}" if kind else "")
    if shut:
        events.record("links.revoked", by=by, client_id=contact.client_id, subject=contact, count=shut)
    return shut


def shut_links(contacts: Iterable[int], item: str = "") -> int:
    """Part of a larger act: the living links of these contacts (to one item, or all) open nothing more."""
    now = clock.now()
    living = Grant.objects.alive(now).filter(
        kind=GrantKind.ITEM, holder_type=HOLDER, holder_id__in=list(contacts)
    )
    if item:
        living = living.filter(scope=item)
    return living.update(revoked_at=now)
