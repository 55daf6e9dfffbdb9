"""The path of a handover: its steps, each read from the rows that prove it, never ticked a second time.

A step is declared once and read for many handovers together:

    @step("agreement", order=50)
    def agreement(handovers: Sequence[Handover], at: dt.datetime) -> Mapping[int, Step]: ...

It gives a `Step` for each handover (by id) that has one. What is not there is left off the path.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from steadyhand.onboarding.models import Handover
from steadyhand.people.models import Member


class Waits(StrEnum):
    """Who has the next move."""

    US = "us"
    CLIENT = "client"
    EARLIER = "earlier"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: who sees to it and by when, on whom it waits (`who` by name) and `since` when.

    `waits` is NOBODY once it is done, and EARLIER while another step must come first. `url` and `click` are
    the next click on it; `note` says how far it is.
    """

    key: str
    title: str
    owner: Member | None = None
    due_on: dt.date | None = None
    waits: Waits = Waits.US
    who: str = ""
    since: dt.datetime | None = None
    done_at: dt.datetime | None = None
    url: str = ""
    click: str = ""
    note: str = ""

    @property
    def is_done(self) -> bool:
        """Whether the rows say so."""
        return self.done_at is not None

    def is_late(self, today: dt.date) -> bool:
        """Not done, and due before today."""
        return not self.is_done and self.due_on is not None and self.due_on < today


type Read = Callable[[Sequence[Handover], dt.datetime], Mapping[int, Step]]

_declared: dict[str, tuple[int, Read]] = {}


def step(key: str, *, order: int) -> Callable[[Read], Read]:
    """Declare a step of the path; a lower `order` stands earlier."""

    def register(read: Read) -> Read:
        _declared[key] = (order, read)
        return read

    return register


def declared() -> list[Read]:
    """How each step is read, in the order of the path."""
    return [read for _, read in sorted(_declared.values(), key=lambda one: one[0])]
