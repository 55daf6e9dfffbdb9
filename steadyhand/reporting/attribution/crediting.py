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
from dataclasses import dataclass

import numpy as np

from steadyhand.reporting.attribution.journeys import Journeys
from steadyhand.reporting.attribution.markov import removal_effects
from steadyhand.reporting.attribution.paths import Floats, Ints, Paths
from steadyhand.reporting.attribution.questions import MODELS

ENDS = 0.4


@dataclass(frozen=True, slots=True)
class Shares:
    """Who gets which part of a path: `symbol`, `path` and `weight` of each share, side by side."""

    symbol: Ints
    path: Ints
    weight: Floats | float

    def summed(self, of_path: Floats, kinds: int) -> Floats:
        """What each symbol gets when path n is worth `of_path[n]`."""
        return np.bincount(self.symbol, self.weight * of_path[self.path], kinds)


def credits(journeys: Journeys) -> Mapping[str, tuple[Floats, Floats]]:
    """Conversions and value of each channel, by model; channels as `journeys.channels` lists them."""
    paths, kinds = journeys.paths, len(journeys.channels)
    by_shares = {
        "last": last(paths),
        "last_non_direct": last_non_direct(journeys),
        "first": first(paths),
        "linear": linear(paths),
        "shapley": shapley(paths, kinds),
    }
    shared = {
        name: (shares.summed(paths.count, kinds), shares.summed(paths.value, kinds))
        for name, shares in by_shares.items()
    }
    shared["position"] = position(paths, paths.count, kinds), position(paths, paths.value, kinds)
    shared["time_decay"] = (
        np.bincount(journeys.of_symbol, journeys.decay_credit, kinds),
        np.bincount(journeys.of_symbol, journeys.decay_value, kinds),
    )
    shared["markov"] = markov(paths, journeys.null_paths, kinds)
    return {name: shared[name] for name in MODELS}


def first(paths: Paths) -> Shares:
    """All to the first touch."""
    return Shares(paths.first, np.arange(len(paths)), 1.0)


def last(paths: Paths) -> Shares:
    """All to the last touch."""
    return Shares(paths.last, np.arange(len(paths)), 1.0)


def last_non_direct(journeys: Journeys) -> Shares:
    """All to the last touch that is not direct; to direct where all are."""
    paths = journeys.paths
    is_direct = np.array([symbol.is_direct for symbol in journeys.symbols], bool)
    standing = np.where(is_direct[journeys.converted.symbols], -1, np.arange(len(paths.symbols)))
    chosen = np.maximum.reduceat(standing, paths.starts[:-1]) if len(paths) else np.empty(0, np.int64)
    chosen = np.where(chosen < 0, paths.starts[1:] - 1, chosen)
    return Shares(paths.symbols[chosen], np.arange(len(paths)), 1.0)


def linear(paths: Paths) -> Shares:
    """The same to each touch."""
    return Shares(paths.symbols, paths.owner, (1 / np.maximum(paths.lengths, 1))[paths.owner])


def position(paths: Paths, of_path: Floats, kinds: int) -> Floats:
    """.4 to each end, the rest among those between: every touch gets its part of it, ends what they lack."""
    length = paths.lengths
    between = np.where(length > 2, (1 - 2 * ENDS) / np.maximum(length - 2, 1), 0.0)
    end = np.where(length > 2, ENDS - between, 0.5)
    return (
        np.bincount(paths.symbols, (between * of_path)[paths.owner], kinds)
        + np.bincount(paths.first, end * of_path, kinds)
        + np.bincount(paths.last, end * of_path, kinds)
    )


def shapley(paths: Paths, kinds: int) -> Shares:
    """The same to each channel of the path, however often it is on it."""
    path, channel = members(paths, kinds)
    size = np.bincount(path, minlength=len(paths))
    return Shares(channel, path, 1 / size[path])


def members(paths: Paths, kinds: int) -> tuple[Ints, Ints]:
    """Which channels are on which path, once each: the paths, and the channels."""
    pairs = np.sort(paths.owner * kinds + paths.symbols)
    is_new = np.ones(len(pairs), bool)
    is_new[1:] = pairs[1:] != pairs[:-1]
    path, channel = np.divmod(pairs[is_new], max(kinds, 1))
    return path, channel


def markov(converted: Paths, null: Paths, kinds: int) -> tuple[Floats, Floats]:
    """Conversions, and value, by each channel's part of all removal effects."""
    effects = removal_effects(converted, null, kinds)
    whole = effects.sum()
    part = effects / whole if whole > 0 else effects
    return part * converted.count.sum(), part * converted.value.sum()
