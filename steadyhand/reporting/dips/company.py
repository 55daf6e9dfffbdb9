"""What happens to everybody on one day: a holiday, an outage, the way it is counted. It is nobody's own dip
(R2).

In a large book the median of the series says it. In a small one, where a client's own dip is half of all
series, clients are asked one by one: most of them must have fallen (or risen) beyond what their own noise
explains.
"""

from __future__ import annotations

from math import comb

import numpy as np

from steadyhand.reporting.dips.filtering import LOADS, WARM_UP, Due, Filter, Nature
from steadyhand.reporting.dips.panel import Floats, Whole

#: Series from which on a median over all of them is told.
MANY = 30
#: A series says nothing of everybody under so many expected.
LEAST = 20
#: A small book: at least so many clients, of which such a share must move the same way.
FEWEST, MOST_OF_THEM = 5, 0.6
#: A client moved where its main series lies so many deviations off; how often one does so by chance, and how
#: often by chance as many do on one day at most.
MOVED, BY_CHANCE, RARE = 2.0, 0.05, 1e-4


def common_mode(known: Filter, nature: Nature, told: Due) -> float:
    """What happened to everybody that day, as a logarithm; 0 where too few could tell.

    The median over the larger, well-known counts (of a small book: over clients, by the largest of each),
    drawn towards 0 by its own uncertainty.
    """
    chosen = nature.anchors
    expected = told.expected[chosen]
    fit = told.here[chosen] & (known.seen[chosen] >= WARM_UP) & (expected >= LEAST)
    count = int(np.count_nonzero(fit))
    if count < (MANY if nature.many else FEWEST):
        return 0.0
    chosen, bit = chosen[fit], nature.counted[chosen[fit]]
    if not nature.many:
        largest = _largest_of_each(nature.clients[chosen], expected[fit])
        chosen, bit = chosen[largest], bit[largest]
    expected = told.expected[chosen]
    ratio = np.maximum(told.amount[chosen] + bit, 0) / (expected + bit)
    moved = np.log(np.maximum(ratio, np.float32(0.05)))
    if not nature.many and not _most_moved(moved / np.sqrt(known.phi[chosen] + 1 / expected)):
        return 0.0
    load = np.clip(known.load_top[chosen] / known.load_bottom[chosen], *LOADS)
    low, middle, high = np.percentile(moved / load, (25, 50, 75))
    error = 1.25 * max(float(high - low) / 1.35, 1e-4) / float(np.sqrt(len(chosen)))
    keep = max(0.0, 1.0 - (error / max(abs(float(middle)), 1e-9)) ** 2)
    return float(middle) * keep


def _largest_of_each(clients: Whole, expected: Floats) -> Whole:
    """Where the main series of each client stands: the one of which the most is expected."""
    order = np.lexsort((-expected, clients))
    first = np.append(True, np.diff(clients[order]) != 0)
    largest: Whole = order[first].astype(np.int32)
    return largest


def _most_moved(scores: Floats) -> bool:
    """Whether most clients moved the same way, more of them than independent noise explains."""
    of = len(scores)
    if of < FEWEST:
        return False
    count = max(int((scores <= -MOVED).sum()), int((scores >= MOVED).sum()))
    by_chance = sum(comb(of, k) * BY_CHANCE**k * (1 - BY_CHANCE) ** (of - k) for k in range(count, of + 1))
    return count >= MOST_OF_THEM * of and 2 * by_chance <= RARE
