"""A night: every client's figures are compared with what was to be expected, as far as they are new.

What is known is put away after each night. Each day of the panel has a check sum, so that a revision is
noticed: the newest state from before it is taken up again and the days since are replayed, which gives what a
fresh build gives.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steadyhand.reporting.dips.detector import Detector
from steadyhand.reporting.dips.incidents import Found
from steadyhand.reporting.dips.panel import Kind, Panel
from steadyhand.reporting.dips.portfolio import driving, portfolio

#: Revisions reach back a few days: states are kept of the last nights and, every few days, of the last weeks.
NIGHTS, EVERY, WEEKS = 2, 4, 12
#: Days in the picture of a dip, and how wide its band is.
PICTURE, BAND = 70, 2.5
#: Everybody moved where the common mode goes beyond this, as a logarithm.
SHOCK = 0.12


def night(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Look at every client's figures up to `until`; what is or was a dip since `since`, with its picture.

    `folder` keeps what is known between nights; `strictness` has, by series, what answers have taught.
    """
    panel = portfolio(asked)
    if not panel.names:
        return {"incidents": [], "shocks": [], "series": 0, "replayed": 0}
    detector, replayed = look_at(panel, Path(asked["folder"]), asked["strictness"])
    since = (dt.date.fromisoformat(asked["since"]) - panel.start).days
    found = [one for one in detector.incidents() if one.last is None or one.last >= since]
    pictures = _pictures(panel, detector, found)
    return {
        "incidents": [
            _told(asked, panel, one, picture) for one, picture in zip(found, pictures, strict=True)
        ],
        "shocks": _shocks(panel, detector, since),
        "series": len(panel.names),
        "replayed": replayed,
    }


def look_at(panel: Panel, folder: Path, strictness: Mapping[str, float]) -> tuple[Detector, int]:
    """A detector that has seen the whole panel, and how many days it had to see for that."""
    folder.mkdir(parents=True, exist_ok=True)
    detector = Detector.of(panel)
    sums = check_sums(panel, detector.layout())
    for state in sorted(folder.glob("*.state"), reverse=True):
        if _fits(state, sums):
            detector.load(state)
            break
    told = [strictness.get(name, 1.0) for name in panel.names]
    detector.standing.strictness = np.array(told, np.float32)
    before = detector.day
    for stop in (panel.days - WEEKS, panel.days - EVERY, panel.days):
        if stop > detector.day:
            detector.catch_up(panel, stop)
            _put_away(detector, folder, sums)
    return detector, detector.day - before


def check_sums(panel: Panel, layout: list[str]) -> list[str]:
    """One for each day, over what is kept, what the series are and everything up to that day."""
    about = json.dumps([layout, panel.names, panel.start.isoformat()]) + panel.kinds.tobytes().hex()
    running = hashlib.blake2b((about + panel.worse.tobytes().hex()).encode(), digest_size=16)
    sums = []
    for row in range(panel.days):
        amounts, exposures = panel.day(row)
        running.update(amounts.tobytes())
        if exposures is not None:
            running.update(exposures.tobytes())
        sums.append(running.hexdigest())
    return sums


def _fits(state: Path, sums: list[str]) -> bool:
    """Whether the state was made of the same days: its name says how many, and their check sum."""
    days, _, checked = state.stem.partition("-")
    return days.isdigit() and 0 < int(days) <= len(sums) and sums[int(days) - 1] == checked


def _put_away(detector: Detector, folder: Path, sums: list[str]) -> None:
    detector.save(folder / f"{detector.day:05d}-{sums[detector.day - 1]}.state")
    states = {state: detector.day - int(state.stem.partition("-")[0]) for state in folder.glob("*.state")}
    fit = {state: age for state, age in states.items() if _fits(state, sums)}
    older = min((age for age in fit.values() if age > NIGHTS), default=0)
    for state in states:
        age = fit.get(state, WEEKS + 1)
        regular = age <= WEEKS and (detector.day - age) % EVERY == 0
        if not (0 <= age <= NIGHTS or regular or age == older):
            state.unlink(missing_ok=True)


