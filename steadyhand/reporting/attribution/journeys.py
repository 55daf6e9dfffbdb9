"""Paths from touches and conversions: everything that looks at single touches, once; the rest needs only
`Journeys`.

A path is the touches of a user with conversion − look-back ≤ time ≤ conversion, in order of time, ties in the
order of the file; an earlier conversion does not cut it. Touches in no path make one null path for each user.

Touches are sorted once by (user, place in time) packed into one 64-bit word; a path is then a slice of them,
found by two searches. Parts of the users follow one another, so that memory does not grow with the file.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from steadyhand.reporting.attribution.paths import Floats, Ints, Paths, Symbols, Tally, Words
from steadyhand.reporting.attribution.tables import Conversions, Source, Symbol, Touches

DAY = 86_400_000_000
#: Touches of paths that are looked at together: few enough to stay in the processor's cache.
CHUNK = 1 << 17
THREADS = 2
#: Touches that a path is followed back one by one; longer ones are searched.
STEPS = 12


@dataclass(frozen=True)
class Journeys:
    """What all models and reports are made from.

    `decay_credit`, `decay_value` (symbols,): what time decay gives. `lag_count`, `lag_value` (days,):
    conversions by whole days from the first touch of the path. `unattributed`: conversions without a touch in
    their look-back.
    """

    symbols: list[Symbol]
    converted: Paths
    null: Paths
    decay_credit: Floats
    decay_value: Floats
    lag_count: Floats
    lag_value: Floats
    unattributed: int
    unattributed_value: float
    notices: list[str]

    @cached_property
    def channels(self) -> list[str]:
        """The channels, by name; models and reports number them in this order."""
        return sorted({symbol.channel for symbol in self.symbols})

    @cached_property
    def of_symbol(self) -> Ints:
        """The channel's number of each symbol."""
        number = {channel: n for n, channel in enumerate(self.channels)}
        return np.array([number[symbol.channel] for symbol in self.symbols], np.int64)

    @cached_property
    def paths(self) -> Paths:
        """Converted paths by channel."""
        return self.converted.of(self.of_symbol)

    @cached_property
    def null_paths(self) -> Paths:
        """Paths that led to nothing, by channel."""
        return self.null.of(self.of_symbol)


@dataclass(slots=True)
class _Sums:
    """What single touches add up to. `decay` (2, symbols) and `lag` (2, days): conversions, then value."""

    converted: Tally
    null: Tally
    decay: Floats
    lag: Floats
    unattributed: int = 0
    unattributed_value: float = 0.0

    @classmethod
    def nothing(cls, kinds: int, days: int) -> _Sums:
        """Before anything is added."""
        return cls(Tally(kinds), Tally(kinds), np.zeros((2, kinds)), np.zeros((2, days)))

    @property
    def shape(self) -> tuple[int, int]:
        """Symbols and days."""
        return self.decay.shape[1], self.lag.shape[1]

    def take(self, other: _Sums) -> None:
        """Add what another thread summed."""
        self.converted.join(other.converted)
        self.null.join(other.null)
        self.decay += other.decay
        self.lag += other.lag
        self.unattributed += other.unattributed
        self.unattributed_value += other.unattributed_value


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Touches by user, then time; the path of conversion n is `low[n]:high[n]`, both of which only grow.

    A touch's key is its user shifted by `bits`, and its place in time.
    """

    keys: Ints
    bits: int
    time: Ints
    symbol: Symbols
    at: Ints
    value: Floats
    low: Ints
    high: Ints


def gather(source: Source, *, lookback: float, half_life: float) -> Journeys:
    """All journeys of two tables; `lookback` and `half_life` are days."""
    sums = _Sums.nothing(len(source.symbols), int(lookback) + 1)

    def summed(part: int) -> _Sums:
        own = _Sums.nothing(*sums.shape)
        found = _sorted(source.read_touches(part), source.read_conversions(part), round(lookback * DAY))
        _add_null(own, found)
        _add_paths(own, found, half_life * DAY)
        own.converted.settle()
        return own

    with ThreadPoolExecutor(THREADS) as pool:
        for own in pool.map(summed, range(source.parts)):
            sums.take(own)
    return _journeys(source, sums)


def _journeys(source: Source, sums: _Sums) -> Journeys:
    converted, null = sums.converted.paths(), sums.null.paths()
    # What only rows without a user or a time named is no channel of these journeys.
    is_seen = np.zeros(len(source.symbols), bool)
    is_seen[converted.symbols] = is_seen[null.symbols] = True
    seen = np.flatnonzero(is_seen)
    number = np.cumsum(is_seen) - 1
    return Journeys(
        symbols=[source.symbols[n] for n in seen],
        converted=converted.of(number),
        null=null.of(number),
        decay_credit=sums.decay[0][seen],
        decay_value=sums.decay[1][seen],
        lag_count=sums.lag[0],
        lag_value=sums.lag[1],
        unattributed=sums.unattributed,
        unattributed_value=sums.unattributed_value,
        notices=source.notices(),
    )


def _sorted(touches: Touches, conversions: Conversions, lookback: int) -> _Sorted:
    """Sort touches and find the paths in them."""
    touches, conversions = _in_time(touches, conversions)
    touch_user, user = _numbered(touches.user, conversions.user)
    bits = (len(touches.time) + 1).bit_length()
    keys = touch_user << bits
    keys |= np.arange(len(keys))
    keys.sort()
    place = keys & ((1 << bits) - 1)
    time, symbol = touches.time[place], touches.symbol[place]
    # A conversion's key is the place in time that it would take.
    user <<= bits
    ends = user | np.searchsorted(touches.time, conversions.time, "right")
    order = np.argsort(ends)
    user, at = user[order], conversions.time[order]
    high = np.searchsorted(keys, ends[order], "left")
    low, is_far = _stepped_back(keys, time, user, at - lookback, high)
    begins = user[is_far] | np.searchsorted(touches.time, at[is_far] - lookback, "left")
    low[is_far] = np.searchsorted(keys, begins, "left")
    return _Sorted(keys, bits, time, symbol, at, conversions.value[order], low, high)


def _stepped_back(keys: Ints, time: Ints, user: Ints, since: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Where paths begin, a touch at a time from their ends; and which reach further back than `STEPS`."""
    low = high.copy()
    going = np.flatnonzero(high > 0)
    for _ in range(STEPS):
        before = low[going] - 1
        is_on = (keys[before] >= user[going]) & (time[before] >= since[going])
        going = going[is_on]
        low[going] = before[is_on]
        going = going[low[going] > 0]
    return low, going


