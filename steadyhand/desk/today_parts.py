"""The parts of Today as the database tells them apart, fifty rows at a time.

What a part holds is asked at every look, and counted for all parts: so those are statements written once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet

from steadyhand.commitments.kinds import TIMED, State
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.models.commitment import CommitmentQuerySet
from steadyhand.core.actor import Actor
from steadyhand.core.statements import Row, Seen, SeenRecords, Slot

#: Rows of one part on a page, and how far anything is counted.
PAGE = 50

#: A local day somewhere may end this much later than the reader's.
FARTHEST = dt.timedelta(hours=26)
ONE_DAY = dt.timedelta(days=1)


class Part(StrEnum):
    """The parts of Today."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"
    WAITING = "waiting"
    MISSED = "missed"


def rows_of(part: Part, actor: Actor, owner: Any, at: Mapping[str, Any]) -> CommitmentQuerySet:
    """One part of what the actor sees of an owner (None: of everybody); `owner` and `at` may be slots."""
    mine = Commitment.objects.visible_to(actor)
    if owner is not None:
        mine = mine.owned_by(owner)
    if part is Part.MISSED:
        return mine.filter(state=State.MISSED).order_by("-due_at", "-pk")
    if part is Part.WAITING:
        return mine.waiting().order_by("due_at", "pk")
    mine = mine.filter(state=State.OPEN, waiting_since=None).order_by("due_at", "pk")
    if part is Part.OVERDUE:
        return mine.filter(due_at__lt=at["now"])
    mine = mine.filter(due_at__gte=at["now"])
    if part is Part.TODAY:
        return mine.filter(_by("today", "today_ends", at))
    if part is Part.WEEK:
        return mine.filter(_by("sunday", "week_ends", at), _after("today", "today_ends", at))
    return mine.filter(_after("sunday", "week_ends", at))


def _by(day: str, end: str, at: Mapping[str, Any]) -> Q:
    """Due by the end of this day: a timed one on the reader's clock, the rest on its own calendar."""
    within = Q(starts_at=None, due_on__lte=at[day]) | Q(starts_at__lt=at[end])
    return Q(due_at__lt=at[f"{end}_everywhere"]) & within


def _after(day: str, end: str, at: Mapping[str, Any]) -> Q:
    beyond = Q(starts_at=None, due_on__gt=at[day]) | Q(starts_at__gte=at[end])
    return Q(due_at__gte=at[f"{end}_somewhere"]) & beyond


MOMENTS = ("now", "today", "today_ends", "sunday", "week_ends")
SLOTS = {name: Slot(name) for name in MOMENTS} | {
    f"{end}_{reach}": Slot(f"{end}_{reach}")
    for end in ("today_ends", "week_ends")
    for reach in ("somewhere", "everywhere")
}


@cache
def first_of(part: Part, owned: bool, column: str) -> Seen:
    """One column of the first rows of a part; minutes of the timed ones alone."""
    owner = Slot("owner") if owned else None

    def rows(actor: Actor) -> QuerySet[Commitment, Row]:
        found = rows_of(part, actor, owner, SLOTS).order_by()
        if column == "minutes":
            return found.filter(kind__in=TIMED).values_list(column)[: 4 * PAGE]
        return found.values_list(column)[: PAGE + 1]

    return Seen(rows)


#: What a row on the page says, and no more.
COLUMNS = (
    "kind",
    "title",
    "due_on",
    "due_time",
    "due_at",
    "starts_at",
    "zone",
    "minutes",
    "internal",
    "state",
    "moved_from",
    "missed_at",
    "waiting_since",
    "about_type",
    "about_id",
    "closes_with",
    "rule",
    "engagement",
    "client__name",
    "client__ref",
    "client__plan__tier",
    "owner__name",
)


def as_said(rows: CommitmentQuerySet) -> CommitmentQuerySet:
    """With what a row on the page says; one more of them than fits a page."""
    return rows.select_related("client__plan", "owner").only(*COLUMNS)[: PAGE + 1]


@cache
def page_of(part: Part, owned: bool) -> SeenRecords[Commitment]:
    """The first rows of a part, as a page says them."""
    owner = Slot("owner") if owned else None
    return SeenRecords(lambda actor: as_said(rows_of(part, actor, owner, SLOTS)))


@cache
def first_due() -> Seen:
    """The first rows of what is overdue or due today, of one owner."""

    def rows(actor: Actor) -> QuerySet[Commitment, Row]:
        owner: Any = Slot("owner")
        mine = Commitment.objects.visible_to(actor).owned_by(owner)
        due = mine.filter(_by("today", "today_ends", SLOTS), state=State.OPEN, waiting_since=None)
        return due.order_by().values_list("pk")[: PAGE + 1]

    return Seen(rows)
