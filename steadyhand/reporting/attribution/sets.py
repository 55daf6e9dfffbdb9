"""Which channels are on a path, whatever their order and number: bits of whole numbers.

Millions of paths are made of few different sets, and what a set shares depends on nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from steadyhand.reporting.attribution.paths import Floats, Ints, Paths

#: Channels in one number.
WIDTH = 63
#: Up to so many channels every set there could be has its place in a table.
FEW = 16


@dataclass(frozen=True, slots=True)
class Sets:
    """S sets of channels: bit c % 63 of `bits[c // 63]` (S,) says whether c is in. `owner` is each path's
    set.
    """

    bits: list[Ints]
    owner: Ints
    kinds: int

    @property
    def sizes(self) -> Ints:
        """Channels of each set."""
        return np.sum([np.bitwise_count(word) for word in self.bits], axis=0, dtype=np.int64)

    def summed(self, of_path: Floats) -> Floats:
        """What the paths of each set add up to."""
        return np.bincount(self.owner, of_path, len(self.bits[0]))

    def by_channel(self, of_set: Floats) -> Floats:
        """For each channel, what the sets that hold it add up to."""
        used = np.flatnonzero(of_set)
        words, worth = [word[used] for word in self.bits], of_set[used]
        return np.array([worth[words[c // WIDTH] >> c % WIDTH & 1 > 0].sum() for c in range(self.kinds)])


def sets(paths: Paths, kinds: int, *, before_last: bool = False) -> Sets:
    """The sets of all paths; with `before_last` without what is only the last touch."""
    words = []
    for first in range(0, max(kinds, 1), WIDTH):
        bits = np.left_shift(1, paths.symbols - first if kinds > WIDTH else paths.symbols)
        if kinds > WIDTH:
            bits[(paths.symbols < first) | (paths.symbols >= first + WIDTH)] = 0
        if before_last:
            bits[paths.starts[1:] - 1] = 0
        words.append(np.bitwise_or.reduceat(bits, paths.starts[:-1]) if len(paths) else bits)
    if kinds <= FEW:
        return Sets([np.arange(1 << kinds)], words[0], kinds)
    distinct, owner = np.unique(np.stack(words, axis=1), axis=0, return_inverse=True)
    return Sets(list(distinct.T), owner.reshape(-1), kinds)
