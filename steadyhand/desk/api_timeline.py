"""What the API tells of what happened with a client: two streams merged, found by key, never by offset."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from django.db.models import F, QuerySet

from steadyhand.clients.models import Contact
from steadyhand.comms.models import Interaction
from steadyhand.core.actor import Actor
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from steadyhand.core.statements import Row, Seen, Slot, Statement
from steadyhand.desk.api_reads import NAMED, Data, became, unknown_key
from steadyhand.desk.timeline_streams import (
    INTERNAL_CHANNELS,
    Filters,
    event_is_shared,
    key_of,
    older,
    place_of,
    readable,
    spoken,
    streams,
)
from steadyhand.people.models import Member

SAID_COLUMNS = ("channel", "direction", "summary", "body", "outcome", "minutes")


def timeline(
    actor: Actor, ref: str, *, asked: Mapping[str, str], after: str = "", limit: int = 50
) -> Data | None:
    """What happened with a client and what was said, newest first; `asked` as `Filters` say, a person by
    e-mail. Three queries, however long it is; two or three more where words are looked for."""
    known = NAMED.first(actor, ref=ref)
    client_id = became(actor, known[0], known[1]) if known is not None else None
    if known is None or client_id is None:
        return None
    place = place_of(after) if after else None
    if after and place is None:
        raise unknown_key()
    filters = _read(asked, client_id)
    is_capped = False
    happened: Iterable[Row]
    said: Iterable[Row]
    if place is None and filters.is_plain and not (known[1] or known[2]):
        newest_events, newest_said = _newest(limit)
        happened, said = newest_events.rows(actor, client=client_id), newest_said.rows(client=client_id)
    else:
        meant = streams(client_id, actor, filters)
        is_capped = meant.is_capped
        happened = [] if meant.events is None else _happened(older(meant.events, place, "e"), limit)
        said = [] if meant.interactions is None else _said(older(meant.interactions, place, "i"), limit)
    return _page([*map(_as_event, happened), *map(_as_interaction, said)], limit, is_capped)


def _read(asked: Mapping[str, str], client_id: int) -> Filters:
    """The filters, with the person of an e-mail address: the client's contact, else a member."""
    filters = Filters.read({**asked, "person": ""})
    address = asked.get("person", "").strip()
    if not address:
        return filters
    contacts = Contact.objects.filter(client=client_id, email__iexact=address)
    contact = contacts.order_by(F("left_on").asc(nulls_first=True), "pk").first()
    if contact is not None:
        return replace(filters, person=f"c{contact.pk}")
    member = Member.objects.filter(email__iexact=address).first()
    if member is None:
        raise Refusal(
            f"Nobody here and no contact of theirs has the address {address}.",
            remedy="The addresses are at /contacts and /api/members.",
            field="person",
        )
    return replace(filters, person=f"m{member.pk}")


def _page(rows: list[tuple[dt.datetime, str, int, Data]], limit: int, is_capped: bool) -> Data:
    rows.sort(key=lambda row: row[:3], reverse=True)
    page = rows[:limit]
    following = key_of(*page[-1][:3]) if len(rows) > limit else None
    return {"items": [row[3] for row in page], "next": following, "capped": is_capped}


def _as_event(row: Row) -> tuple[dt.datetime, str, int, Data]:
    pk, at, verb, by, data, audience, actor_kind = row
    visible = event_is_shared(audience, actor_kind, verb)
    told = {"id": f"e{pk}", "at": at, "kind": "event", "visible": "client" if visible else "internal"}
    return at, "e", pk, told | {"verb": verb, "by": by, "data": data}


def _as_interaction(row: Row) -> tuple[dt.datetime, str, int, Data]:
    pk, at, contact, member, *rest = row
    visible = "internal" if rest[0] in INTERNAL_CHANNELS else "client"
    told = {"id": f"i{pk}", "at": at, "kind": "interaction", "visible": visible}
    return (
        at,
        "i",
        pk,
        told | {"by": member, "contact": contact} | dict(zip(SAID_COLUMNS, rest, strict=True)),
    )


def _happened(rows: QuerySet[Event], limit: int) -> QuerySet[Event, Row]:
    """And one more than asked for."""
    return rows.values_list("pk", "at", "verb", "actor_name", "data", "audience", "actor_kind")[: limit + 1]


def _said(rows: QuerySet[Interaction], limit: int) -> QuerySet[Interaction, Row]:
    """And one more than asked for."""
    columns = ("pk", "at", "contact__name", "member__name", *SAID_COLUMNS)
    return rows.values_list(*columns)[: limit + 1]


@lru_cache(maxsize=64)
def _newest(limit: int) -> tuple[Seen, Statement]:
    """Both, from the newest on, of a client no other was merged into."""
    return (
        Seen(lambda actor: _happened(readable([Slot("client")], actor), limit)),
        Statement(lambda: _said(spoken(Slot("client")), limit)),
    )
