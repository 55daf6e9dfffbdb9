"""Rows by user, those of one user in the order they came: one sort of 64-bit words.

A word is the user's name in its high bits, as many as there is room for, and the row's number below. Names
are what users are called, moved up to fill 64 bits. Where a name is cut off (hashes of text), users with the
same beginning may come to lie among one another; they are few, and told apart when their rows are taken.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from steadyhand.reporting.attribution.paths import Ints, Words

#: Names of users, and the numbers of their rows.
type Rows = tuple[Words, Ints]


@dataclass(frozen=True, slots=True)
class Ordered:
    """Rows by user. `names` by row, where they do not fit beside the row's number in `keys`."""

    keys: Words
    bits: int
    names: Words | None

    def cuts(self, size: int) -> list[int]:
        """Beginnings of names that cut the rows into stretches of about `size`, from 0 to 2^64."""
        at = self.keys[size::size] >> np.uint64(self.bits) << np.uint64(self.bits)
        return [0, *np.unique(at[at > 0]).tolist(), 1 << 64]

    def between(self, begin: int, end: int) -> Rows:
        """The rows of the users from one cut to the next."""
        first = int(np.searchsorted(self.keys, np.uint64(begin)))
        last = int(np.searchsorted(self.keys, np.uint64(end))) if end >> 64 == 0 else len(self.keys)
        keys = self.keys[first:last]
        place = (keys & np.uint64((1 << self.bits) - 1)).astype(np.int64)
        short = keys - place.astype(np.uint64)
        if self.names is None:
            return short, place
        names = self.names[place]
        is_mixed = (short[1:] == short[:-1]) & (names[1:] != names[:-1])
        for name in np.unique(short[1:][is_mixed]):
            here = slice(np.searchsorted(short, name, "left"), np.searchsorted(short, name, "right"))
            order = np.argsort(names[here], kind="stable")
            names[here], place[here] = names[here][order], place[here][order]
        return names, place


def by_user(touching: Ints | Words, converting: Ints | Words) -> tuple[Ordered, Ordered]:
    """Both tables by user, their users in the same order."""
    ranges = [(int(users.min()), int(users.max())) for users in (touching, converting) if len(users)]
    lowest = min((low for low, _ in ranges), default=0)
    width = max(1, (max((high for _, high in ranges), default=0) - lowest).bit_length())
    bits = max(len(touching), len(converting)).bit_length()
    return _ordered(touching, lowest, width, bits), _ordered(converting, lowest, width, bits)


def _ordered(users: Ints | Words, lowest: int, width: int, bits: int) -> Ordered:
    names = users.astype(np.uint64)
    names -= np.uint64(lowest % (1 << 64))
    names <<= np.uint64(64 - width)
    fits = width + bits <= 64
    keys = names if fits else names >> np.uint64(bits) << np.uint64(bits)
    keys |= np.arange(len(keys), dtype=np.uint64)
    keys.sort()
    return Ordered(keys, bits, None if fits else names)
