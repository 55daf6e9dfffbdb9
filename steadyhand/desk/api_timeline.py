"""What the API tells of what happened with a client: two streams merged, found by key, never by offset."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from steadyhand.clients.models import Client
from steadyhand.comms.models import Interaction
from steadyhand.core.actor import Actor
from steadyhand.core.models import Audience, Event
from steadyhand.core.statements import Row, Seen, Slot, Statement
from steadyhand.desk.api_reads import NAMED, Data, became, unknown_key
from steadyhand.people.roles import Capability

#: A place in the merged stream: when, which stream, which row of it.
Place = tuple[dt.datetime, str, int]

SAID_COLUMNS = ("channel", "direction", "summary", "body", "outcome", "minutes")

#: Stands in the stream as the interaction itself.
SHOWN_OTHERWISE = "interaction.logged"


def timeline(actor: Actor, ref: str, *, after: str = "", limit: int = 50) -> Data | None:
    """What happened with a client and what was said, newest first. Three queries, however long it is."""
    known = NAMED.first(actor, ref=ref)
    client_id = became(actor, known[0], known[1]) if known is not None else None
    if known is None or client_id is None:
        return None
    ids = _records(client_id) if known[1] or known[2] else [client_id]
    happened: Iterable[Row]
    if after or len(ids) > 1:
        place = _read_place(after) if after else None
        happened = _happened(actor, ids, place, limit)
        said: Iterable[Row] = _said(client_id, place, limit)
    else:
        newest_events, newest_said = _newest(limit)
        happened, said = newest_events.rows(actor, client=client_id), newest_said.rows(client=client_id)
    rows: list[tuple[dt.datetime, str, int, Data]] = [
        (at, "e", pk, {"id": f"e{pk}", "at": at, "kind": "event", "verb": verb, "by": by, "data": data})
        for pk, at, verb, by, data in happened
    ]
    for pk, at, contact, member, *rest in said:
        told = {"id": f"i{pk}", "at": at, "kind": "interaction", "by": member, "contact": contact}
        rows.append((at, "i", pk, told | dict(zip(SAID_COLUMNS, rest, strict=True))))
    rows.sort(key=lambda row: row[:3], reverse=True)
    page = rows[:limit]
    following = f"{page[-1][0].isoformat()}~{page[-1][1]}{page[-1][2]}" if len(rows) > limit else None
    return {"items": [row[3] for row in page], "next": following}


def _happened(actor: Actor, ids: list[Any], place: Place | None, limit: int) -> QuerySet[Event, Row]:
    """Events of these records, and one more than asked for."""
    found = _older(_events(actor, ids), place, "e").order_by("-at", "-id")
    return found.values_list("pk", "at", "verb", "actor_name", "data")[: limit + 1]


def _said(client_id: Any, place: Place | None, limit: int) -> QuerySet[Interaction, Row]:
    """Interactions with a client, and one more than asked for."""
    found = _older(Interaction.objects.filter(client=client_id), place, "i").order_by("-at", "-id")
    return found.values_list("pk", "at", "contact__name", "member__name", *SAID_COLUMNS)[: limit + 1]


@lru_cache(maxsize=64)
def _newest(limit: int) -> tuple[Seen, Statement]:
    """Both, from the newest on, of a client no other was merged into."""
    return (
        Seen(lambda actor: _happened(actor, [Slot("client")], None, limit)),
        Statement(lambda: _said(Slot("client"), None, limit)),
    )


def _records(client_id: int) -> list[int]:
    """A client, and the records merged into it: their events keep the id they happened to."""
    ids, last = [client_id], [client_id]
    while last := list(Client.objects.filter(merged_into__in=last).values_list("pk", flat=True)):
        ids += last
    return ids


def _events(actor: Actor, ids: list[int]) -> QuerySet[Event]:
    # One id alone is compared, not listed: then the index gives the newest without sorting.
    of_client = {"client_id": ids[0]} if len(ids) == 1 else {"client_id__in": ids}
    found = Event.objects.filter(**of_client)
    hidden = [
        audience
        for audience, capability in (
            (Audience.FINANCE, Capability.SEE_FINANCE),
            (Audience.PEOPLE, Capability.SEE_PEOPLE_DATA),
        )
        if not actor.may(capability)
    ]
    found = found.exclude(verb=SHOWN_OTHERWISE)
    return found.exclude(audience__in=hidden) if hidden else found


def _older(rows: QuerySet[Any], place: Place | None, stream: str) -> QuerySet[Any]:
    """After a place in the merged order: time, then stream, then id, all descending."""
    if place is None:
        return rows
    at, of, pk = place
    same = Q(at=at, id__lt=pk) if stream == of else Q(at=at) if stream < of else Q(pk__in=[])
    return rows.filter(Q(at__lte=at) & (Q(at__lt=at) | same))


def _read_place(key: str) -> Place:
    moment, _, place = key.replace(" ", "+").partition("~")
    try:
        at, pk = dt.datetime.fromisoformat(moment), int(place[1:])
    except ValueError as error:
        raise unknown_key() from error
    if at.tzinfo is None or place[:1] not in {"e", "i"}:
        raise unknown_key()
    return at, place[0], pk
