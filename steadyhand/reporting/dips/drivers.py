"""Which slice drives a loss: a Poisson scan over all single and pairwise slices (R2).

Each slice is asked how much better the figures are explained if it fell by a share of its own and everything
else by another. Of a dimension with many values some value always looks odd, so each slice pays the logarithm
of how many there are of its sort.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

#: A slice explains something where it makes the figures so many times as likely, as a logarithm.
CONVINCING = 6.0

type Cells = NDArray[np.float64]
type Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Driver:
    """A slice: `where` is (dimension, value) once or twice; `share` of the whole loss that it bears."""

    where: tuple[tuple[int, int], ...]
    expected: float
    observed: float
    share: float
    weight: float


def drivers(
    observed: Cells, expected: Cells, codes: Sequence[Codes], sizes: Sequence[int], *, most: int = 3
) -> list[Driver]:
    """The slices that explain a loss best, the best first; none where it fell everywhere alike.

    `observed` and `expected` have one entry for each cell, `codes` one array for each dimension with the
    value of each cell (0 ≤ value < size). A pair is named only where it explains more than either half.
    """
    total, due = float(observed.sum()), float(expected.sum())
    if due <= 0:
        return []
    found: list[Driver] = []
    for dims in [*((one,) for one in range(len(codes))), *combinations(range(len(codes)), 2)]:
        found += _best(observed, expected, codes, sizes, dims, total, due, most)
    found.sort(key=lambda one: -one.weight)
    return _distinct([one for one in found if one.weight > CONVINCING])[:most]


def _best(
    observed: Cells,
    expected: Cells,
    codes: Sequence[Codes],
    sizes: Sequence[int],
    dims: tuple[int, ...],
    total: float,
    due: float,
    most: int,
) -> list[Driver]:
    """The best slices over these dimensions."""
    place = codes[dims[0]] if len(dims) == 1 else codes[dims[0]] * sizes[dims[1]] + codes[dims[1]]
    count = int(np.prod([sizes[dim] for dim in dims]))
    seen = np.bincount(place, observed, count)
    hoped = np.bincount(place, expected, count)
    weight = _explained(seen, hoped, total, due) - np.log(max(int((hoped > 0).sum()), 1))
    top = np.argpartition(-weight, min(most, count - 1))[:most] if count > most else np.arange(count)
    return [
        Driver(
            _where(dims, int(slot), sizes),
            float(hoped[slot]),
            float(seen[slot]),
            min(1.0, float((hoped[slot] - seen[slot]) / max(due - total, 1e-9))) if total < due else 1.0,
            float(weight[slot]),
        )
        for slot in top
        if weight[slot] > 0
    ]


def _explained(seen: Cells, hoped: Cells, total: float, due: float) -> Cells:
    """How much likelier the figures are with a share of its own, for slices that fell more than the rest."""
    rest, rest_due = np.maximum(total - seen, 0), np.maximum(due - hoped, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = np.where(seen > 0, seen * np.log(seen / hoped), 0)
        outside = np.where(rest > 0, rest * np.log(rest / rest_due), 0)
        fell_more = (hoped > 0) & (rest_due > 0) & (seen * rest_due < rest * hoped)
        gain = inside + outside - total * np.log(total / due) if total > 0 else inside
    return np.where(fell_more, gain, 0)


def _where(dims: tuple[int, ...], slot: int, sizes: Sequence[int]) -> tuple[tuple[int, int], ...]:
    if len(dims) == 1:
        return ((dims[0], slot),)
    return ((dims[0], slot // sizes[dims[1]]), (dims[1], slot % sizes[dims[1]]))


def _distinct(found: list[Driver]) -> list[Driver]:
    """Without slices that lie within, or around, a better one: those fell because it did."""
    kept: list[Driver] = []
    for one in found:
        mine = set(one.where)
        if not any(mine <= set(other.where) or set(other.where) <= mine for other in kept):
            kept.append(one)
    return kept
