"""How sure the data-driven models are of few conversions: bootstrap intervals over whole paths.

Paths, converted and null, are drawn again with replacement `DRAWS` times; the interval holds the middle 90%.
"""

from __future__ import annotations

import numpy as np

from steadyhand.reporting.attribution.crediting import markov, shapley
from steadyhand.reporting.attribution.journeys import Journeys
from steadyhand.reporting.attribution.sets import sets

DRAWS = 200
MIDDLE = (5, 95)
#: The same data gives the same interval.
SEED = 20


def intervals(journeys: Journeys) -> dict[str, dict[str, list[float]]]:
    """Model → channel → [low, high] of its credit, for Markov and Shapley."""
    names, converted, null = journeys.channels, journeys.paths, journeys.null_paths
    chance = np.random.default_rng(SEED)
    seen = np.concatenate([converted.count, null.count])
    drawn = chance.multinomial(round(seen.sum()), seen / seen.sum(), DRAWS).astype(float)
    mine = drawn[:, : len(converted)]
    together = sets(converted, len(names))
    draws = {
        "markov": [
            markov(converted.weighed(row[: len(converted)]), null.weighed(row[len(converted) :]), len(names))[
                0
            ]
            for row in drawn
        ],
        "shapley": [shapley(together, row) for row in mine],
    }
    return {model: _middle(np.array(rows), names) for model, rows in draws.items()}


def _middle(rows: np.ndarray, names: list[str]) -> dict[str, list[float]]:
    low, high = np.percentile(rows, MIDDLE, axis=0)
    return {name: [float(low[n]), float(high[n])] for n, name in enumerate(names)}
