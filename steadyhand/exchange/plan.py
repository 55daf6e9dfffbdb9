"""The plan of an import: for each row what it will do, as steps that are stored and later done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from steadyhand.core.refusals import Refusal
from steadyhand.exchange.models import RowAction

#: A thing: the id of one that exists, or the key under which this import will have made it.
type Ref = int | str


class LeftOut(Refusal):
    """A row that is right and still does not belong in an import: there is nothing to mend."""


@dataclass(frozen=True, slots=True)
class Step:
    """One verb to call: on what, with which values. `before` is what the check saw.

    Values are plain JSON: amounts and days as text.
    """

    verb: str
    of: Ref
    values: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As an import's row keeps it."""
        return {"verb": self.verb, "of": self.of, "values": self.values, "before": self.before}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The step an import's row kept."""
        return cls(data["verb"], data["of"], data["values"], data["before"])


@dataclass(slots=True)
class RowPlan:
    """What one row will do, and what is worth saying about it."""

    label: str
    steps: list[Step] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def action(self) -> RowAction:
        """Create if anything new comes of it, update if something changes, else unchanged."""
        verbs = {step.verb for step in self.steps}
        if verbs & CREATING:
            return RowAction.CREATE
        return RowAction.UPDATE if verbs - {"remember"} else RowAction.UNCHANGED


CREATING = frozenset({"add_client", "begin_engagement", "add_contact", "log_interaction"})


def text_of(value: Any) -> Any:
    """A value as steps and references keep it."""
    if isinstance(value, Decimal):
        return format(value.quantize(Decimal("0.01")), "f")
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def changes(
    stated: dict[str, Any], seen: dict[str, Any], current: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the source newly says and we do not have yet, and what we have instead.

    A value the source has said before changes nothing: whoever corrected it here stays right. An
    empty value says nothing, except where `stated` holds None on purpose (an engagement that runs on).
    """
    after = {
        name: value
        for name, value in stated.items()
        if value != "" and value != current.get(name) and not (name in seen and seen[name] == value)
    }
    return after, {name: current.get(name) for name in after}
