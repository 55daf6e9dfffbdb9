"""The event log: one row for each business act, written in the act's own transaction.

A higher room hears of an event by *reacting*: its function runs in the same transaction and may
touch the database only. Rooms register their reactions in their `reactions.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction

from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.models.event import Audience, Event

Reaction = Callable[[Event], None]
BulkReaction = Callable[[list[Event]], None]
_reactions: dict[str, list[Reaction]] = defaultdict(list)
_bulk_reactions: dict[str, list[BulkReaction]] = defaultdict(list)


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
    happening = Happening(verb, client_id=client_id, subject=subject, audience=audience, data=data)
    return record_all([happening], by=by, batch=batch, at=at)[0]


@dataclass(frozen=True, slots=True)
class Happening:
    """What a bulk act did to one thing, before it is written down."""

    verb: str
    client_id: int | None = None
    subject: models.Model | None = None
    audience: Audience = Audience.TEAM
    data: dict[str, Any] = field(default_factory=dict)


def record_all(
    happenings: Iterable[Happening], *, by: Actor, batch: UUID | None = None, at: datetime | None = None
) -> list[Event]:
    """Write down what a bulk act did, one event for each thing it touched, and let the rooms above react."""
    assert transaction.get_connection().in_atomic_block, "an event was recorded outside a transaction"  # noqa: S101
    moment = at or clock.now()
    events = [
        Event(
            at=moment,
            verb=happening.verb,
            actor_kind=str(by.kind),
            actor_id=by.id,
            actor_name=by.name,
            client_id=happening.client_id,
            subject_type=happening.subject._meta.label_lower if happening.subject is not None else "",
            subject_id=happening.subject.pk if happening.subject is not None else None,
            audience=happening.audience,
            batch=batch,
            data=happening.data,
        )
        for happening in happenings
    ]
    if len(events) == 1:
        events[0].save(force_insert=True)
    else:
        Event.objects.bulk_create(events, batch_size=500)
    _let_react(events)
    return events


def _let_react(events: list[Event]) -> None:
    in_bulk: dict[BulkReaction, list[Event]] = defaultdict(list)
    for event in events:
        for names in (event.verb, f"{event.verb.split('.', 1)[0]}.*"):
            for reaction in _reactions[names]:
                reaction(event)
            for bulk_reaction in _bulk_reactions[names]:
                in_bulk[bulk_reaction].append(event)
    for bulk_reaction, its_events in in_bulk.items():
        bulk_reaction(its_events)


def react(*verbs: str) -> Callable[[Reaction], Reaction]:
    """Run the decorated function for these verbs (`client.*` for all of a noun), in the act's transaction."""

    def register(reaction: Reaction) -> Reaction:
        for verb in verbs:
            if reaction not in _reactions[verb]:
                _reactions[verb].append(reaction)
        return reaction

    return register


def react_in_bulk(*verbs: str) -> Callable[[BulkReaction], BulkReaction]:
    """Like `react`, for a function that takes all the events of one act in a list."""

    def register(reaction: BulkReaction) -> BulkReaction:
        for verb in verbs:
            if reaction not in _bulk_reactions[verb]:
                _bulk_reactions[verb].append(reaction)
        return reaction

    return register
