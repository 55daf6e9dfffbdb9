"""What a night costs: a portfolio rebuilt from two years of days, and one more day taken in.

    python -m bench.dips_nights [--series 20000] [--prophet]

With `--prophet` (install it into an environment of your own) it is fitted to a few of the same series in the
same run, with weekly and yearly seasons, for its points a second.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from bench.dips_population import population
from steadyhand.reporting.dips.detector import Detector

LIMITS = {"night_of_rebuild": 0.05, "times_prophet": 1000.0}
FITS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--series", type=int, default=20_000)
    parser.add_argument("--prophet", action="store_true")
    options = parser.parse_args()
    panel = population(1, options.series).panel
    detector, started, worked = Detector.of(panel), time.perf_counter(), time.process_time()
    for row in range(panel.days - 1):
        detector.advance(*panel.day(row))
    rebuilt, worked = time.perf_counter() - started, time.process_time() - worked
    told: dict[str, Any] = {
        "series": options.series,
        "rebuild_s": round(rebuilt, 2),
        "points_a_second": round((panel.days - 1) * options.series / rebuilt),
        "points_a_processor_second": round((panel.days - 1) * options.series / worked),
    }
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state.npz"
        detector.save(state)
        told["state_bytes_a_series"] = round(state.stat().st_size / options.series)
        again, started = Detector.of(panel), time.perf_counter()
        again.load(state)
        again.catch_up(panel)
        again.save(state)
        night = time.perf_counter() - started
    told |= {"night_s": round(night, 3), "night_of_rebuild": round(night / rebuilt, 4)}
    if options.prophet:
        rate = _prophet(panel.values[:, :FITS])
        told |= {"prophet_points_a_second": round(rate)}
        told |= {"times_prophet": round(told["points_a_second"] / rate)}
    print(json.dumps(told | {"limits": LIMITS}, indent=2))


def _prophet(values: np.ndarray[Any, Any]) -> float:
    """Points a second of fits, one after the other."""
    prophet, pandas = import_module("prophet"), import_module("pandas")
    dates = pandas.date_range("2024-01-01", periods=len(values))
    took = 0.0
    for column in values.T:
        frame = pandas.DataFrame({"ds": dates, "y": np.log1p(column)})
        started = time.perf_counter()
        prophet.Prophet(weekly_seasonality=True, yearly_seasonality=True, daily_seasonality=False).fit(frame)
        took += time.perf_counter() - started
    return float(values.size / took)


if __name__ == "__main__":
    main()
