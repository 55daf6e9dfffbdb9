"""What differs between two playbooks, in words a head of client services reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic import BaseModel

from steadyhand.playbook.bands import Band, band_words, money
from steadyhand.playbook.matrices import Once, Repeated, Soon
from steadyhand.playbook.policy import Policy, Pot, Tier
from steadyhand.playbook.texts import Entry

NOT_COMPARED = {"up_to", "inclusive", "starts_at"}  # a band's edges are its name here


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed. `before` is empty for what is new, `after` for what is gone."""

    path: str
    label: str
    before: str
    after: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def compare(old: Policy, new: Policy) -> list[Difference]:
    """Every difference, in the order of the playbook; empty for equal ones."""
    before, after = dict(_said(old)), dict(_said(new))
    return [
        Difference(".".join(path), _label(path), before.get(path, ""), after.get(path, ""))
        for path in dict.fromkeys((*after, *before))
        if before.get(path) != after.get(path)
    ]


Path = tuple[str, ...]


def _said(policy: Policy) -> Iterator[tuple[Path, str]]:
    for name in type(policy).model_fields:
        yield from _spread(getattr(policy, name), (name,), policy.currency)


def _spread(value: Any, path: Path, currency: str) -> Iterator[tuple[Path, str]]:
    """Every figure and text beneath a value, each with its path."""
    match value:
        case None:
            return
        case Repeated() | Once() | Pot():
            yield path, _cell(value, currency)
        case Band() if getattr(value, "bespoke", False):
            yield path, "bespoke"
        case BaseModel():
            for name in type(value).model_fields:
                if name not in NOT_COMPARED or not isinstance(value, Band):
                    yield from _spread(getattr(value, name), (*path, name), currency)
        case dict():
            for key, item in value.items():
                yield from _spread(item, (*path, str(key)), currency)
        case tuple() if value and all(isinstance(item, Band) for item in value):
            for number, band in enumerate(value):
                yield from _spread(band, (*path, band_words(value, number, currency)), currency)
        case tuple() if value and all(isinstance(item, BaseModel) for item in value):
            for number, item in enumerate(value, start=1):
                yield from _spread(item, (*path, _name(item, number)), currency)
        case _:
            yield path, _text(value, currency)


def _cell(cell: Repeated | Once | Pot, currency: str) -> str:
    match cell:
        case Repeated():
            return f"{cell.cadence.words}, {cell.on}, {cell.minutes} minutes"
        case Soon():
            return f"inside {cell.within_working_days} working days, {cell.minutes} minutes"
        case Once():
            return f"once, {cell.minutes} minutes"
        case Pot():
            return f"{money(cell.amount, currency)} a month: {cell.reason}"


def _name(item: BaseModel, number: int) -> str:
    match item:
        case Entry():
            return item.key
        case Tier():
            return f"tier {item.number}"
        case _:
            return str(number)


def _text(value: Any, currency: str) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return money(value, currency)
        case Enum():
            return str(value.value).replace("_", " ")
        case tuple():
            return ", ".join(_text(item, currency) for item in value)
        case _:
            return str(value)


def _label(path: Path) -> str:
    """“Retainer matrix › £1,500 to £3,000 › call”."""
    words = " › ".join(step.replace("_", " ") for step in path)
    return words[:1].upper() + words[1:]
