"""Writing down what was said; moving it along when two clients turn out to be one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from steadyhand.clients.models import Client, Contact
from steadyhand.comms.models import Channel, Direction, Interaction
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.events import Happening
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member


@dataclass(frozen=True, slots=True)
class Said:
    """What was said, before it is written down; `at` is when (aware), `minutes` how long it took."""

    client: Client
    channel: Channel
    at: dt.datetime
    contact: Contact | None = None
    member: Member | None = None
    direction: Direction = Direction.UNKNOWN
    summary: str = ""
    body: str = ""
    outcome: str = ""
    minutes: int | None = None
    source: str = ""


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
    said = Said(client, channel, at, contact, member, direction, summary, body, outcome, minutes, source)
    return log_interactions([said], by=by, batch=batch)[0]


@transaction.atomic
def log_interactions(many: Sequence[Said], *, by: Actor, batch: UUID | None = None) -> list[Interaction]:
    """Several at once; all or none."""
    return log_within(many, by=by, batch=batch)


def log_within(many: Sequence[Said], *, by: Actor, batch: UUID | None = None) -> list[Interaction]:
    """The same for a verb whose transaction is open already: one savepoint less where writing is quick."""
    now = clock.now()
    interactions = [_written(said, now) for said in many]
    if len(interactions) == 1:
        interactions[0].save(force_insert=True)
    else:
        Interaction.objects.bulk_create(interactions, batch_size=500)
    events.record_all((_logged(interaction) for interaction in interactions), by=by, batch=batch)
    return interactions


def _written(said: Said, now: dt.datetime) -> Interaction:
    summary, body = said.summary.strip(), said.body.strip()
    if not summary and not body:
        raise Refusal("Say what it was about.", remedy="One line in the summary is enough.", field="summary")
    if said.contact is not None and said.contact.client_id != said.client.pk:
        raise Refusal(
            f"{said.contact.name} belongs to another client.", remedy="Choose their contact.", field="contact"
        )
    return Interaction(
        client=said.client,
        contact=said.contact,
        member=said.member,
        at=said.at,
        channel=Channel(said.channel),
        direction=Direction(said.direction),
        summary=(summary or body.splitlines()[0])[:300],
        body=body,
        outcome=said.outcome.strip()[:60],
        minutes=said.minutes,
        source=said.source,
        made_at=now,
    )


def _logged(interaction: Interaction) -> Happening:
    return Happening(
        "interaction.logged",
        interaction.client_id,
        interaction,
        data={
            "channel": str(interaction.channel),
            "happened_at": interaction.at,
            "summary": interaction.summary,
            "contact_id": interaction.contact_id,
            "source": interaction.source,
        },
    )


@transaction.atomic
def remove_interactions(ids: Collection[int], *, by: Actor, batch: UUID | None = None) -> int:
    """Remove what was written down by mistake; its event stays. How many there were."""
    found = list(Interaction.objects.filter(pk__in=ids))
    happenings = [
        Happening("interaction.removed", i.client_id, i, data={"summary": i.summary}) for i in found
    ]
    Interaction.objects.filter(pk__in=ids).delete()
    events.record_all(happenings, by=by, batch=batch)
    return len(found)
