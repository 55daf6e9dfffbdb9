"""What each channel is, for people who look after accounts: shipped words, for every agency (S17)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SHIPPED = Path(__file__).with_name("shipped") / "channels.toml"


@dataclass(frozen=True, slots=True)
class Usual:
    """How long something usually takes, in words."""

    what: str
    takes: str


@dataclass(frozen=True, slots=True)
class ChannelGuide:
    """One channel: how it works, what strategists deliver, and how long that takes. `key` is a service's."""

    key: str
    name: str
    how: str
    delivers: tuple[str, ...]
    usual: tuple[Usual, ...]
    ask_first: str

    def holds(self, words: str) -> bool:
        """Whether these words occur in it, in any case."""
        usual = (f"{one.what} {one.takes}" for one in self.usual)
        return words.casefold() in " ".join((self.name, self.how, *self.delivers, *usual)).casefold()


@cache
def guides() -> tuple[ChannelGuide, ...]:
    """All of them, in the order in which they are shown."""
    read = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    return tuple(
        ChannelGuide(
            key=one["key"],
            name=one["name"],
            how=" ".join(one["how"].split()),
            delivers=tuple(one["delivers"]),
            usual=tuple(Usual(**usual) for usual in one["usual"]),
            ask_first=one["ask_first"],
        )
        for one in read["channel"]
    )


def channel_name(key: str) -> str:
    """What people call a channel; the key itself where it is one of their own."""
    return next((guide.name for guide in guides() if guide.key == key), key)
