"""What a night costs: a portfolio rebuilt from two years of days, and one more day taken in.

    python -m bench.dips_nights [--series 200000] [--prophet [--peers PYTHON]]

With `--prophet` it is fitted to the logarithms of a few of the same series, with weekly and yearly seasons,
just before and just after the rebuild, for its points a second: fits alone, nothing forecast.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from bench.dips_beside import python_of_peers
from bench.dips_population import population
from steadyhand.reporting.dips.detector import Detector
from steadyhand.reporting.dips.panel import Panel

LIMITS = {"night_of_rebuild": 0.05, "times_prophet": 1000.0}
FITS, NIGHTS, AT_ONCE = 8, 3, 20_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--series", type=int, default=200_000)
    parser.add_argument("--prophet", action="store_true")
    parser.add_argument("--peers", help="a Python that has Prophet; without it one is made")
    options = parser.parse_args()
    panel, before = portfolio(options.series), most_memory()
    python = (options.peers or python_of_peers()) if options.prophet else ""
    rates = [prophet(panel, python)] if python else []
    detector, started, worked = Detector.of(panel), time.perf_counter(), time.process_time()
    detector.catch_up(panel, panel.days - 1)
    rebuilt, worked = time.perf_counter() - started, time.process_time() - worked
    rates += [prophet(panel, python)] if python else []
    points = (panel.days - 1) * options.series
    took, size = night(detector, panel)
    told: dict[str, Any] = {
        "series": options.series,
        "rebuild_s": round(rebuilt, 2),
        "points_a_second": round(points / rebuilt),
        "points_a_processor_second": round(points / worked),
        "memory_MB": {"panel": round(panel.values.nbytes / 2**20), "before": before, "most": most_memory()},
        "state_bytes_a_series": round(size / options.series),
        "night_s": round(took, 3),
        "night_of_rebuild": round(took / rebuilt, 4),
    }
    if rates:
        wall, worked_for = (sum(rate) / len(rates) for rate in zip(*rates, strict=True))
        told |= {"prophet_points_a_second": round(wall), "times_prophet": round(points / rebuilt / wall)}
        told["times_prophet_a_processor_second"] = round(points / worked / worked_for)
    print(json.dumps(told | {"limits": LIMITS}, indent=2))


def portfolio(series: int) -> Panel:
    """Made up a part at a time: making it takes more memory than looking at it."""
    parts = [population(1 + at, min(AT_ONCE, series - at)).panel for at in range(0, series, AT_ONCE)]
    kinds, worse = (np.concatenate([getattr(part, key) for part in parts]) for key in ("kinds", "worse"))
    values = np.concatenate([part.values for part in parts], axis=1)
    return Panel([str(one) for one in range(series)], parts[0].start, kinds, worse, values)


def night(detector: Detector, panel: Panel) -> tuple[float, int]:
    """Seconds to take up what is known, take in the last day and put it away (the best); its size."""
    with tempfile.TemporaryDirectory() as folder:
        state, after = Path(folder) / "state", Path(folder) / "after"
        detector.save(state)
        nights = []
        for _ in range(NIGHTS):
            again, started = Detector.of(panel), time.perf_counter()
            again.load(state)
            again.catch_up(panel)
            again.save(after)
            nights.append(time.perf_counter() - started)
        return min(nights), state.stat().st_size


def prophet(panel: Panel, python: str) -> tuple[float, float]:
    """Points a second, and a processor second, of fits one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        given, answer = Path(folder) / "series.npz", Path(folder) / "took.npz"
        asked: dict[str, Any] = {"seasons": np.array([7, 365])}
        for one in range(FITS):
            asked[f"{one}.values"], asked[f"{one}.start"] = np.log1p(panel.values[:, one]), str(panel.start)
        np.savez(given, **asked)
        script = str(Path(__file__).with_name("dips_peers.py"))
        subprocess.run([python, script, "fit", str(given), str(answer)], check=True, capture_output=True)
        with np.load(answer) as took:
            return float(took["points"] / took["seconds"]), float(took["points"] / took["worked"])


def most_memory() -> int:
    """The most this process has had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
