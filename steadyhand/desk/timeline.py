"""What happened with a client: business acts and what was said, newest first, fifty at a time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import F

from steadyhand.clients.models import Assignment, Client
from steadyhand.comms.models import Interaction
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.models import Event
from steadyhand.core.statements import Records, SeenRecords, Slot, Statement
from steadyhand.desk.event_words import told
from steadyhand.desk.timeline_streams import (
    Filters,
    client_could_know,
    key_of,
    older,
    place_of,
    readable,
    records,
    spoken,
    streams,
)

PAGE = 50

#: So much of a note stands in the list, in characters; the rest is unfolded.
SHOWN_OF_NOTE = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `lead` is set bold before the text; `note` stands below it, `rest` goes on.

    `is_internal`: the client could not know of it.
    """

    at: dt.datetime
    key: str
    lead: str
    text: str
    note: str = ""
    who: str = ""
    kind: str = ""
    is_internal: bool = True
    rest: str = ""


@dataclass(slots=True)
class Timeline:
    """One page of it. `older` is the key the next page starts after; `is_capped`: see `Streams`."""

    entries: list[Entry] = field(default_factory=list)
    older: str = ""
    is_capped: bool = False


def timeline(
    client: Client, actor: Actor, *, asked: Filters | None = None, after: str = "", most: int = PAGE
) -> Timeline:
    """The newest `most` things after a key. Three queries, whatever the length of the history.

    Two or three more where words are looked for.
    """
    asked, place = asked or Filters(), place_of(after)
    events: list[Event] = []
    interactions: list[Interaction] = []
    is_capped = False
    if place is None and asked.is_plain and len(records(client.pk)) == 1:
        newest_events, newest_said = _newest(most)
        events = newest_events.found(actor, client=client.pk)
        interactions = newest_said.found(client=client.pk)
    else:
        meant = streams(client.pk, actor, asked)
        is_capped = meant.is_capped
        if meant.events is not None:
            events = list(older(meant.events, place, "e")[: most + 1])
        if meant.interactions is not None:
            interactions = list(older(meant.interactions, place, "i")[: most + 1])
    found = [_acted(event) for event in events] + [_said(row) for row in interactions]
    found.sort(key=lambda entry: (entry.at, *_tie(entry.key)), reverse=True)
    page = found[:most]
    following = key_of(page[-1].at, *_tie(page[-1].key)) if len(found) > most else ""
    return Timeline(page, following, is_capped)


@dataclass(frozen=True, slots=True)
class People:
    """Whom one may ask a timeline for: (value, name), those who are there now first."""

    ours: list[tuple[str, str]]
    theirs: list[tuple[str, str]]


def people_of(client: Client) -> People:
    """Everybody who is or was on the account team, and the client's contacts. Two queries."""
    ours = {f"m{pk}": str(name) for pk, name in TEAM.rows(client=client.pk)}
    contacts = client.contacts.order_by(F("left_on").asc(nulls_first=True), "name", "pk")
    return People(list(ours.items()), [(f"c{pk}", name) for pk, name in contacts.values_list("pk", "name")])


TEAM = Statement(
    lambda: (
        Assignment.objects.filter(client=Slot("client"))
        .order_by(F("until").asc(nulls_first=True), "member__name", "pk")
        .values_list("member", "member__name")
    )
)


@lru_cache(maxsize=8)
def _newest(most: int) -> tuple[SeenRecords[Event], Records[Interaction]]:
    """Both streams from the newest on, of a client no other was merged into."""
    return (
        SeenRecords(lambda actor: readable([Slot("client")], actor)[: most + 1]),
        Records(lambda: spoken(Slot("client"))[: most + 1]),
    )


def _tie(key: str) -> tuple[str, int]:
    return key[0], int(key[1:])


def _acted(event: Event) -> Entry:
    lead, text, note = told(event)
    who = "" if event.actor_kind == ActorKind.SYSTEM else event.actor_name
    kind = event.verb.split(".")[0]
    return Entry(event.at, f"e{event.pk}", lead, text, note, who, kind, not client_could_know(event))


def _said(row: Interaction) -> Entry:
    lead = row.get_channel_display().capitalize()
    if row.minutes:
        lead = f"{lead}, {row.minutes} min"
    whom = f"with {row.contact.name}: " if row.contact else ""
    body = "\n".join(line for line in row.body.strip().splitlines() if line.strip())
    note, rest = ("", "") if body == row.summary else _cut(body)
    who = row.member.name if row.member else ""
    internal = not client_could_know(row)
    return Entry(row.at, f"i{row.pk}", lead, f"{whom}{row.summary}", note, who, "said", internal, rest)


def _cut(body: str) -> tuple[str, str]:
    """What stands in the list and what is unfolded, parted between two words."""
    if len(body) <= SHOWN_OF_NOTE:
        return body, ""
    end = max(body.rfind(" ", 0, SHOWN_OF_NOTE), body.rfind("\n", 0, SHOWN_OF_NOTE))
    end = end if end > 0 else SHOWN_OF_NOTE
    return f"{body[:end].rstrip()} …", body[end:].strip()
