"""Distinct paths: how often each order of touches was seen, gathered from millions by packing.

A path of few touches is packed into one 64-bit word (symbol + 1 in as many bits as the number of symbols
needs, the first touch in the lowest bits). Small words number the places of a table, so that counting groups
them; sorting groups the rest. Paths too long for a word are grouped by their bytes. On one million journeys
that leaves about a tenth.
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

#: Words below this are counted in a table, which stays in the processor's cache.
SMALL_WORD = 1 << 18


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
        if np.array_equal(symbols, np.arange(len(symbols))):
            return self
        return Paths(symbols[self.symbols], self.starts, self.count, self.value)

    def spread(self, of_path: Floats) -> Floats:
        """For each touch what its path has."""
        return np.repeat(of_path, self.lengths)

    def weighed(self, count: Floats) -> Paths:
        """The same paths, seen as often as `count` says."""
        return Paths(self.symbols, self.starts, count, self.value)


@dataclass(slots=True)
class Tally:
    """Counts paths that come in chunks. `small` (2, words): how often, and what they brought."""

    symbols: int
    small: Floats = field(default_factory=lambda: np.zeros((2, SMALL_WORD)))
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
        shift = np.minimum(place, self.most - 1).astype(np.uint64)
        shift *= np.uint64(self.bits)
        packed = touches.astype(np.uint64)
        packed += np.uint64(1)
        packed <<= shift
        words = np.bitwise_or.reduceat(packed, starts)
        is_short = lengths <= self.most
        for n in np.flatnonzero(~is_short):
            key = touches[starts[n] : starts[n] + lengths[n]].tobytes()
            seen = self.long.setdefault(key, [0.0, 0.0])
            seen[0] += 1
            seen[1] += value[n]
        is_small = is_short & (words < SMALL_WORD)
        small = words[is_small].astype(np.int64)
        self.small[0] += np.bincount(small, minlength=SMALL_WORD)
        self.small[1] += np.bincount(small, value[is_small], SMALL_WORD)
        is_large = is_short & ~is_small
        self.words.append(words[is_large])
        self.counts.append(np.ones(len(self.words[-1])))
        self.values.append(value[is_large])

    def join(self, other: Tally) -> None:
        """Take in what another one counted."""
        self.small += other.small
        self.words += other.words
        self.counts += other.counts
        self.values += other.values
        for key, (count, value) in other.long.items():
            seen = self.long.setdefault(key, [0.0, 0.0])
            seen[0] += count
            seen[1] += value

    def settle(self) -> None:
        """Keep one row for each distinct word, in their order."""
        words = np.concatenate([np.empty(0, np.uint64), *self.words])
        if not len(words):
            return
        order = np.argsort(words)
        words = words[order]
        starts = np.flatnonzero(np.concatenate([[True], words[1:] != words[:-1]]))
        self.words = [words[starts]]
        self.counts = [np.add.reduceat(np.concatenate(self.counts)[order], starts)]
        self.values = [np.add.reduceat(np.concatenate(self.values)[order], starts)]

    def paths(self) -> Paths:
        """The distinct paths, in the order of their words, then the long ones."""
        self.settle()
        small = np.flatnonzero(self.small[0])
        words = np.concatenate([small.astype(np.uint64), *self.words])
        counts = np.concatenate([self.small[0][small], *self.counts])
        values = np.concatenate([self.small[1][small], *self.values])
        # The greater the word, the longer its path: those with more than n touches are at the end.
        longer = [int(np.searchsorted(words, np.uint64(1 << self.bits * n))) for n in range(self.most)]
        lengths = np.zeros(len(words), np.int64)
        for begin in longer:
            lengths[begin:] += 1
        long = [np.frombuffer(key, np.uint16).astype(np.int64) for key in self.long]
        seen = np.array(list(self.long.values())).reshape(-1, 2)
        ends = np.cumsum(np.concatenate([lengths, [len(path) for path in long]]).astype(np.int64))
        starts = np.concatenate([np.zeros(1, np.int64), ends])
        symbols = np.empty(starts[-1], np.int64)
        for n, begin in enumerate(longer):
            touch = (words[begin:] >> np.uint64(self.bits * n)) & np.uint64((1 << self.bits) - 1)
            symbols[starts[begin : len(words)] + n] = touch.astype(np.int64) - 1
        if long:
            symbols[starts[len(words)] :] = np.concatenate(long)
        return Paths(
            symbols=symbols,
            starts=starts,
            count=np.concatenate([counts, seen[:, 0]]),
            value=np.concatenate([values, seen[:, 1]]),
        )
