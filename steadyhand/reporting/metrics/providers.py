"""What a tool that sends figures by itself must be able to do; `integrations` registers who can (R1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from steadyhand.reporting.metrics.store import Observation


class Trouble(Exception):
    """A tool did not answer as it should. `sentence` says what is wrong and what to do, without secrets.

    `retry_after` is how long it asked to be left alone; `lasts` that only a person can mend it.
    """

    def __init__(
        self, sentence: str, *, retry_after: dt.timedelta | None = None, lasts: bool = False
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.retry_after = retry_after
        self.lasts = lasts


@dataclass(frozen=True, slots=True)
class Access:
    """Which account of the tool is read, and with what."""

    account: str
    secret: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fetched:
    """The figures of some days, and the answers they were read from.

    `source` of the observations is left empty: whoever asked knows it. `quota` is what the tool says is left,
    in its own words (“tokens today”: 199,850).
    """

    observations: list[Observation]
    raw: bytes
    zone: str = ""
    currency: str = ""
    sampled: bool = False
    quota: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is asked for when a tool is connected; a `lengthy` one is pasted."""

    name: str
    label: str
    hint: str = ""
    required: bool = True
    lengthy: bool = False


class Provider(Protocol):
    """A tool. `history` is how far back it can be read, `settles` how many days its figures still change."""

    key: str
    label: str
    account: Field
    fields: tuple[Field, ...]
    history: dt.timedelta
    settles: dt.timedelta
    at_a_time: dt.timedelta
    fetches: str

    def read_secret(self, values: Mapping[str, str]) -> dict[str, Any]:
        """What was typed, checked for its shape; ValueError with a sentence where it cannot be right."""

    def read_account(self, text: str) -> str:
        """The account as the tool names it; ValueError with a sentence."""

    def fetch(self, access: Access, first: dt.date, last: dt.date) -> Fetched:
        """The figures of these days, both included. Trouble where it cannot be."""


_providers: dict[str, Provider] = {}


def register(provider: Provider) -> None:
    """Make a tool known under its key, which stays the same for ever."""
    _providers[provider.key] = provider


def providers() -> list[Provider]:
    """Every tool that can be connected, by label."""
    return sorted(_providers.values(), key=lambda one: one.label)


def provider(key: str) -> Provider | None:
    """The tool of this key."""
    return _providers.get(key)
