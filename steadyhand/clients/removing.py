"""Removing what was never more than an import: undone, it leaves its events and nothing else.

Whoever leaves as a client is *ended* (`book.end_client`), never removed.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import models, transaction

from steadyhand.clients.models import Client, Contact, Engagement
from steadyhand.clients.portal_access import shut_out
from steadyhand.core import events, grants
from steadyhand.core.actor import Actor
from steadyhand.core.events import Happening


@transaction.atomic
def remove_clients(ids: Collection[int], *, by: Actor, batch: UUID | None = None) -> int:
    """Remove these clients with everything of theirs; how many there were."""
    clients = list(Client.objects.filter(pk__in=ids))
    happenings = [Happening("client.removed", c.pk, c, data={"name": c.name, "ref": c.ref}) for c in clients]
    events.record_all(happenings, by=by, batch=batch)
    for client in clients:
        grants.revoke_all("client", client.pk)
    shut_out(Contact.objects.filter(client__in=ids))
    Client.objects.filter(pk__in=ids).delete()
    return len(clients)


@transaction.atomic
def remove_engagements(ids: Collection[int], *, by: Actor, batch: UUID | None = None) -> int:
    """Remove these engagements with what is owed on them; how many there were."""
    engagements = Engagement.objects.filter(pk__in=ids)
    return _remove(engagements, "engagement.removed", by, batch, "title")


@transaction.atomic
def remove_contacts(ids: Collection[int], *, by: Actor, batch: UUID | None = None) -> int:
    """Remove these contacts; what was said to them stays with the client. How many there were."""
    contacts = Contact.objects.filter(pk__in=ids)
    shut_out(contacts)
    return _remove(contacts, "contact.removed", by, batch, "name")


def _remove[Row: (Engagement, Contact)](
    rows: models.QuerySet[Row], verb: str, by: Actor, batch: UUID | None, called: str
) -> int:
    found = list(rows)
    happenings = [Happening(verb, r.client_id, r, data={called: getattr(r, called)}) for r in found]
    rows.delete()
    events.record_all(happenings, by=by, batch=batch)
    return len(found)
