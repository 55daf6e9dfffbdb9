"""Dips put into real series, and who notices them: what `bench.dips_real` and `bench.dips_ratios` share.

A method gives each step of a series a score (larger: further below what it expected). Its threshold is set on
the series as they are, at so many false periods; a dip is noticed once a step of it lies beyond. A series as
it is may hold real dips: the same for all, and nobody's figures are as good as they would be without.
"""

from __future__ import annotations

import copy
import csv
import datetime as dt
import hashlib
import json
import os
import subprocess
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steadyhand.reporting.dips.detector import Detector
from steadyhand.reporting.dips.panel import Kind, Panel

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "build" / "bench-dips"
PEERS = ("prophet", "mstl", "autoets")
DEPTHS = (0.2, 0.3, 0.5, 0.7)

type Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Real:
    """A series: NaN where a step is not known; judged from the step `first` on."""

    name: str
    start: dt.datetime
    values: Numbers
    first: int


@dataclass(frozen=True)
class Rules:
    """How a kind of series is judged: hours a step, what a peer's fit gets, dips every `stride` steps.

    `bit` is added before logarithms are taken; a dip lasts for a `period`.
    """

    hours: int
    history: int
    refit: int
    seasons: tuple[int, ...]
    period: int
    waits: tuple[int, ...]
    stride: int
    bit: float = 1.0


def read(file: Path) -> list[tuple[dt.datetime, float]]:
    """Moments and values of a file's first two columns, in order."""
    with file.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.reader(lines))[1:]
    return sorted((dt.datetime.fromisoformat(row[0]), float(row[1])) for row in rows)


