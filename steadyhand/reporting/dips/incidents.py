"""Which dips are worth a person's time: tested across all series at once, and one incident for each dip."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from steadyhand.reporting.dips.filtering import Look, Nature
from steadyhand.reporting.dips.panel import Floats, Whole
from steadyhand.reporting.dips.scoring import WEEK, Recent, Verdict, shortfall

#: Share of false ones among those noticed in a night (Benjamini and Hochberg), and the most that p may be.
FALSE_SHARE, MOST_P = 0.07, 2.0e-4
#: A small portfolio is tested as if it had so many series: otherwise it would be woken more often for each.
AT_LEAST_SERIES = 1400
#: What a dip must at least amount to: share of what was expected, and units.
LEAST_SHARE, LEAST_UNITS = np.float32(0.15), np.float32(5)
#: An incident ends once its score has stayed below this for so many days, or when it has become usual.
CALM, CALM_DAYS, USUAL_AFTER = np.float32(1.0), 3, 42


@dataclass(slots=True)
class Standing:
    """The incident under way of each series, if any: numbers are 0 and `since` is −1 where there is none."""

    since: Whole
    noticed: Whole
    calm: Whole
    expected: Floats
    observed: Floats
    weight: Floats  # denominators, or days
    score: Floats
    p: NDArray[np.float64]
    strictness: Floats  # factor on the score that is needed, learned from answers; 1 unless told

    @classmethod
    def empty(cls, series: int) -> Standing:
        """Nothing is under way."""

        def floats() -> Floats:
            return np.zeros(series, np.float32)

        none, never = np.full(series, -1, np.int32), np.full(series, -1, np.int32)
        return cls(
            since=none,
            noticed=never,
            calm=np.zeros(series, np.int32),
            expected=floats(),
            observed=floats(),
            weight=floats(),
            score=floats(),
            p=np.ones(series),
            strictness=np.ones(series, np.float32),
        )

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything known, by name: what is saved."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class Found:
    """One dip of one series; days are rows of the panel. `last` is None while it goes on.

    `expected` and `observed` are sums over its days (for a ratio: of numerators, given the denominators);
    `weight` is the sum of the denominators, or how many days are known.
    """

    series: int
    first: int
    noticed: int
    last: int | None
    expected: float
    observed: float
    weight: float
    score: float
    p: float


def accepted(p: NDArray[np.float64], share: float = FALSE_SHARE, *, tested: int | None = None) -> float:
    """The largest p that passes Benjamini and Hochberg's test at this share of false ones; 0 if none does.

    `tested` is how many there are altogether, where only the smaller ones are given.
    """
    small = np.sort(p[p <= share])
    count = max(len(p) if tested is None else tested, AT_LEAST_SERIES)
    passing = np.flatnonzero(small <= share * np.arange(1, len(small) + 1) / count)
    return float(small[passing[-1]]) if len(passing) else 0.0


def follow(
    standing: Standing, recent: Recent, nature: Nature, verdict: Verdict, day: int, seen: Look
) -> list[Found]:
    """Open, continue and end incidents for today; those that ended are handed back."""
    going = standing.since >= 0
    under = np.flatnonzero(going)
    ended = _continue(standing, recent, nature, verdict, day, seen, under) if len(under) else []
    free = verdict.judged & ~going
    mine = free[verdict.odd]
    which, days = verdict.odd[mine], verdict.days[mine]
    p = verdict.p[which]
    limit = min(accepted(p, tested=int(np.count_nonzero(free))), MOST_P)
    # Where answers have made a view stricter, its score counts for less: its tail is exponential.
    passing = np.power(p, 1 / standing.strictness[which]) <= limit
    which, days = which[passing], days[passing]
    if len(which):
        lost, share = shortfall(recent, nature, day, which, days)
        large = (share >= LEAST_SHARE) & ((lost >= LEAST_UNITS) | (nature.counted[which] == 0))
        _open(standing, recent, nature, verdict, day, which[large], days[large])
    return ended


def _continue(
    standing: Standing,
    recent: Recent,
    nature: Nature,
    verdict: Verdict,
    day: int,
    seen: Look,
    under: NDArray[np.intp],
) -> list[Found]:
    here = seen.here[under]
    for kept, today in (
        (standing.expected, seen.expected),
        (standing.observed, seen.amount),
        (standing.weight, seen.weight),
    ):
        kept[under] += today[under] * here
    graver = under[here & (verdict.score[under] > standing.score[under])]
    standing.score[graver] = verdict.score[graver]
    standing.p[graver] = np.minimum(verdict.p[graver], standing.p[graver])
    off = seen.score[under] * nature.worse[under]
    calm = standing.calm[under]
    calm = standing.calm[under] = np.where(here, np.where(off < CALM, calm + 1, 0), calm)
    which = under[(calm >= CALM_DAYS) | (day - standing.since[under] >= USUAL_AFTER)]
    _without_calm_days(standing, recent, day, which)
    ended = [_found(standing, int(one), day - int(standing.calm[one])) for one in which]
    standing.since[which], standing.noticed[which], standing.calm[which] = -1, -1, 0
    recent.forget(which)
    return ended


def _without_calm_days(standing: Standing, recent: Recent, day: int, which: NDArray[np.intp]) -> None:
    """The days by which it was seen that it is over do not belong to the dip."""
    for back in range(CALM_DAYS):
        row, within = (day - back) % WEEK, standing.calm[which] > back
        standing.expected[which] -= np.where(within, recent.expected[row, which], 0)
        standing.observed[which] -= np.where(within, recent.amounts[row, which], 0)
        standing.weight[which] -= np.where(within, recent.weights[row, which], 0)


def _open(
    standing: Standing,
    recent: Recent,
    nature: Nature,
    verdict: Verdict,
    day: int,
    which: NDArray[np.intp],
    days: NDArray[np.int64],
) -> None:
    back = np.arange(WEEK)
    rows = (day - back) % WEEK
    pull = recent.scores[rows][:, which] * nature.worse[which]
    reach = np.minimum(days, day + 1)
    # The beginning is where the evidence, at half a deviation a day, adds up to the most.
    evidence = np.cumsum(pull - np.float32(0.75), axis=0)
    evidence[back[:, None] >= reach] = -np.inf
    length = np.argmax(evidence, axis=0) + 1
    inside = back[:, None] < length
    standing.since[which] = day - length + 1
    standing.noticed[which] = day
    standing.calm[which] = 0
    standing.expected[which] = np.where(inside, recent.expected[rows][:, which], 0).sum(axis=0)
    standing.observed[which] = np.where(inside, recent.amounts[rows][:, which], 0).sum(axis=0)
    standing.weight[which] = np.where(inside, recent.weights[rows][:, which], 0).sum(axis=0)
    standing.score[which], standing.p[which] = verdict.score[which], verdict.p[which]


def under_way(standing: Standing) -> list[Found]:
    """The incidents that go on."""
    return [_found(standing, int(one), None) for one in np.flatnonzero(standing.since >= 0)]


def _found(standing: Standing, one: int, last: int | None) -> Found:
    return Found(
        series=one,
        first=int(standing.since[one]),
        noticed=int(standing.noticed[one]),
        last=last,
        expected=float(standing.expected[one]),
        observed=float(standing.observed[one]),
        weight=float(standing.weight[one]),
        score=float(standing.score[one]),
        p=float(standing.p[one]),
    )