def _in_time(touches: Touches, conversions: Conversions) -> tuple[Touches, Conversions]:
    """Both in order of time; ties stay in the order of the file."""
    if np.any(touches.time[1:] < touches.time[:-1]):
        order = np.argsort(touches.time, kind="stable")
        touches = Touches(touches.user[order], touches.time[order], touches.symbol[order])
    if np.any(conversions.time[1:] < conversions.time[:-1]):
        order = np.argsort(conversions.time, kind="stable")
        conversions = Conversions(conversions.user[order], conversions.time[order], conversions.value[order])
    return touches, conversions


def _numbered(touching: Ints | Words, converting: Ints | Words) -> tuple[Ints, Ints]:
    """Users as numbers from 0 that leave room for a place beside them in 63 bits."""
    room = 63 - (len(touching) + 1).bit_length()
    ranges = [(int(users.min()), int(users.max())) for users in (touching, converting) if len(users)]
    lowest = min((low for low, _ in ranges), default=0)
    if touching.dtype == np.int64 and all(high - lowest < 1 << room for _, high in ranges):
        return (touching - lowest).astype(np.int64), (converting - lowest).astype(np.int64)
    _, number = np.unique(np.concatenate([touching, converting]), return_inverse=True)
    return number[: len(touching)], number[len(touching) :]


def _add_paths(sums: _Sums, found: _Sorted, half_life: float) -> None:
    """Count the paths, with what depends on times: decay and lag."""
    is_path = found.high > found.low
    sums.unattributed += int(np.count_nonzero(~is_path))
    sums.unattributed_value += float(found.value[~is_path].sum())
    chosen = np.flatnonzero(is_path)
    if not len(chosen):
        return
    ends = np.cumsum(found.high[chosen] - found.low[chosen])
    cuts = np.unique(np.searchsorted(ends, np.arange(CHUNK, ends[-1], CHUNK), "right"))
    for chunk in np.split(chosen, cuts):
        if len(chunk):
            _add_chunk(sums, found, chunk, half_life)


def _add_chunk(sums: _Sums, found: _Sorted, chosen: Ints, half_life: float) -> None:
    low, high, value = found.low[chosen], found.high[chosen], found.value[chosen]
    lengths = high - low
    ends = np.cumsum(lengths)
    starts = ends - lengths
    owner = np.repeat(np.arange(len(lengths)), lengths)
    place = np.arange(ends[-1]) - starts[owner]
    index = place + low[owner]
    touched = found.symbol[index]
    sums.converted.add(touched, place, starts, lengths, value)
    # Relative to the last touch: shares are the same, and nothing underflows in every place.
    age = found.time[high - 1][owner] - found.time[index]
    weight = np.exp2(age / -half_life)
    weight *= (1 / np.add.reduceat(weight, starts))[owner]
    kinds = sums.decay.shape[1]
    sums.decay[0] += np.bincount(touched, weight, kinds)
    sums.decay[1] += np.bincount(touched, weight * value[owner], kinds)
    days = (found.at[chosen] - found.time[low]) // DAY
    sums.lag[0] += np.bincount(days, minlength=sums.lag.shape[1])
    sums.lag[1] += np.bincount(days, value, sums.lag.shape[1])


def _add_null(sums: _Sums, found: _Sorted) -> None:
    """One null path for each user: the touches between the paths."""
    begin = np.concatenate([[0], found.high])
    length = np.concatenate([found.low, [len(found.time)]]) - begin
    begin, length = begin[length > 0], length[length > 0]
    if not len(begin):
        return
    left = np.repeat(begin - (np.cumsum(length) - length), length) + np.arange(length.sum())
    user = found.keys[left] >> found.bits
    starts = np.flatnonzero(np.concatenate([[True], user[1:] != user[:-1]]))
    lengths = np.diff(np.append(starts, len(left)))
    place = np.arange(len(left)) - np.repeat(starts, lengths)
    sums.null.add(found.symbol[left], place, starts, lengths, np.zeros(len(starts)))
