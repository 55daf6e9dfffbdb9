"""A prospect becomes a client."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from steadyhand.clients.models import Client, Stage
from steadyhand.core import events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal


@transaction.atomic
def win_client(client: Client, *, by: Actor, batch: UUID | None = None) -> Client:
    """The prospect bought something: from now on they are in the book and are planned for."""
    client = Client.objects.select_for_update().get(pk=client.pk)
    if client.stage == Stage.LIVE:
        return client
    if client.stage != Stage.PROSPECT:
        raise Refusal(f"{client.name} is not a prospect.", remedy="Choose a prospect.")
    client.stage = Stage.LIVE
    client.save(update_fields=["stage"])
    events.record("client.won", by=by, client_id=client.pk, subject=client, batch=batch, name=client.name)
    return client


@transaction.atomic
def unwin_client(client: Client, *, by: Actor, batch: UUID | None = None) -> Client:
    """They bought nothing after all: a prospect again. Refuses while they have engagements."""
    client = Client.objects.select_for_update().get(pk=client.pk)
    if client.stage != Stage.LIVE or client.engagements.exists():
        raise Refusal(f"{client.name} has engagements.", remedy="End the client instead.")
    client.stage = Stage.PROSPECT
    client.save(update_fields=["stage"])
    events.record("client.unwon", by=by, client_id=client.pk, subject=client, batch=batch, name=client.name)
    return client
