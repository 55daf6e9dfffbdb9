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
from steadyhand.reporting.attribution.sets import Sets, sets

ENDS = 0.4


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which symbol gets all of a path."""

    symbol: Ints

    def summed(self, of_path: Floats, kinds: int) -> Floats:
        """What each symbol gets when path n is worth `of_path[n]`."""
        return np.bincount(self.symbol, of_path, kinds)


def credits(journeys: Journeys) -> Mapping[str, tuple[Floats, Floats]]:
    """Conversions and value of each channel, by model; channels as `journeys.channels` lists them."""
    paths, kinds = journeys.paths, len(journeys.channels)
    by_choice = {
        "last": last(paths),
        "last_non_direct": last_non_direct(journeys),
        "first": first(paths),
    }
    shared = {
        name: (chosen.summed(paths.count, kinds), chosen.summed(paths.value, kinds))
        for name, chosen in by_choice.items()
    }
    shared["linear"] = linear(paths, paths.count, kinds), linear(paths, paths.value, kinds)
    together = sets(paths, kinds)
    shared["shapley"] = shapley(together, paths.count), shapley(together, paths.value)
    shared["position"] = position(paths, paths.count, kinds), position(paths, paths.value, kinds)
    shared["time_decay"] = (
        np.bincount(journeys.of_symbol, journeys.decay_credit, kinds),
        np.bincount(journeys.of_symbol, journeys.decay_value, kinds),
    )
    shared["markov"] = markov(paths, journeys.null_paths, kinds)
    return {name: shared[name] for name in MODELS}


def first(paths: Paths) -> Chosen:
    """All to the first touch."""
    return Chosen(paths.first)


def last(paths: Paths) -> Chosen:
    """All to the last touch."""
    return Chosen(paths.last)


def last_non_direct(journeys: Journeys) -> Chosen:
    """All to the last touch that is not direct; to direct where all are."""
    paths = journeys.paths
    is_direct = np.array([symbol.is_direct for symbol in journeys.symbols], bool)
    standing = np.where(is_direct[journeys.converted.symbols], -1, np.arange(len(paths.symbols)))
    chosen = np.maximum.reduceat(standing, paths.starts[:-1]) if len(paths) else np.empty(0, np.int64)
    chosen = np.where(chosen < 0, paths.starts[1:] - 1, chosen)
    return Chosen(paths.symbols[chosen])


def linear(paths: Paths, of_path: Floats, kinds: int) -> Floats:
    """The same to each touch."""
    return np.bincount(paths.symbols, paths.spread(of_path / np.maximum(paths.lengths, 1)), kinds)


def position(paths: Paths, of_path: Floats, kinds: int) -> Floats:
    """.4 to each end, the rest among those between: every touch gets its part of it, ends what they lack."""
    length = paths.lengths
    between = np.where(length > 2, (1 - 2 * ENDS) / np.maximum(length - 2, 1), 0.0)
    end = np.where(length > 2, ENDS - between, 0.5)
    return (
        np.bincount(paths.symbols, paths.spread(between * of_path), kinds)
        + np.bincount(paths.first, end * of_path, kinds)
        + np.bincount(paths.last, end * of_path, kinds)
    )


def shapley(together: Sets, of_path: Floats) -> Floats:
    """The same to each channel of the path, however often it is on it."""
    worth = together.summed(of_path)
    return together.by_channel(worth / np.maximum(together.sizes, 1))


def markov(converted: Paths, null: Paths, kinds: int) -> tuple[Floats, Floats]:
    """Conversions, and value, by each channel's part of all removal effects."""
    effects = removal_effects(converted, null, kinds)
    whole = effects.sum()
    part = effects / whole if whole > 0 else effects
    return part * converted.count.sum(), part * converted.value.sum()
