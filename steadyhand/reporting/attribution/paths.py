"""Distinct paths: how often each order of touches was seen, gathered from millions by packing.

A path of few touches is packed into one 64-bit word (symbol + 1 in as many bits as the number of symbols
needs, the first touch in the lowest bits), so that sorting words groups paths. Longer ones are grouped by
their bytes. On one million journeys that leaves about a tenth.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]
Symbols = npt.NDArray[np.uint16]


@dataclass(frozen=True)
class Paths:
    """P distinct paths one after the other: `symbols` (n,), `starts` (P + 1,), `count` and `value` (P,)."""

    symbols: Ints
    starts: Ints
    count: Floats
    value: Floats

    def __len__(self) -> int:
        return len(self.count)

    @cached_property
    def lengths(self) -> Ints:
        """Touches of each path."""
        return np.diff(self.starts)

    @cached_property
    def owner(self) -> Ints:
        """The path of each touch."""
        return np.repeat(np.arange(len(self)), self.lengths)

    @cached_property
    def first(self) -> Ints:
        """The first touch's symbol of each path."""
        return self.symbols[self.starts[:-1]]

    @cached_property
    def last(self) -> Ints:
        """The last touch's symbol of each path."""
        return self.symbols[self.starts[1:] - 1]

    @property
    def total(self) -> float:
        """How many paths there were."""
        return float(self.count.sum())

    def of(self, symbols: Ints) -> Paths:
        """The same paths with each symbol replaced by `symbols[symbol]`; equal ones are not joined."""
        return Paths(symbols[self.symbols], self.starts, self.count, self.value)

    def weighed(self, count: Floats) -> Paths:
        """The same paths, seen as often as `count` says."""
        return Paths(self.symbols, self.starts, count, self.value)

    def without_last(self) -> Paths:
        """Each path up to before its last touch; some are then empty."""
        keeps = np.ones(len(self.symbols), bool)
        keeps[self.starts[1:] - 1] = False
        starts = self.starts - np.arange(len(self.starts))
        return Paths(self.symbols[keeps], starts, self.count, self.value)


@dataclass(slots=True)
class Tally:
    """Counts paths that come in chunks."""

    symbols: int
    words: list[Words] = field(default_factory=list)
    counts: list[Floats] = field(default_factory=list)
    values: list[Floats] = field(default_factory=list)
    long: dict[bytes, list[float]] = field(default_factory=dict)

    @property
    def bits(self) -> int:
        """Bits of one touch."""
        return max(1, self.symbols.bit_length())

    @property
    def most(self) -> int:
        """Touches that fit into a word."""
        return 64 // self.bits

    def add(self, touches: Symbols, place: Ints, starts: Ints, lengths: Ints, value: Floats) -> None:
        """Paths of one touch or more: their touches one after another, where each path starts, its value."""
        shift = np.minimum(place, self.most - 1).astype(np.uint64) * np.uint64(self.bits)
        words = np.bitwise_or.reduceat((touches.astype(np.uint64) + np.uint64(1)) << shift, starts)
        is_short = lengths <= self.most
        if is_short.all():
            self._gather(words, value)
            return
        self._gather(words[is_short], value[is_short])
        for n in np.flatnonzero(~is_short):
            key = touches[starts[n] : starts[n] + lengths[n]].tobytes()
            seen = self.long.setdefault(key, [0.0, 0.0])
            seen[0] += 1
            seen[1] += value[n]

    def _gather(self, words: Words, value: Floats) -> None:
        self.words.append(words)
        self.counts.append(np.ones(len(words)))
        self.values.append(value)
        if len(self.words) >= 64:
            self.settle()

    def join(self, other: Tally) -> None:
        """Take in what another one counted."""
        self.words += other.words
        self.counts += other.counts
        self.values += other.values
        for key, (count, value) in other.long.items():
            seen = self.long.setdefault(key, [0.0, 0.0])
            seen[0] += count
            seen[1] += value

    def settle(self) -> None:
        """Keep one row for each distinct word."""
        if not self.words:
            return
        distinct, owner = np.unique(np.concatenate(self.words), return_inverse=True)
        self.counts = [np.bincount(owner, np.concatenate(self.counts), len(distinct))]
        self.values = [np.bincount(owner, np.concatenate(self.values), len(distinct))]
        self.words = [distinct]

    def paths(self) -> Paths:
        """The distinct paths, in the order of their words, then the long ones."""
        if self.words:
            self.settle()
            words, counts, values = self.words[0], self.counts[0], self.values[0]
        else:
            words, counts, values = np.empty(0, np.uint64), np.empty(0), np.empty(0)
        mask = np.uint64((1 << self.bits) - 1)
        shifts = np.arange(self.most, dtype=np.uint64) * np.uint64(self.bits)
        spread = (words[:, None] >> shifts) & mask
        lengths = np.count_nonzero(spread, axis=1)
        short = spread[spread > 0].astype(np.int64) - 1
        long = [np.frombuffer(key, np.uint16).astype(np.int64) for key in self.long]
        seen = np.array(list(self.long.values())).reshape(-1, 2)
        ends = np.cumsum(np.concatenate([lengths, [len(path) for path in long]]).astype(np.int64))
        return Paths(
            symbols=np.concatenate([short, *long]),
            starts=np.concatenate([np.zeros(1, np.int64), ends]),
            count=np.concatenate([counts, seen[:, 0]]),
            value=np.concatenate([values, seen[:, 1]]),
        )
