"""The detector: a panel of series goes in, day by day; incidents come out. It can be put away and go on."""

from __future__ import annotations

import os
from dataclasses import astuple, dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from steadyhand.reporting.dips.company import common_mode
from steadyhand.reporting.dips.filtering import (
    Filter,
    Look,
    Nature,
    due,
    learn,
    look,
)
from steadyhand.reporting.dips.incidents import Found, Standing, follow, under_way
from steadyhand.reporting.dips.panel import Floats, Panel
from steadyhand.reporting.dips.scoring import Recent, judge, remember


@dataclass(slots=True)
class Detector:
    """What is known after `day` days of a panel's series. `shocks` are days on which everybody moved."""

    nature: Nature
    known: Filter
    recent: Recent
    standing: Standing
    day: int = 0
    past: NDArray[np.float64] = field(
        default_factory=lambda: np.zeros((0, 9))
    )  # ended before it was put away
    ended: list[Found] = field(default_factory=list)  # since
    common: list[float] = field(default_factory=list)
    chances: NDArray[np.float64] = field(default_factory=lambda: np.ones(0))  # of today, by series
    scores: Floats = field(default_factory=lambda: np.zeros(0, np.float32))  # the same in deviations

    @classmethod
    def of(cls, panel: Panel) -> Detector:
        """A detector that has seen nothing of the panel yet."""
        series = len(panel.names)
        return cls(
            nature=Nature.of(panel),
            known=Filter.empty(series, panel.steps),
            recent=Recent.empty(series),
            standing=Standing.empty(series),
        )

    def advance(
        self, amounts: Floats, exposures: Floats | None = None, *, common: float | None = None
    ) -> Look:
        """Take in the next day of every series (NaN where it is not known), and say what was expected of it.

        `common` is what happened to everybody that day, where it is known already.
        """
        with np.errstate(all="ignore"):
            told = due(self.known, self.nature, self.day, amounts, exposures)
            if common is None:
                common = common_mode(self.known, self.nature, told)
            seen = look(self.known, self.nature, self.day, told, common)
            resting = self.standing.since >= 0
            verdict = judge(self.recent, self.known, self.nature, self.day, seen)
            learn(self.known, self.nature, self.day, told, seen, common, verdict.alarm)
            self.chances, self.scores = verdict.p, verdict.score
            self.ended += follow(self.standing, self.recent, self.nature, verdict, self.day, seen)
            in_dips = resting | (self.standing.since >= 0)
            remember(self.recent, self.known, self.nature, verdict, in_dips)
        self.common.append(common)
        self.day += 1
        return seen

    def catch_up(self, panel: Panel, until: int | None = None) -> None:
        """Take in every day of the panel that has not been seen, up to before the day `until`."""
        for row in range(self.day, panel.days if until is None else until):
            self.advance(*panel.day(row))

    def incidents(self) -> list[Found]:
        """Everything noticed so far, in the order of beginning; those under way have no last day."""
        return sorted(
            [*self._spoken(), *self.ended, *under_way(self.standing)],
            key=lambda found: (found.first, found.series),
        )

    def save(self, path: Path) -> None:
        """Put everything known into a file, at once or not at all: its arrays one after the other."""
        spoken = np.concatenate([self.past, np.array([_numbers(one) for one in self.ended]).reshape(-1, 9)])
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        with aside.open("wb") as file:
            for array in (np.array(self.day), np.array(self.common, np.float64), spoken):
                np.save(file, array)
            for part, key in self._places():
                np.save(file, getattr(part, key))
        aside.replace(path)

    def load(self, path: Path) -> None:
        """Know again what was put away; the panel must have the same series in the same order."""
        with path.open("rb") as file:
            self.day = int(np.load(file))
            self.common = [float(one) for one in np.load(file)]
            self.past, self.ended = np.load(file), []
            for part, key in self._places():
                setattr(part, key, np.load(file))

    def layout(self) -> list[str]:
        """Names of what is put away, in its order: another version's file is not taken up."""
        return [f"{type(part).__name__}.{key}" for part, key in self._places()]

    def _spoken(self) -> list[Found]:
        return [_spoken(row) for row in self.past.tolist()]

    def _places(self) -> list[tuple[Filter | Recent | Standing, str]]:
        return [(part, key) for part in (self.known, self.recent, self.standing) for key in part.arrays()]


def _numbers(found: Found) -> list[float]:
    return [-1 if value is None else value for value in astuple(found)]


def _spoken(row: list[float]) -> Found:
    series, first, noticed, last = (int(one) for one in row[:4])
    return Found(series, first, noticed, None if last < 0 else last, *(float(one) for one in row[4:]))
