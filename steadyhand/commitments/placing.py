"""An owner's timed calls never overlap: a draft whose hour is taken moves to the next free one that day.

Where the day has none left the promise stays due that day without an hour, to be agreed anew.
"""

from __future__ import annotations

import datetime as dt
from bisect import insort
from collections import defaultdict
from typing import Self

from steadyhand.commitments.drafting import Draft
from steadyhand.commitments.facts import ClientFacts
from steadyhand.commitments.ground import Ground
from steadyhand.commitments.kinds import TIMED, State
from steadyhand.commitments.models import Commitment

Planned = list[tuple[ClientFacts, list[Draft]]]


class Diary:
    """The hours that are taken, by owner."""

    def __init__(self, day_ends: dt.time) -> None:
        self.day_ends = day_ends
        self.taken: dict[int, list[tuple[dt.datetime, dt.datetime]]] = defaultdict(list)

    @classmethod
    def open(cls, planned: Planned, ground: Ground) -> Self:
        """With everything timed that the owners of these drafts have with others, or have settled."""
        diary = cls(ground.day_ends)
        owners = {d.owner_id for _, drafts in planned for d in drafts if d.is_timed}
        if not owners:
            return diary
        clients = {facts.client_id for facts, _ in planned}
        rows = Commitment.objects.filter(
            owner__in=owners,
            state=State.OPEN,
            kind__in=TIMED,
            starts_at__isnull=False,
            due_on__gte=ground.as_of,
        ).values_list("owner_id", "client_id", "touched_at", "starts_at", "due_at")
        for owner_id, client_id, touched_at, starts_at, ends_at in rows:
            if touched_at is not None or client_id not in clients:
                assert owner_id is not None and starts_at is not None  # noqa: S101
                insort(diary.taken[owner_id], (starts_at, ends_at))
        return diary

    def place(self, planned: Planned) -> None:
        """Give every timed draft an hour of its own, in the order of time and key."""
        drafts = [d for _, of_client in planned for d in of_client if d.is_timed]
        drafts.sort(key=lambda d: (d.starts_at, d.key))
        for draft in drafts:
            self._place(draft)

    def _place(self, draft: Draft) -> None:
        if draft.owner_id is None:
            return
        taken = self.taken[draft.owner_id]
        while draft.starts_at is not None and draft.due_time is not None:
            clash = next(
                (end for start, end in taken if start < draft.due_at and draft.starts_at < end), None
            )
            if clash is None:
                insort(taken, (draft.starts_at, draft.due_at))
                return
            later = dt.datetime.combine(draft.due_on, draft.due_time) + (clash - draft.starts_at)
            fits = later.date() == draft.due_on and later.time() < self.day_ends
            draft.set_time(draft.due_on, later.time() if fits else None)
