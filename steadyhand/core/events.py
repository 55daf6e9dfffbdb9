"""The event log: one row for each business act, written in the act's own transaction.

A higher room hears of an event by *reacting*: its function runs in the same transaction and may
touch the database only. Rooms register their reactions in their `apps.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction

from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.models.event import Audience, Event

Reaction = Callable[[Event], None]
_reactions: dict[str, list[Reaction]] = defaultdict(list)


def record(
    verb: str,
    *,
    by: Actor,
    client_id: int | None = None,
    subject: models.Model | None = None,
    audience: Audience = Audience.TEAM,
    batch: UUID | None = None,
    at: datetime | None = None,
    **data: Any,
) -> Event:
    """Write down that something happened, and let the rooms above react.

    `verb` is “noun.past” (`client.ended`); `data` is what changed, as JSON. Must be called inside
    the act's transaction: an event without its act, or an act without its event, is a lie.
    """
    assert transaction.get_connection().in_atomic_block, f"{verb} was recorded outside a transaction"  # noqa: S101
    event = Event.objects.create(
        at=at or clock.now(),
        verb=verb,
        actor_kind=str(by.kind),
        actor_id=by.id,
        actor_name=by.name,
        client_id=client_id,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        audience=audience,
        batch=batch,
        data=data,
    )
    for reaction in (*_reactions[verb], *_reactions[f"{verb.split('.', 1)[0]}.*"]):
        reaction(event)
    return event


def react(*verbs: str) -> Callable[[Reaction], Reaction]:
    """Run the decorated function for these verbs (`client.*` for all of a noun), in the act's transaction."""

    def register(reaction: Reaction) -> Reaction:
        for verb in verbs:
            if reaction not in _reactions[verb]:
                _reactions[verb].append(reaction)
        return reaction

    return register