def evenly(rows: list[tuple[dt.datetime, float]], step: dt.timedelta) -> Numbers:
    """A value for each step from the first, the last one told; NaN where there is none."""
    start = rows[0][0]
    values = np.full((rows[-1][0] - start) // step + 1, np.nan)
    for moment, value in rows:
        values[(moment - start) // step] = value
    return values


def python_of_peers() -> str:
    """The Python of an environment with the peers, made the first time."""
    folder = FOLDER / "peers"
    python = str(folder / "bin" / "python")
    if not (folder / "ready").exists():
        venv.create(folder, with_pip=True, clear=True)
        wanted = str(ROOT / "bench" / "dips_peers.txt")
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", wanted], check=True)
        (folder / "ready").touch()
    return python


def expected_by(peer: str, series: list[Real], rules: Rules, python: str) -> dict[str, Any]:
    """What a peer expects of all steps judged; kept by what was asked, because it takes long."""
    asked: dict[str, Any] = {"hours": rules.hours, "history": rules.history, "step": rules.refit}
    asked["seasons"] = np.array(rules.seasons)
    for one in series:
        told = {"values": np.log(one.values + rules.bit), "start": one.start.isoformat(), "first": one.first}
        asked |= {f"{one.name}.{key}": value for key, value in told.items()}
    mark = hashlib.blake2b(digest_size=8)
    for key in sorted(asked):
        mark.update(key.encode() + np.asarray(asked[key]).tobytes())
    FOLDER.mkdir(parents=True, exist_ok=True)
    answer = FOLDER / f"{peer}-{mark.hexdigest()}.npz"
    if not answer.exists():
        given, making = answer.with_suffix(".given.npz"), answer.with_suffix(f".{os.getpid()}.npz")
        np.savez(given, **asked)
        command = [python, str(ROOT / "bench" / "dips_peers.py"), peer, str(given), str(making)]
        subprocess.run(command, check=True)
        making.replace(answer)
    with np.load(answer) as told:
        return dict(told)


@dataclass(frozen=True)
class Scores:
    """A method's scores: of the steps as they are, and by depth of the first steps of each dip put in."""

    plain: list[Numbers]
    dipped: dict[float, list[Numbers]]  # (dips, steps), by series


def beginnings(one: Real, rules: Rules) -> NDArray[np.int64]:
    """The steps at which dips are put in."""
    return np.arange(one.first + rules.period, len(one.values) - rules.period, rules.stride)


def of_peer(expected: dict[str, Any], series: list[Real], rules: Rules) -> Scores:
    """How far below the mean of its forecast each step lies, in its deviations."""
    plain: list[Numbers] = []
    dipped: dict[float, list[Numbers]] = {depth: [] for depth in DEPTHS}
    for one in series:
        mean, deviation = (np.asarray(expected[f"{one.name}.{part}"]) for part in ("mean", "deviation"))
        rows = beginnings(one, rules)[:, None] + np.arange(rules.period)
        for depth, share in ((0.0, 1.0), *((depth, 1 - depth) for depth in DEPTHS)):
            score = (mean - np.log(one.values * share + rules.bit)) / np.maximum(deviation, 1e-9)
            score = np.nan_to_num(score, nan=-np.inf)
            if depth:
                dipped[depth].append(score[rows])
            else:
                plain.append(score[one.first :])
    return Scores(plain, dipped)


def of_ours(series: list[Real], rules: Rules, kind: Kind) -> Scores:
    """The detector's own scores; it lives through each dip, from where it stood on the day before."""
    plain: list[Numbers] = []
    dipped: dict[float, list[Numbers]] = {depth: [] for depth in DEPTHS}
    for one in series:
        starts, went = set(beginnings(one, rules).tolist()), []
        detector = Detector.of(_panel(one, kind, 24 // rules.hours))
        told = np.empty(len(one.values))
        for row, value in enumerate(one.values):
            if row in starts:
                went.append(_through(copy.deepcopy(detector), one.values[row : row + rules.period], kind))
            told[row] = _score(detector, np.full(len(DEPTHS), value))[0]
        plain.append(told[one.first :])
        for number, depth in enumerate(DEPTHS):
            dipped[depth].append(np.stack(went)[:, :, number])
    return Scores(plain, dipped)


def _panel(one: Real, kind: Kind, steps: int) -> Panel:
    """One column for each depth."""
    columns = len(DEPTHS)
    return Panel(
        [str(depth) for depth in DEPTHS],
        one.start.date(),
        np.full(columns, kind, np.int8),
        np.full(columns, -1, np.int8),
        np.empty((0, columns), np.float32),
        steps=steps,
    )


def _through(detector: Detector, values: Numbers, kind: Kind) -> Numbers:
    """Scores (steps, depths) of a detector that sees these steps lowered by each depth."""
    lowered = values[:, None] * (1 - np.array(DEPTHS))
    return np.stack([_score(detector, row) for row in (np.round(lowered) if kind is Kind.COUNT else lowered)])


def _score(detector: Detector, values: Numbers) -> Numbers:
    detector.advance(values.astype(np.float32), common=0.0)  # copies of one series are no crowd
    return np.where(np.isfinite(values), detector.scores, -np.inf)


def threshold(scores: Scores, rules: Rules, false: float, years: float) -> float:
    """What lies beyond it in so many periods a series-year as they are, no more."""
    worst = []
    for plain in scores.plain:
        whole = plain[: len(plain) // rules.period * rules.period]
        worst.append(whole.reshape(-1, rules.period).max(axis=1))
    told = np.sort(np.concatenate(worst))[::-1]
    return float(told[min(round(false * years), len(told) - 1)])


def noticed(scores: Scores, rules: Rules, beyond: float) -> dict[float, list[float]]:
    """By depth: the share of dips of which a step up to each wait lies beyond the threshold; series alike."""
    return {
        depth: [
            float(np.mean([(dips[:, :wait] > beyond).any(axis=1).mean() for dips in by_series]))
            for wait in rules.waits
        ]
        for depth, by_series in scores.dipped.items()
    }


def report(
    table: dict[str, Scores],
    rules: Rules,
    false: tuple[float, ...],
    period: str,
    span: str,
    spans: float,
    limits: dict[str, float],
) -> None:
    """A table for people, then JSON: ours first, each method by its own threshold."""
    cells: dict[str, Numbers] = {}
    for allowed in false:
        print(f"{allowed:g} false {period} a {span}; noticed by {rules.waits} steps")
        for name, scores in table.items():
            beyond = threshold(scores, rules, allowed, spans)
            got = noticed(scores, rules, beyond)
            said = "   ".join(
                f"-{depth:.0%} " + "/".join(f"{one:.2f}" for one in got[depth]) for depth in got
            )
            print(f"  {name:<10}{said}   mean {np.mean(list(got.values())):.3f}")
            cells[name] = np.append(cells.get(name, []), list(got.values()))
    mine, peers = cells["ours"], {name: told for name, told in cells.items() if name != "ours"}
    best = max(peers, key=lambda name: float(peers[name].mean()))
    result = {
        "mean": {name: round(float(told.mean()), 3) for name, told in cells.items()},
        "best_peer": best,
        "mean_less_best_peer": round(float(mine.mean() - peers[best].mean()), 3),
        "worst_cell_less_best_of_all_peers": round(
            float((mine - np.max(list(peers.values()), axis=0)).min()), 3
        ),
        "limits": limits,
    }
    print(json.dumps(result, indent=2))
