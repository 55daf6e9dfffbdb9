"""Reports asked of departments: owed and handed in, the late ones first and visible to both sides (S11)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from steadyhand.commitments.kinds import State
from steadyhand.comms.models import ReportRequest
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.people.models import Member

PAGE = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A request as a row says it."""

    request: ReportRequest
    is_late: bool

    @property
    def url(self) -> str:
        """Its page."""
        return f"/requests/{self.request.pk}/"

    @property
    def note(self) -> str:
        """Who owes it to whom, for which meeting."""
        of = self.request.asked_of.name if self.request.asked_of else "nobody yet"
        by = f" asked by {self.request.asked_by.name}" if self.request.asked_by else ""
        about = f" · for “{self.request.meeting.title}”" if self.request.meeting else ""
        return f"{of},{by}{about}" if by else f"{of}{about}"


@dataclass(frozen=True, slots=True)
class Page:
    """What is owed, and what was settled lately."""

    owed: list[Row]
    settled: list[Row]


def page(actor: Actor, member: Member, *, everybody: bool = False) -> Page:
    """Requests one made or owes; everybody's one may see where asked."""
    found = ReportRequest.objects.visible_to(actor).preloaded()
    if not everybody:
        found = found.filter(Q(asked_by=member) | Q(asked_of=member))
    now = clock.now()
    owed = found.filter(handed_in_at=None, dropped_at=None).order_by("commitment__due_at", "pk")
    settled = found.exclude(handed_in_at=None, dropped_at=None).order_by("-handed_in_at", "-pk")
    return Page(
        [row_of(one, now) for one in owed[:PAGE]],
        [row_of(one, now) for one in settled[:20]],
    )


def row_of(request: ReportRequest, now: dt.datetime) -> Row:
    """One request as a row."""
    due = request.commitment
    open_ = request.handed_in_at is None and request.dropped_at is None
    is_late = open_ and due is not None and (due.state == State.MISSED or due.due_at < now)
    return Row(request, is_late)