def _pictures(panel: Panel, detector: Detector, found: list[Found]) -> list[list[list[Any]]]:
    """For each: lines of day, value, expected, low and high, up to the last day."""
    which = sorted({one.series for one in found})
    if not which:
        return []
    place = {series: number for number, series in enumerate(which)}
    narrow = _narrowed(panel, which)
    again, shown = Detector.of(narrow), []
    for row in range(narrow.days):
        seen = again.advance(*narrow.day(row), common=detector.common[row])
        if row >= narrow.days - PICTURE:
            width = BAND * np.sqrt(seen.variance) / 2
            weight = np.maximum(seen.weight, 1e-9)
            expected = np.where(seen.here, seen.expected / weight, np.nan)
            low, high = np.maximum(1 - width, 0) ** 2 * expected, (1 + width) ** 2 * expected
            value = np.where(seen.here, seen.amount / weight, np.nan)
            shown.append(np.stack([value, expected, low, high]))
    first = narrow.start + dt.timedelta(days=narrow.days - len(shown))
    days = [(first + dt.timedelta(days=number)).isoformat() for number in range(len(shown))]
    return [
        [[day, *_plain(lines[:, place[one.series]])] for day, lines in zip(days, shown, strict=True)]
        for one in found
    ]


def _plain(numbers: NDArray[np.floating]) -> Iterable[float | None]:
    return (float(f"{number:.6g}") if np.isfinite(number) else None for number in numbers.tolist())


def _narrowed(panel: Panel, which: list[int]) -> Panel:
    return Panel(
        [panel.names[one] for one in which],
        panel.start,
        panel.kinds[which],
        panel.worse[which],
        panel.values[:, which],
        None if panel.exposures is None else panel.exposures[:, which],
    )


def _told(asked: Mapping[str, Any], panel: Panel, one: Found, picture: list[list[Any]]) -> dict[str, Any]:
    place, _, metric = panel.names[one.series].partition(":")
    averaged = panel.kinds[one.series] not in (Kind.COUNT, Kind.MONEY)
    share = max(one.weight, 1e-9) if averaged else 1.0
    first = panel.start + dt.timedelta(days=one.first)
    last = panel.start + dt.timedelta(days=panel.days - 1 if one.last is None else one.last)
    slices = [] if averaged else driving(asked, int(place), metric, first, last)
    return {
        "client": int(place),
        "metric": metric,
        "first_day": first.isoformat(),
        "last_day": None if one.last is None else last.isoformat(),
        "noticed_on": (panel.start + dt.timedelta(days=one.noticed)).isoformat(),
        "days": (last - first).days + 1,
        "expected": one.expected / share,
        "observed": one.observed / share,
        "score": round(one.score, 3),
        "p": one.p,
        "tracking": _tracking(panel, place, one),
        "drivers": slices,
        "picture": picture,
    }


def _tracking(panel: Panel, place: str, one: Found) -> bool:
    """Whether it looks like counting that broke: hardly anything is counted while visits come as before."""
    if one.observed > 0.03 * one.expected or panel.kinds[one.series] not in (Kind.COUNT, Kind.RATE):
        return False
    visits = f"{place}:sessions"
    if panel.names[one.series] == visits or visits not in panel.names:
        return panel.names[one.series] == visits
    column = panel.values[:, panel.names.index(visits)]
    last = panel.days if one.last is None else one.last + 1
    before = np.nanmean(column[max(one.first - 28, 0) : one.first])
    return bool(np.nanmean(column[one.first : last]) > 0.8 * before)


def _shocks(panel: Panel, detector: Detector, since: int) -> list[dict[str, Any]]:
    """Days on which everybody fell, neighbours put together."""
    told: list[dict[str, Any]] = []
    for row in range(max(since, 0), panel.days):
        if detector.common[row] > -SHOCK:
            continue
        day = (panel.start + dt.timedelta(days=row)).isoformat()
        change = float(np.expm1(detector.common[row]))
        if told and dt.date.fromisoformat(day) - dt.date.fromisoformat(told[-1]["last_day"]) <= dt.timedelta(
            2
        ):
            told[-1] |= {"last_day": day, "change": min(told[-1]["change"], change)}
        else:
            told.append({"first_day": day, "last_day": day, "change": change, "series": len(panel.names)})
    return told
