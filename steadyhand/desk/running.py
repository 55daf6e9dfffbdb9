"""A meeting while it is held: one point at a time, what fills it, and what is left behind under it (S9)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from steadyhand.comms.meetings.agenda import Section, Topic, declared
from steadyhand.comms.models import Action, AgendaItem, Decision, Meeting, MinutesEntry
from steadyhand.core import clock
from steadyhand.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the agenda in the list beside the page; `number` counts from 1."""

    number: int
    item: AgendaItem
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Matter:
    """A topic as the page shows it: ticked or not, with what was agreed under it."""

    topic: Topic
    ticked: bool
    actions: list[Action]

    @property
    def id(self) -> str:
        """Its name on the page."""
        return "topic-" + "".join(letter if letter.isalnum() else "-" for letter in self.topic.key)


@dataclass(frozen=True, slots=True)
class Running:
    """The page: the points, and the one that is talked about now."""

    meeting: Meeting
    points: list[Point]
    point: Point
    section: Section | None
    matters: list[Matter]
    actions: list[Action]
    decisions: list[Decision]
    entry: MinutesEntry | None

    @property
    def before(self) -> str:
        """Where the point before stands; empty at the first."""
        return self.points[self.point.number - 2].url if self.point.number > 1 else ""

    @property
    def after(self) -> str:
        """Where the next point stands; the end of the meeting after the last."""
        if self.point.number < len(self.points):
            return self.points[self.point.number].url
        return f"/meetings/{self.meeting.pk}/run/ending/"

    @property
    def is_last(self) -> bool:
        """Whether nothing comes after it."""
        return self.point.number == len(self.points)

    @property
    def topic_key(self) -> str:
        """What actions of the point itself, not of a topic, are agreed under."""
        return key_of(self.point.item)

    @property
    def began(self) -> str:
        """When it began, as a script reads it."""
        return self.meeting.began_at.isoformat() if self.meeting.began_at else ""


def key_of(item: AgendaItem) -> str:
    """A point by value, as actions name what they were agreed under."""
    return f"comms.agendaitem:{item.pk}"


def running(meeting: Meeting, actor: Actor, number: int) -> Running | None:
    """The `number`th point (from 1; the nearest there is); None for a meeting without an agenda."""
    items = list(meeting.agenda.select_related("filling"))
    if not items:
        return None
    number = min(max(number, 1), len(items))
    points = [
        Point(count, item, f"/meetings/{meeting.pk}/run/?point={count}", count == number)
        for count, item in enumerate(items, start=1)
    ]
    point = points[number - 1]
    section = _filled(point.item, meeting, actor)
    ticked = set(meeting.discussed.values_list("topic", flat=True))
    under: dict[str, list[Action]] = {}
    rows = meeting.actions.filter(dropped_at=None).select_related("owner", "client", "commitment")
    for action in rows.order_by("made_at", "pk"):
        under.setdefault(action.topic, []).append(action)
    topics = section.topics if section else []
    return Running(
        meeting=meeting,
        points=points,
        point=point,
        section=section,
        matters=[Matter(one, one.key in ticked, under.get(one.key, [])) for one in topics],
        actions=under.get(key_of(point.item), []),
        decisions=list(point.item.decisions.filter(dropped_at=None)),
        entry=meeting.entries.filter(item=point.item, internal=False).first(),
    )


@dataclass(frozen=True, slots=True)
class Ending:
    """What a meeting leaves behind, before it is closed."""

    meeting: Meeting
    undiscussed: list[AgendaItem]
    actions: list[Action]
    decisions: list[Decision]
    entries: list[MinutesEntry]
    minutes: int


def ending(meeting: Meeting) -> Ending:
    """Everything written and agreed, and what nobody has talked about. Four queries."""
    written = meeting.entries.exclude(text="").select_related("item")
    entries = list(written.order_by("item__position", "pk"))
    talked = {entry.item_id for entry in entries}
    ran = round((clock.now() - meeting.began_at) / dt.timedelta(minutes=1)) if meeting.began_at else 0
    actions = meeting.actions.filter(dropped_at=None).select_related("owner", "client")
    open_points = meeting.agenda.filter(discussed_at=None).exclude(pk__in=[pk for pk in talked if pk])
    return Ending(
        meeting=meeting,
        undiscussed=list(open_points),
        actions=list(actions.order_by("due_on", "pk")),
        decisions=list(meeting.decisions.filter(dropped_at=None)),
        entries=entries,
        minutes=max(ran, 1),
    )


def _filled(item: AgendaItem, meeting: Meeting, actor: Actor) -> Section | None:
    key = item.filling.section if hasattr(item, "filling") else ""
    found = next((one for one in declared() if one.key == key), None)
    return found.filled(meeting, actor, clock.now()) if found is not None else None
