"""Credit: how each model shares conversions, and their value, among the channels of their paths.

Every model's credits sum to the conversions that have a path. Definitions (MISSION R8, docs/attribution.md):
first, last: all to that touch. Last non-direct: to the last touch that is not direct, to direct where all
are. Linear: the same to each touch. Time decay: 2^(−age / half-life), continuous. Position: .4 to the first,
.4 to the last, .2 among those between; halves for two. Markov: by removal effect (`markov`). Shapley: each
set of channels shares what exactly that set converted (the simplified exact form of Zhao, Mahboobi and
Bagheri, 2018: it equals the mean over all orders because a coalition is worth what its subsets convert).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from steadyhand.reporting.attribution.journeys import Journeys
from steadyhand.reporting.attribution.markov import removal_effects
from steadyhand.reporting.attribution.paths import Floats, Ints, Paths
from steadyhand.reporting.attribution.questions import MODELS

ENDS = 0.4


def credits(journeys: Journeys) -> Mapping[str, tuple[Floats, Floats]]:
    """Conversions and value of each channel, by model; channels as `channels(journeys)` lists them."""
    by_symbol, paths = by_channel(journeys)
    kinds = len(channels(journeys))
    touch_weights = {
        "last": last(paths),
        "last_non_direct": last_non_direct(journeys),
        "first": first(paths),
        "linear": linear(paths),
        "position": position(paths),
        "shapley": shapley(paths, kinds),
    }
    shared = {name: _summed(paths, weights, kinds) for name, weights in touch_weights.items()}
    shared["time_decay"] = (
        np.bincount(by_symbol, journeys.decay_credit, kinds),
        np.bincount(by_symbol, journeys.decay_value, kinds),
    )
    shared["markov"] = markov(paths, journeys.null.of(by_symbol), kinds)
    return {name: shared[name] for name in MODELS}


def channels(journeys: Journeys) -> list[str]:
    """The channels, by name."""
    return sorted({symbol.channel for symbol in journeys.symbols})


def by_channel(journeys: Journeys) -> tuple[Ints, Paths]:
    """The channel's number of each symbol, and the converted paths by channel."""
    number = {channel: n for n, channel in enumerate(channels(journeys))}
    of_symbol = np.array([number[symbol.channel] for symbol in journeys.symbols], np.int64)
    return of_symbol, journeys.converted.of(of_symbol)


def _summed(paths: Paths, weights: Floats, kinds: int) -> tuple[Floats, Floats]:
    owner = paths.owner
    return (
        np.bincount(paths.symbols, weights * paths.count[owner], kinds),
        np.bincount(paths.symbols, weights * paths.value[owner], kinds),
    )


def first(paths: Paths) -> Floats:
    """The share of each touch."""
    return np.where(paths.place == 0, 1.0, 0.0)


def last(paths: Paths) -> Floats:
    """The share of each touch."""
    return np.where(paths.place == np.repeat(paths.lengths, paths.lengths) - 1, 1.0, 0.0)


def last_non_direct(journeys: Journeys) -> Floats:
    """The share of each touch."""
    paths = journeys.converted
    is_direct = np.array([symbol.is_direct for symbol in journeys.symbols], bool)[paths.symbols]
    standing = np.where(is_direct, -1, paths.place)
    chosen = np.maximum.reduceat(standing, paths.starts[:-1]) if len(paths) else np.empty(0, np.int64)
    chosen = np.where(chosen < 0, paths.lengths - 1, chosen)
    return np.where(paths.place == np.repeat(chosen, paths.lengths), 1.0, 0.0)


def linear(paths: Paths) -> Floats:
    """The share of each touch."""
    return 1 / np.repeat(paths.lengths, paths.lengths)


def position(paths: Paths) -> Floats:
    """The share of each touch."""
    length, place = np.repeat(paths.lengths, paths.lengths), paths.place
    is_end = (place == 0) | (place == length - 1)
    between = (1 - 2 * ENDS) / np.maximum(length - 2, 1)
    return np.where(length == 1, 1.0, np.where(length == 2, 0.5, np.where(is_end, ENDS, between)))


def shapley(paths: Paths, kinds: int) -> Floats:
    """The share of each touch: of a channel's touches the first carries what the channel gets."""
    is_new = first_seen(paths, kinds)
    members = np.bincount(paths.owner, is_new, len(paths))
    shares: Floats = is_new / np.repeat(np.maximum(members, 1), paths.lengths)
    return shares


def first_seen(paths: Paths, kinds: int) -> Floats:
    """1 where a touch is the first of its channel in its path, else 0."""
    _, position_of = np.unique(paths.owner * kinds + paths.symbols, return_index=True)
    is_new = np.zeros(len(paths.symbols))
    is_new[position_of] = 1
    return is_new


def markov(converted: Paths, null: Paths, kinds: int) -> tuple[Floats, Floats]:
    """Conversions, and value, by each channel's part of all removal effects."""
    effects = removal_effects(converted, null, kinds)
    whole = effects.sum()
    part = effects / whole if whole > 0 else effects
    return part * converted.count.sum(), part * converted.value.sum()
