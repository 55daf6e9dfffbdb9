"""Reports beside the models: assisted conversions, top paths, path length, time lag.

As multi-channel reports define them: a channel assists a conversion when it is on the path anywhere but as
the last touch; one that touched early and last does both.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from steadyhand.reporting.attribution.crediting import first, last
from steadyhand.reporting.attribution.journeys import Journeys
from steadyhand.reporting.attribution.sets import sets

Rows = list[dict[str, Any]]


def assisted(journeys: Journeys) -> dict[str, dict[str, float | None]]:
    """By channel: conversions it assisted, their value, those it opened and closed; assists a close."""
    names, paths = journeys.channels, journeys.paths
    kinds = len(names)
    helps = sets(paths, kinds, before_last=True)
    assists, value = (helps.by_channel(helps.summed(of_path)) for of_path in (paths.count, paths.value))
    opened, closed = first(paths).summed(paths.count, kinds), last(paths).summed(paths.count, kinds)
    return {
        name: {
            "conversions": float(assists[n]),
            "value": float(value[n]),
            "first": float(opened[n]),
            "last": float(closed[n]),
            "ratio": float(assists[n] / closed[n]) if closed[n] else None,
        }
        for n, name in enumerate(names)
    }


def top_paths(journeys: Journeys, top: int) -> Rows:
    """The paths with the most conversions; a path is the channels in order, repeats kept."""
    names, paths = journeys.channels, journeys.paths
    joined: dict[bytes, list[float]] = {}
    # Two symbols of a channel (direct or not) give one path, so more than the top are looked at.
    for n in np.argsort(-paths.count, kind="stable")[: 4 * top + 100]:
        key = paths.symbols[paths.starts[n] : paths.starts[n + 1]].tobytes()
        seen = joined.setdefault(key, [0.0, 0.0])
        seen[0] += paths.count[n]
        seen[1] += paths.value[n]
    rows = [
        {"path": [names[c] for c in np.frombuffer(key, np.int64)], "conversions": count, "value": value}
        for key, (count, value) in joined.items()
    ]
    rows.sort(key=lambda row: (-float(str(row["conversions"])), len(str(row["path"])), str(row["path"])))
    return rows[:top]


def lengths(journeys: Journeys) -> Rows:
    """Conversions by how many touches their path has."""
    paths = journeys.converted
    count = np.bincount(paths.lengths, paths.count)
    value = np.bincount(paths.lengths, paths.value)
    return [
        {"touches": int(n), "conversions": float(count[n]), "value": float(value[n])}
        for n in np.flatnonzero(count)
    ]


def lags(journeys: Journeys) -> Rows:
    """Conversions by whole days from the first touch of their path."""
    return [
        {"days": int(n), "conversions": float(journeys.lag_count[n]), "value": float(journeys.lag_value[n])}
        for n in np.flatnonzero(journeys.lag_count)
    ]
