"""Writing down what was said; moving it along when two clients turn out to be one."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from steadyhand.clients.models import Client, Contact
from steadyhand.comms.models import Channel, Direction, Interaction
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member


@transaction.atomic
def log_interaction(
    client: Client,
    channel: Channel,
    *,
    by: Actor,
    at: dt.datetime,
    contact: Contact | None = None,
    member: Member | None = None,
    direction: Direction = Direction.UNKNOWN,
    summary: str = "",
    body: str = "",
    outcome: str = "",
    minutes: int | None = None,
    source: str = "",
    batch: UUID | None = None,
) -> Interaction:
    """A call, e-mail, meeting or note that happened at `at` (aware); `minutes` is how long it took.

    The event stands in the timeline at the time it is written; when it happened is in its data.
    """
    if not summary.strip() and not body.strip():
        raise Refusal("Say what it was about.", remedy="One line in the summary is enough.", field="summary")
    if contact is not None and contact.client_id != client.pk:
        raise Refusal(
            f"{contact.name} belongs to another client.", remedy="Choose their contact.", field="contact"
        )
    interaction = Interaction.objects.create(
        client=client,
        contact=contact,
        member=member,
        at=at,
        channel=Channel(channel),
        direction=Direction(direction),
        summary=(summary.strip() or body.strip().splitlines()[0])[:300],
        body=body.strip(),
        outcome=outcome.strip()[:60],
        minutes=minutes,
        source=source,
        made_at=clock.now(),
    )
    events.record(
        "interaction.logged",
        by=by,
        client_id=client.pk,
        subject=interaction,
        batch=batch,
        channel=str(interaction.channel),
        happened_at=at,
        summary=interaction.summary,
        contact=contact.name if contact else "",
        source=source,
    )
    return interaction


def follow_merge(event: Event) -> None:
    """Two clients became one: what was said to the husk was said to the one that stays."""
    Interaction.objects.filter(client_id=event.data["husk_id"]).update(client_id=event.client_id)
