"""What PyPI expects of a series: a process of the dips' benches, in the peers' own Python.

    python dips_peers.py prophet|mstl|autoets SERIES.npz EXPECTED.npz
    python dips_peers.py fit SERIES.npz TOOK.npz     # Prophet once to each whole series: seconds and points

`SERIES` holds, for each series NAME, logarithms `NAME.values` (NaN where not known), their `NAME.start` (ISO)
and `NAME.first` (steps before the first fit), and for all of them `hours` (of one step), `history` (most
steps fitted to), `step` (steps between fits) and `seasons` (in steps). Each fit sees the steps before it and
says what the next `step` will be: `NAME.mean` and `NAME.deviation`, besides the `seconds` and `points` of all
fits.
"""

from __future__ import annotations

import logging
import os
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

#: Width of the band asked for, and how many deviations lie from its edge to its edge.
LEVEL, DEVIATIONS = 80, 2 * 1.2815515655446004


def prophet(dates: pd.DatetimeIndex, known: Any, ahead: pd.DatetimeIndex, seasons: list[int]) -> Any:
    """Weekly and yearly seasons of days, daily and weekly ones of hours."""
    model = _fitted(dates, known, seasons)
    told = model.predict(pd.DataFrame({"ds": ahead}))
    return told["yhat"].to_numpy(), (told["yhat_upper"] - told["yhat_lower"]).to_numpy() / DEVIATIONS


def _fitted(dates: pd.DatetimeIndex, known: Any, seasons: list[int]) -> Any:
    from prophet import Prophet

    model = Prophet(
        daily_seasonality=24 in seasons,
        weekly_seasonality=True,
        yearly_seasonality=365 in seasons and len(known) >= 2 * 365,
        interval_width=LEVEL / 100,
    )
    model.fit(pd.DataFrame({"ds": dates, "y": known}), seed=1)
    return model


def fit(asked: Any, answer: str) -> None:
    """How long Prophet takes for all of a series (its own process counts); a first fit is not counted."""
    import prophet  # noqa: F401  # seconds of its own

    took = []
    names = sorted(part.removesuffix(".values") for part in asked.files if part.endswith(".values"))
    for name in [names[0], *names]:
        values = asked[f"{name}.values"]
        dates = pd.date_range(str(asked[f"{name}.start"]), periods=len(values), freq="D")
        began = (time.perf_counter(), sum(os.times()[:4]))
        _fitted(dates, values, asked["seasons"].tolist())
        took.append((time.perf_counter() - began[0], sum(os.times()[:4]) - began[1], len(values)))
    seconds, worked, points = (sum(one) for one in zip(*took[1:], strict=True))
    np.savez(answer, seconds=seconds, worked=worked, points=points)


def mstl(dates: pd.DatetimeIndex, known: Any, ahead: pd.DatetimeIndex, seasons: list[int]) -> Any:
    """Seasons taken apart, the rest by exponential smoothing."""
    from statsforecast.models import MSTL

    return _forecast(MSTL(season_length=[one for one in seasons if len(known) >= 2 * one]), known, len(ahead))


def autoets(dates: pd.DatetimeIndex, known: Any, ahead: pd.DatetimeIndex, seasons: list[int]) -> Any:
    """Exponential smoothing over its shortest season."""
    from statsforecast.models import AutoETS

    return _forecast(AutoETS(season_length=min(seasons)), known, len(ahead))


def _forecast(model: Any, known: Any, ahead: int) -> Any:
    """Neither takes gaps: what is not known is drawn straight between its neighbours."""
    whole = pd.Series(known).interpolate(limit_direction="both").to_numpy(dtype=np.float64)
    told = model.forecast(y=whole, h=ahead, level=[LEVEL])
    return told["mean"], (told[f"hi-{LEVEL}"] - told[f"lo-{LEVEL}"]) / DEVIATIONS


PEERS: dict[str, Callable[..., Any]] = {"prophet": prophet, "mstl": mstl, "autoets": autoets}


def main() -> None:
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    key, given, answer = sys.argv[1:]
    asked = np.load(given)
    if key == "fit":
        fit(asked, answer)
        return
    seasons, step, history = asked["seasons"].tolist(), int(asked["step"]), int(asked["history"])
    told, took, points = {}, 0.0, 0
    for name in sorted(part.removesuffix(".values") for part in asked.files if part.endswith(".values")):
        values = asked[f"{name}.values"]
        dates = pd.date_range(
            str(asked[f"{name}.start"]), periods=len(values), freq=f"{int(asked['hours'])}h"
        )
        mean, deviation = np.full(len(values), np.nan), np.full(len(values), np.nan)
        for first in range(int(asked[f"{name}.first"]), len(values), step):
            past, ahead = slice(max(0, first - history), first), slice(first, min(first + step, len(values)))
            began = time.perf_counter()
            mean[ahead], deviation[ahead] = PEERS[key](dates[past], values[past], dates[ahead], seasons)
            took, points = took + time.perf_counter() - began, points + first - past.start
        told[f"{name}.mean"], told[f"{name}.deviation"] = mean, deviation
    np.savez(answer, seconds=took, points=points, **told)


if __name__ == "__main__":
    main()
