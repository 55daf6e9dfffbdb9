"""Paths from touches and conversions: everything that looks at single touches, once; the rest needs only
`Journeys`.

A path is the touches of a user with conversion − look-back ≤ time ≤ conversion, in order of time, ties in the
order of the file; an earlier conversion does not cut it. Touches in no path make one null path for each user.

Touches are sorted once by user and place in time (`ordering`). Stretches of them that fit into the
processor's cache are then taken by two threads; a path is a slice of one. Parts of the users follow one
another, so that memory does not grow with the file.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from steadyhand.reporting.attribution.ordering import Rows, by_user
from steadyhand.reporting.attribution.paths import Floats, Ints, Paths, Symbols, Tally, Words
from steadyhand.reporting.attribution.tables import Conversions, Source, Symbol, Touches

DAY = 86_400_000_000
#: Touches that are looked at together: few enough to stay in the processor's cache.
CHUNK = 1 << 17
THREADS = 2


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
class _Stretch:
    """Touches of some users, by user and time; the path of conversion n is `low[n]:high[n]`, both of which
    only grow.
    """

    user: Words
    time: Ints
    symbol: Symbols
    at: Ints
    value: Floats
    low: Ints
    high: Ints


def gather(source: Source, *, lookback: float, half_life: float) -> Journeys:
    """All journeys of two tables; `lookback` and `half_life` are days."""
    sums = _Sums.nothing(len(source.symbols), int(lookback) + 1)
    for part in range(source.parts):
        touches, conversions = _in_time(source.read_touches(part), source.read_conversions(part))
        _add_part(sums, touches, conversions, round(lookback * DAY), half_life * DAY)
    return _journeys(source, sums)


def _add_part(
    sums: _Sums, touches: Touches, conversions: Conversions, lookback: int, half_life: float
) -> None:
    touched, converted = by_user(touches.user, conversions.user)
    cuts = touched.cuts(CHUNK)

    def summed(first: int) -> _Sums:
        own = _Sums.nothing(*sums.shape)
        for n in range(first, len(cuts) - 1, THREADS):
            mine, theirs = touched.between(cuts[n], cuts[n + 1]), converted.between(cuts[n], cuts[n + 1])
            found = _stretch(touches, conversions, mine, theirs, lookback)
            _add_null(own, found)
            _add_paths(own, found, half_life)
        own.converted.settle()
        return own

    with ThreadPoolExecutor(THREADS) as pool:
        for own in pool.map(summed, range(min(THREADS, len(cuts) - 1))):
            sums.take(own)


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


def _stretch(touches: Touches, conversions: Conversions, mine: Rows, theirs: Rows, lookback: int) -> _Stretch:
    """The touches and conversions of some users, and the paths in them."""
    (user, place), (buyer, sold) = mine, theirs
    time, at = touches.time[place], conversions.time[sold]
    starts = np.flatnonzero(np.concatenate([[True], user[1:] != user[:-1], [True]])[: len(user) + 1])
    known = user[starts[:-1]] if len(user) else user
    whose = np.searchsorted(known, buyer)
    low = starts[whose] if len(user) else np.zeros(len(buyer), np.int64)
    high = low.copy()
    is_known = np.flatnonzero(whose < len(known))
    is_known = is_known[known[whose[is_known]] == buyer[is_known]]
    high[is_known] = starts[whose[is_known] + 1]
    # Most paths are all that somebody did; the others are searched.
    late = is_known[time[high[is_known] - 1] > at[is_known]]
    high[late] = _after(time, low[late], high[late], at[late])
    early = np.flatnonzero(high > low)
    early = early[time[low[early]] < at[early] - lookback]
    low[early] = _after(time, low[early], high[early], at[early] - lookback - 1)
    return _Stretch(user, time, touches.symbol[place], at, conversions.value[sold], low, high)


def _after(time: Ints, low: Ints, high: Ints, at: Ints) -> Ints:
    """The first of the touches `low:high` that is later than `at`; `high` where none is."""
    low, high = low.copy(), high.copy()
    open_ = np.flatnonzero(low < high)
    while len(open_):
        middle = (low[open_] + high[open_]) >> 1
        is_later = time[middle] > at[open_]
        high[open_[is_later]] = middle[is_later]
        low[open_[~is_later]] = middle[~is_later] + 1
        open_ = open_[low[open_] < high[open_]]
    return low


def _in_time(touches: Touches, conversions: Conversions) -> tuple[Touches, Conversions]:
    """Both in order of time; ties stay in the order of the file."""
    if np.any(touches.time[1:] < touches.time[:-1]):
        order = np.argsort(touches.time, kind="stable")
        touches = Touches(touches.user[order], touches.time[order], touches.symbol[order])
    if np.any(conversions.time[1:] < conversions.time[:-1]):
        order = np.argsort(conversions.time, kind="stable")
        conversions = Conversions(conversions.user[order], conversions.time[order], conversions.value[order])
    return touches, conversions


def _add_paths(sums: _Sums, found: _Stretch, half_life: float) -> None:
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


def _add_chunk(sums: _Sums, found: _Stretch, chosen: Ints, half_life: float) -> None:
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


def _add_null(sums: _Sums, found: _Stretch) -> None:
    """One null path for each user: the touches between the paths."""
    begin = np.concatenate([[0], found.high])
    length = np.concatenate([found.low, [len(found.time)]]) - begin
    begin, length = begin[length > 0], length[length > 0]
    if not len(begin):
        return
    left = np.repeat(begin - (np.cumsum(length) - length), length) + np.arange(length.sum())
    user = found.user[left]
    starts = np.flatnonzero(np.concatenate([[True], user[1:] != user[:-1]]))
    lengths = np.diff(np.append(starts, len(left)))
    place = np.arange(len(left)) - np.repeat(starts, lengths)
    sums.null.add(found.symbol[left], place, starts, lengths, np.zeros(len(starts)))
