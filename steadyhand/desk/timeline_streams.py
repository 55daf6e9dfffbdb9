"""The two streams a client's story is told from: what was done (events) and what was said (interactions).

Both are read newest first and merged by time; a key names a place in the merged order, so that a page is
found without counting what comes before it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from steadyhand.clients.models import Client
from steadyhand.comms.models import Channel, Interaction
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.models import Audience, Event
from steadyhand.core.refusals import Refusal
from steadyhand.core.statements import Slot, Statement
from steadyhand.core.word_index import WordIndex
from steadyhand.people.roles import Capability

#: What one may look at alone: the label, the nouns of the events it holds, the channels.
KINDS: dict[str, tuple[str, tuple[str, ...], tuple[Channel, ...]]] = {
    "said": (
        "Calls, mail and meetings",
        ("call.", "chase.", "mail.", "message.", "bounce.", "meeting.", "series.", "booking."),
        tuple(Channel),
    ),
    "promises": ("Promises", ("commitment.", "question.", "action.", "report."), ()),
    "worries": ("Flags and ratings", ("flag.", "ratings."), ()),
    "growth": ("Opportunities and wins", ("opportunity.", "win."), ()),
    "plan": ("Plan", ("plan.", "client.tiered", "feed."), ()),
    "money": ("Engagements", ("engagement.",), ()),
    "people": ("People", ("contact.", "client.team_changed", "client.brief_"), ()),
    "record": ("Their record", ("client.",), ()),
}

#: Whether the client could know of it: what they took part in, and what was recorded for their eyes too.
SIGHTS = {"client": "The client too", "internal": "We alone"}
INTERNAL_CHANNELS = (Channel.NOTE,)

#: Acts of ours that reach the client by their nature: they were told, asked, invited or answered.
SHARED = frozenset(
    {
        "chase.answered",
        "client.expectation_said",
        "engagement.begun",
        "engagement.ended",
        "engagement.spend_changed",
        "meeting.answered",
        "meeting.cancelled",
        "meeting.invited",
        "meeting.minutes_circulated",
        "meeting.moved",
        "meeting.time_proposed",
        "plan.time_agreed",
        "question.answered",
        "question.asked",
        "ratings.given",
        "win.told",
    }
)

#: Stand in the stream as the interaction itself.
SHOWN_OTHERWISE = ("interaction.logged", "mail.sent", "message.queued")

PERSON = re.compile(r"[mc][0-9]{1,18}")

#: A place in the merged stream: when, which stream (“e” or “i”), which row of it.
Place = tuple[dt.datetime, str, int]

EVENT_WORDS, SAID_WORDS = WordIndex("core.Event"), WordIndex("comms.Interaction")


@dataclass(frozen=True, slots=True)
class Filters:
    """What somebody asks a timeline for; empty is everything.

    `kind` is a key of KINDS, `person` a member (“m7”) or a contact (“c12”), `q` words of which the last may
    be begun, `visible` a key of SIGHTS. All of them hold together.
    """

    kind: str = ""
    person: str = ""
    channel: str = ""
    q: str = ""
    visible: str = ""

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Self:
        """As an address says them; what nobody here has written is refused."""
        asked = cls(*(values.get(name, "").strip() for name in cls.__slots__))
        for name, known in (("kind", KINDS), ("channel", tuple(Channel)), ("visible", SIGHTS)):
            if getattr(asked, name) and getattr(asked, name) not in known:
                raise Refusal(
                    f"There is no “{getattr(asked, name)}” here.",
                    remedy=f"Use one of: {', '.join(known)}.",
                    field=name,
                )
        if asked.person and not PERSON.fullmatch(asked.person):
            raise Refusal("Nobody is called that.", remedy="Choose somebody from the list.", field="person")
        return replace(asked, q=" ".join(asked.q.replace("\x00", " ").split())[:200])

    @classmethod
    def read_kindly(cls, values: Mapping[str, str]) -> Self:
        """The same for a page: what cannot be understood is left out."""
        kept = {name: value for name in cls.__slots__ if (value := values.get(name, ""))}
        while True:
            try:
                return cls.read(kept)
            except Refusal as refusal:
                del kept[refusal.field]

    @property
    def is_plain(self) -> bool:
        """Nothing is asked for in particular."""
        return self == Filters()

    @property
    def query(self) -> str:
        """As the address says it."""
        return urlencode({name: getattr(self, name) for name in self.__slots__ if getattr(self, name)})


@dataclass(slots=True)
class Streams:
    """What a reader may see of both; None where nothing in it can be meant.

    `is_capped`: the words are so common that only the newest with them are looked through.
    """

    events: QuerySet[Event] | None
    interactions: QuerySet[Interaction] | None
    is_capped: bool = False


def streams(client_id: int, actor: Actor, asked: Filters) -> Streams:
    """Both streams of a client the actor sees, as far as they answer what is asked; newest first."""
    ids = records(client_id)
    found = Streams(_events(readable(ids, actor), asked), _interactions(spoken(client_id), asked))
    if asked.q:
        _narrow_to_words(found, ids, client_id, asked.q)
    return found


def _events(rows: QuerySet[Event], asked: Filters) -> QuerySet[Event] | None:
    nouns = KINDS[asked.kind][1] if asked.kind else ()
    if asked.channel or (asked.kind and not nouns):
        return None
    wanted = Q()
    for noun in nouns:
        wanted |= Q(verb__startswith=noun)
    if asked.person:
        pk = int(asked.person[1:])
        is_member = asked.person[0] == "m"
        who = Q(actor_kind=str(ActorKind.MEMBER if is_member else ActorKind.CONTACT), actor_id=pk)
        wanted &= who if is_member else who | Q(subject_type="clients.contact", subject_id=pk)
    if asked.visible:
        known = Q(audience=Audience.CLIENT) | Q(actor_kind=str(ActorKind.CONTACT)) | Q(verb__in=SHARED)
        wanted &= known if asked.visible == "client" else ~known
    return rows.filter(wanted)


def _interactions(rows: QuerySet[Interaction], asked: Filters) -> QuerySet[Interaction] | None:
    channels = set(KINDS[asked.kind][2]) if asked.kind else set(Channel)
    if asked.channel:
        channels &= {Channel(asked.channel)}
    if asked.visible:
        internal = set(INTERNAL_CHANNELS)
        channels = channels - internal if asked.visible == "client" else channels & internal
    if not channels:
        return None
    if len(channels) < len(Channel):
        rows = rows.filter(channel__in=sorted(channels))
    if asked.person:
        of = "member" if asked.person[0] == "m" else "contact"
        rows = rows.filter(**{of: int(asked.person[1:])})
    return rows


def _narrow_to_words(found: Streams, ids: list[int], client_id: int, words: str) -> None:
    if found.events is not None:
        hits = EVENT_WORDS.hits(ids, words)
        found.events, found.is_capped = found.events.filter(pk__in=hits.ids), hits.is_capped
    if found.interactions is not None:
        hits = SAID_WORDS.hits([client_id], words)
        found.interactions = found.interactions.filter(pk__in=hits.ids)
        found.is_capped = found.is_capped or hits.is_capped


def client_could_know(row: Event | Interaction) -> bool:
    """What the client took part in, or what was recorded for their eyes too; all else is internal."""
    if isinstance(row, Interaction):
        return row.channel not in INTERNAL_CHANNELS
    return event_is_shared(row.audience, row.actor_kind, row.verb)


def event_is_shared(audience: str, actor_kind: str, verb: str) -> bool:
    """Whether the client took part in an act, or it was recorded for their eyes too."""
    return audience == Audience.CLIENT or actor_kind == ActorKind.CONTACT or verb in SHARED


def readable(ids: list[Any], actor: Actor) -> QuerySet[Event]:
    """What the actor may read of a client they see: finance's and people's own events by capability."""
    hidden = []
    if not actor.may(Capability.SEE_FINANCE):
        hidden.append(Audience.FINANCE)
    if not actor.may(Capability.SEE_PEOPLE_DATA):
        hidden.append(Audience.PEOPLE)
    # One id alone is compared, not listed: then the index gives the newest without sorting.
    of_client = Q(client_id=ids[0]) if len(ids) == 1 else Q(client_id__in=ids)
    events = Event.objects.filter(of_client).exclude(verb__in=SHOWN_OTHERWISE).order_by("-at", "-id")
    return (events.exclude(audience__in=hidden) if hidden else events).defer("words")


def spoken(client: Any) -> QuerySet[Interaction]:
    """What was said with a client, newest first."""
    said = Interaction.objects.filter(client=client).select_related("contact", "member")
    return said.defer("words").order_by("-at", "-id")


def records(client_id: int) -> list[int]:
    """The client, and the records merged into it: their events keep the id they happened to."""
    ids, last = [client_id], [pk for (pk,) in MERGED.rows(client=client_id)]
    while last:
        ids += last
        last = list(Client.objects.filter(merged_into__in=last).values_list("pk", flat=True))
    return ids


MERGED = Statement(lambda: Client.objects.filter(merged_into=Slot("client")).order_by().values_list("pk"))


def older[Rows: QuerySet[Any, Any]](rows: Rows, place: Place | None, stream: str) -> Rows:
    """What comes after a place in the merged order: time, then stream, then id, all descending."""
    if place is None:
        return rows
    at, of, pk = place
    same = Q(at=at, id__lt=pk) if stream == of else Q(at=at) if stream < of else Q(pk__in=[])
    return rows.filter(Q(at__lte=at) & (Q(at__lt=at) | same))


def key_of(at: dt.datetime, stream: str, pk: int) -> str:
    """A place, to be asked for again."""
    return f"{at.isoformat()}~{stream}{pk}"


def place_of(key: str) -> Place | None:
    """The place a key names; None for one that nobody made here."""
    moment, _, place = key.replace(" ", "+").partition("~")
    try:
        at, pk = dt.datetime.fromisoformat(moment), int(place[1:])
    except ValueError:
        return None
    return None if at.tzinfo is None or place[:1] not in {"e", "i"} else (at, place[0], pk)
