"""What happened with a client: business acts and what was said, newest first, fifty at a time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from steadyhand.clients.models import Client
from steadyhand.comms.models import Channel, Interaction
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.models import Audience, Event
from steadyhand.core.statements import Records, SeenRecords, Slot, Statement
from steadyhand.desk.event_words import told
from steadyhand.people.roles import Capability

PAGE = 50

#: What one may look at alone: the label, the nouns of the events it holds, the channels.
KINDS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "said": ("Calls, mail and meetings", (), tuple(Channel)),
    "promises": ("Promises", ("commitment.",), ()),
    "plan": ("Plan", ("plan.", "client.tiered"), ()),
    "money": ("Engagements", ("engagement.",), ()),
    "people": ("People", ("contact.", "client.team_changed", "client.brief_read"), ()),
}

#: Stands in the stream as the interaction itself.
SHOWN_OTHERWISE = "interaction.logged"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `lead` is set bold before the text; `note` stands below it."""

    at: dt.datetime
    key: str
    lead: str
    text: str
    note: str = ""
    who: str = ""
    kind: str = ""


@dataclass(slots=True)
class Timeline:
    """One page of it. `older` is the key the next page starts after."""

    entries: list[Entry] = field(default_factory=list)
    older: str = ""


def timeline(client: Client, actor: Actor, *, kind: str = "", after: str = "", most: int = PAGE) -> Timeline:
    """The newest `most` things after a key. Three queries, whatever the length of the history."""
    place = _read_key(after)
    found: list[Entry] = []
    nouns, channels = (KINDS[kind][1], KINDS[kind][2]) if kind in KINDS else ((), tuple(Channel))
    records = _records(client) if kind not in KINDS or nouns else []
    if place is None and kind not in KINDS and len(records) == 1:
        events, interactions = _newest(most)
        found += [_acted(event) for event in events.found(actor, client=client.pk)]
        found += [_said(row) for row in interactions.found(client=client.pk)]
    else:
        if records:
            happened = _of_nouns(_readable(records, actor), nouns)
            found += [_acted(event) for event in _older(happened, place, "e")[: most + 1]]
        if channels:
            said = _spoken(client.pk).filter(channel__in=channels)
            found += [_said(row) for row in _older(said, place, "i")[: most + 1]]
    found.sort(key=lambda entry: (entry.at, *_tie(entry.key)), reverse=True)
    page = found[:most]
    older = f"{page[-1].at.isoformat()}~{page[-1].key}" if len(found) > most else ""
    return Timeline(page, older)


@lru_cache(maxsize=8)
def _newest(most: int) -> tuple[SeenRecords[Event], Records[Interaction]]:
    """Both streams from the newest on, of a client no other was merged into."""
    return (
        SeenRecords(lambda actor: _readable([Slot("client")], actor)[: most + 1]),
        Records(lambda: _spoken(Slot("client"))[: most + 1]),
    )


def _spoken(client: Any) -> QuerySet[Interaction]:
    said = Interaction.objects.filter(client=client).select_related("contact", "member")
    return said.order_by("-at", "-id")


def _readable(records: list[Any], actor: Actor) -> QuerySet[Event]:
    """What the actor may read of a client they see: finance's and people's own events by capability."""
    hidden = []
    if not actor.may(Capability.SEE_FINANCE):
        hidden.append(Audience.FINANCE)
    if not actor.may(Capability.SEE_PEOPLE_DATA):
        hidden.append(Audience.PEOPLE)
    # One id alone is compared, not listed: then the index gives the newest without sorting.
    of_client = Q(client_id=records[0]) if len(records) == 1 else Q(client_id__in=records)
    events = Event.objects.filter(of_client).exclude(verb=SHOWN_OTHERWISE).order_by("-at", "-id")
    return events.exclude(audience__in=hidden) if hidden else events


def _records(client: Client) -> list[int]:
    """The client, and the records merged into it: their events keep the id they happened to."""
    ids, last = [client.pk], [pk for (pk,) in MERGED.rows(client=client.pk)]
    while last:
        ids += last
        last = list(Client.objects.filter(merged_into__in=last).values_list("pk", flat=True))
    return ids


MERGED = Statement(lambda: Client.objects.filter(merged_into=Slot("client")).order_by().values_list("pk"))


def _of_nouns(events: QuerySet[Event], nouns: tuple[str, ...]) -> QuerySet[Event]:
    wanted = Q()
    for noun in nouns:
        wanted |= Q(verb__startswith=noun)
    return events.filter(wanted)


def _tie(key: str) -> tuple[str, int]:
    return key[0], int(key[1:])


def _older[Rows: QuerySet[Event] | QuerySet[Interaction]](
    rows: Rows, place: tuple[dt.datetime, str, int] | None, stream: str
) -> Rows:
    """What comes after a place in the merged order: time, then stream, then id, all descending."""
    if place is None:
        return rows
    at, of, pk = place
    if stream == of:
        same = Q(at=at, id__lt=pk)
    elif stream < of:
        same = Q(at=at)
    else:
        same = Q(pk__in=[])
    return rows.filter(Q(at__lte=at) & (Q(at__lt=at) | same))  # type: ignore[return-value]


def _read_key(key: str) -> tuple[dt.datetime, str, int] | None:
    """The place a key names; None for one that nobody made here, which shows the newest."""
    moment, _, place = key.partition("~")
    try:
        at = dt.datetime.fromisoformat(moment.replace(" ", "+"))
        if at.tzinfo is None or place[:1] not in {"e", "i"}:
            return None
        return at, place[0], int(place[1:])
    except ValueError:
        return None


def _acted(event: Event) -> Entry:
    lead, text, note = told(event)
    who = "" if event.actor_kind == ActorKind.SYSTEM else event.actor_name
    return Entry(event.at, f"e{event.pk}", lead, text, note, who, event.verb.split(".")[0])


def _said(row: Interaction) -> Entry:
    lead = row.get_channel_display().capitalize()
    if row.minutes:
        lead = f"{lead}, {row.minutes} min"
    whom = f"with {row.contact.name}: " if row.contact else ""
    note = "" if row.body.strip() == row.summary else row.body.strip()[:300]
    who = row.member.name if row.member else ""
    return Entry(row.at, f"i{row.pk}", lead, f"{whom}{row.summary}", note, who, "said")
