"""Removal effects of a first-order Markov chain over channels, exact.

States: start, the channels, conversion, nothing. A channel's removal effect is the part of all conversions
that is lost when whoever comes to the channel goes nowhere. With N the expected visits (one inverse) and h
the chance of a conversion from a state it is N[start, c] / N[c, c] · h(c) / h(start): the chance to come to c
at all, times the chance to convert from there. Anderl, Becker, von Wangenheim and Schumann (2014) define the
effect.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from steadyhand.reporting.attribution.paths import Floats, Paths

Matrix = npt.NDArray[np.float64]


def transitions(converted: Paths, null: Paths, kinds: int) -> Matrix:
    """How often each state was followed by each: rows start and channels, columns channels, conversion,
    nothing.
    """
    counts = np.zeros((kinds + 1) * (kinds + 2))
    for paths, ending in ((converted, kinds), (null, kinds + 1)):
        if not len(paths):
            continue
        step = np.empty(len(paths.symbols), np.int64)
        np.add(paths.symbols[:-1], 1, out=step[1:])
        step[paths.starts[:-1]] = 0
        step *= kinds + 2
        step += paths.symbols
        counts += np.bincount(step, paths.spread(paths.count), counts.size)
        counts += np.bincount((paths.last + 1) * (kinds + 2) + ending, paths.count, counts.size)
    return counts.reshape(kinds + 1, kinds + 2)


def removal_effects(converted: Paths, null: Paths, kinds: int) -> Floats:
    """The removal effect of each channel, 0 to 1."""
    return effects_of(transitions(converted, null, kinds))


def effects_of(counts: Matrix) -> Floats:
    """Removal effects from counted transitions (K + 1 rows, K + 2 columns)."""
    kinds = counts.shape[0] - 1
    effects = np.zeros(kinds)
    used = np.flatnonzero(counts[1:].sum(axis=1) > 0)
    if not counts[:, kinds].sum():
        return effects
    rows = np.concatenate([[0], used + 1])
    seen = counts[rows]
    chance = seen / seen.sum(axis=1, keepdims=True)
    visits = np.linalg.inv(np.eye(len(used)) - chance[1:, used])
    converts = visits @ chance[1:, kinds]
    coming = chance[0, used] @ visits / np.diag(visits)
    of_all = chance[0, kinds] + chance[0, used] @ converts
    effects[used] = coming * converts / of_all
    return effects
