"""What an agenda fills itself with: sections, which every room declares in its `agenda_sections.py`.

    @section("flags", "Flags", of=[WEEKLY], words=["flag"], empty="No flag is open.")
    def flags(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]: ...

A section reads through `visible_to(actor)` and holds no truth of its own. `words` find the item of the
playbook's agenda that it belongs under.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.module_loading import autodiscover_modules

from steadyhand.clients.models import Client
from steadyhand.comms.models import Meeting
from steadyhand.core.actor import Actor

#: The playbook's agendas of the team's own meetings, by key (S9, P6), and that of the client review (S20).
WEEKLY = "weekly-client-services"
PLANNING = "monthly-planning"
WASH_UP = "wash-up"
SPONSOR_SYNC = "sponsor-sync"
ALL_HANDS = "all-hands"
REVIEW = "quarterly-review"

#: More than this fits no shared screen; the rest is counted.
MOST = 40


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing to talk about. `key` names it by value (“care.flag:7”); `owner` and `when` are words."""

    key: str
    title: str
    text: str = ""
    note: str = ""
    url: str = ""
    owner: str = ""
    when: str = ""
    late: bool = False
    done: bool = False
    client: Client | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the agenda with what there is to talk about; `more` were left out."""

    key: str
    title: str
    empty: str
    topics: list[Topic] = field(default_factory=list)
    more: int = 0


type Read = Callable[[Meeting, Actor, dt.datetime], list[Topic]]


@dataclass(frozen=True, slots=True)
class Declared:
    """A section as its room declares it."""

    key: str
    title: str
    of: frozenset[str]
    words: tuple[str, ...]
    empty: str
    order: int
    read: Read

    def fits(self, item_title: str) -> bool:
        """Whether a point of an agenda with this title is about it."""
        return any(word in item_title.lower() for word in self.words)

    def filled(self, meeting: Meeting, actor: Actor, at: dt.datetime) -> Section:
        """With what there is to talk about."""
        topics = self.read(meeting, actor, at)
        more = max(len(topics) - MOST, 0)
        return Section(self.key, self.title, self.empty, topics[:MOST], more)


_declared: dict[str, Declared] = {}


def section(
    key: str, title: str, *, of: Iterable[str], empty: str, words: Iterable[str] = (), order: int = 50
) -> Callable[[Read], Read]:
    """Declare a section of these agendas; a lower `order` stands earlier."""

    def register(read: Read) -> Read:
        _declared[key] = Declared(key, title, frozenset(of), tuple(words), empty, order, read)
        return read

    return register


def declared() -> list[Declared]:
    """Every section of every room, in order."""
    autodiscover_modules("agenda_sections")
    return sorted(_declared.values(), key=lambda one: (one.order, one.key))


def sections_of(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Section]:
    """The sections of this meeting as the actor may see them, filled at that moment."""
    return [one.filled(meeting, actor, at) for one in declared() if meeting.agenda_key in one.of]
