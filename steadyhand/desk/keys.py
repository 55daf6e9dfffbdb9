"""Reading long lists by key: a page begins after the last row of the one before, however long the list is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from steadyhand.commitments.models import Commitment
from steadyhand.commitments.models.commitment import CommitmentQuerySet


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page of commitments ends: due time and id. Written “20261104T170000Z-17”."""

    due_at: dt.datetime | None = None
    pk: int = 0

    @classmethod
    def of(cls, row: Commitment) -> Key:
        """The key of a row."""
        return cls(row.due_at, row.pk)

    @classmethod
    def read(cls, text: str) -> Key:
        """The key as an address carries it; the very first where it is none."""
        stamp, _, pk = text.partition("-")
        try:
            due_at = dt.datetime.strptime(stamp, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=dt.UTC)
            return cls(due_at, int(pk))
        except ValueError:
            return cls()

    def __str__(self) -> str:
        return f"{self.due_at.astimezone(dt.UTC):%Y%m%dT%H%M%S.%fZ}-{self.pk}" if self.due_at else ""

    def following(self, rows: CommitmentQuerySet, *, newest_first: bool = False) -> CommitmentQuerySet:
        """The rows beyond this key, in the order they already have."""
        if self.due_at is None:
            return rows
        if newest_first:
            return rows.filter(due_at__lte=self.due_at).exclude(Q(due_at=self.due_at) & Q(pk__gte=self.pk))
        return rows.filter(due_at__gte=self.due_at).exclude(Q(due_at=self.due_at) & Q(pk__lte=self.pk))
