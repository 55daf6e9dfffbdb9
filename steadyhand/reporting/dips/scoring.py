"""How unusual the last days are, and how often that happens by chance.

The score is the worst of the last day, the last three and the last seven: how far they fell from the day
before them, as standard deviations of such falls of that series. What a series usually keeps of the day
before is expected, and how widely it falls is told apart from how widely it rises: many figures have peaks.
Series under ten a day are judged by the week only. Its p comes from what such scores have been so far over
all series of that volume (an empirical null, with an exponential tail), widened on days on which everybody is
more restless than usual.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from steadyhand.reporting.dips.filtering import CLIP, WARM_UP, Filter, Look, Nature
from steadyhand.reporting.dips.panel import Flags, Floats

WEEK = 7
#: Under this many a day a series is judged by its week.
SMALL = np.float32(10)
#: Bounds of expected counts a day that make the volume buckets; what is not counted has the last bucket.
BOUNDS = np.array([3, 10, 30, 100, 1000], np.float32)
BUCKETS = len(BOUNDS) + 2
#: Scores are kept in bins of this width, up to the last.
BIN, BINS = 0.05, 400
#: How many series-days of a plain null each bucket has besides its own, and the decay of its tail.
PRIOR, PRIOR_DECAY = 2000.0, 0.42
#: Days after which the scores of a series count for the null: until then its noise is still being learned.
SETTLED = 70
#: Share of what was seen that is kept from day to day: the last months count.
KEPT = 0.995
#: The null's tail is taken as exponential from where so many series-days lie beyond.
TAIL_DAYS = 300
#: A score further beyond the tail's beginning says no more of its decay: one outlier would be the whole tail.
FAR = 3.0


#: A score below this is nothing unusual: its p is 1.
ODD = np.float32(1.5)
#: Days that must be known of a window, and how many of the largest series say how restless a day is.
ENOUGH, RESTLESS = {1: 1, 3: 2, WEEK: 5}, 8_000
#: Days in a row resemble each other at most so much, and a fall is at least so narrow, at most so wide.
MOST_ECHO, WIDTHS = np.float32(0.8), (np.float32(0.25), np.float32(3))


def _plain_null() -> NDArray[np.float64]:
    """The worst of three correlated scores, none of them unusual: normal at the middle, then exponential."""
    edges, knee = np.arange(BINS + 1) * BIN, 2.6
    middle = np.minimum(edges, knee)
    beyond = np.exp(-0.75 * middle - 0.39 * middle**2 - np.maximum(edges - knee, 0) / PRIOR_DECAY)
    null: NDArray[np.float64] = PRIOR * -np.diff(beyond)
    return null


PLAIN = _plain_null()


def _curve(told: NDArray[np.float64]) -> list[np.float32]:
    """A function of how much days resemble each other as a short polynomial, to a hundredth."""
    return [np.float32(one) for one in np.polynomial.polynomial.polyfit(ECHOES, told, 4)]


ECHOES = np.linspace(0, float(MOST_ECHO), 81)
#: By window: 1 + echo + echo² …, as far as each of its days reaches.
_REACH = {days: np.cumsum(ECHOES ** np.arange(days)[:, None], axis=0) for days in ENOUGH}
#: By window, by how much days resemble each other: what its sum keeps of the day before; one over the
#: deviation of its sum where that day is known, and where it is not.
CARRIED = {days: _curve(ECHOES * reach[-1]) for days, reach in _REACH.items()}
FALLEN = {
    days: _curve(1 / np.sqrt((1 - ECHOES**2) * np.square(reach).sum(axis=0)))
    for days, reach in _REACH.items()
}
LOW = {days: _curve(1 / np.sqrt((2 * reach - 1).sum(axis=0))) for days, reach in _REACH.items()}


@dataclass(slots=True)
class Recent:
    """The last seven days of each series (rows: day modulo 7), and what chance has brought so far."""

    scores: Floats
    amounts: Floats
    expected: Floats
    here: NDArray[np.uint8]
    weights: Floats  # denominators, or 1
    null: NDArray[np.float64]  # (BUCKETS, BINS) series-days by score
    restless: Floats  # (1,) what the width of a day usually is

    @classmethod
    def empty(cls, series: int) -> Recent:
        """No days yet."""

        def week() -> Floats:
            return np.zeros((WEEK, series), np.float32)

        here = np.zeros((WEEK, series), np.uint8)
        null, restless = np.zeros((BUCKETS, BINS)), np.ones(1, np.float32)
        return cls(week(), week(), week(), here, week(), null, restless)

    def forget(self, which: NDArray[np.intp]) -> None:
        """These series begin a new week: what they went through has been told."""
        for week in (self.scores, self.amounts, self.expected, self.here, self.weights):
            week[:, which] = 0

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything known, by name: what is saved."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(slots=True)
class Windows:
    """What the last seven, three and one days say: larger is worse, 0 where too little is known."""

    scores: list[Floats]  # of seven days, three, one
    worst: Floats
    alarm: Floats  # how far off they are in either direction, for the filter
    a_day: Floats  # expected a day


@dataclass(slots=True)
class Verdict:
    """How unusual each series is today. `score` is ≥ 0, larger is worse; `odd` lists those that might be."""

    score: Floats
    p: NDArray[np.float64]  # 1 but for the odd ones
    odd: NDArray[np.intp]
    days: NDArray[np.int64]  # of each odd one: the window that told
    bucket: NDArray[np.int64]  # its volume
    bins: NDArray[np.int64]  # its score, in steps of the null
    a_day: Floats  # what is expected a day
    judged: Flags
    alarm: Floats


def judge(recent: Recent, known: Filter, nature: Nature, day: int, seen: Look) -> Verdict:
    """Judge the windows that end today by what has been so far."""
    row = day % WEEK
    week_ago = recent.scores[row].copy()
    recent.scores[row], recent.here[row] = seen.score, seen.here
    recent.amounts[row], recent.expected[row] = seen.amount, seen.expected * seen.here
    recent.weights[row] = seen.weight
    windows = _windows(recent, known, nature, day, week_ago)
    judged = seen.here & (known.seen >= WARM_UP)
    score = windows.worst / np.float32(_restlessness(recent, known, seen, judged))
    odd = np.flatnonzero(score > ODD)
    told = np.stack([window[odd] for window in windows.scores]).argmax(axis=0)
    p = np.ones(len(score))
    bucket = np.searchsorted(BOUNDS, windows.a_day[odd])
    bucket[nature.counted[odd] == 0] = BUCKETS - 1
    bins = np.minimum((score[odd] * np.float32(1 / BIN)).astype(np.int64), BINS - 1)
    p[odd] = _beyond(recent.null + PLAIN, bucket, bins, score[odd])
    days = np.array(list(reversed(ENOUGH)))[told]
    return Verdict(score, p, odd, days, bucket, bins, windows.a_day, judged, windows.alarm)


def shortfall(
    recent: Recent, nature: Nature, day: int, which: NDArray[np.intp], days: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """What is missing of these series over so many days up to today: units, and the share of what was due."""
    inside = np.arange(WEEK)[:, None] < days
    rows = (day - np.arange(WEEK))[:, None] % WEEK
    amounts, expected = (
        (kept[rows, which] * inside).sum(axis=0) for kept in (recent.amounts, recent.expected)
    )
    missing = (amounts - expected) * nature.worse[which]
    return missing, missing / (expected + np.float32(1e-9))


def _windows(recent: Recent, known: Filter, nature: Nature, day: int, week_ago: Floats) -> Windows:
    echo = np.clip(known.echo / known.spread, 0, MOST_ECHO)
    width = np.sqrt(np.clip(known.fall, *WIDTHS))
    narrow, alarm = nature.worse / width, np.zeros_like(echo)
    total, days, scores = np.zeros_like(echo), np.zeros(len(echo), np.uint8), []
    shorter = 0
    for length, least in ENOUGH.items():
        for back in range(shorter, length):
            total = total + recent.scores[(day - back) % WEEK]
            days = days + recent.here[(day - back) % WEEK]
        shorter = length
        before = week_ago if length == WEEK else recent.scores[(day - length) % WEEK]
        unit = narrow * (days >= least)
        if length > 1:
            unit *= np.sqrt(np.float32(length) / np.clip(days, 1, length).astype(np.float32))
        carried = np.clip(before, -CLIP * width, CLIP * width) * _at(CARRIED[length], echo)
        scores.append((total - carried) * _at(FALLEN[length], echo) * unit)
        alarm = np.maximum(alarm, np.abs(total * _at(LOW[length], echo) * unit))
    known_days = np.clip(days, 1, WEEK).astype(np.float32)
    due = recent.expected.sum(axis=0)
    small = np.flatnonzero((due < SMALL * known_days) & (nature.counted > 0))
    _by_the_week(recent, known, nature, echo, small, due, known_days, scores, alarm)
    worst = np.clip(np.maximum(np.maximum(scores[0], scores[1]), scores[2]), 0, np.inf)
    return Windows(scores[::-1], worst, alarm, due / known_days)


def _at(curve: list[np.float32], echo: Floats) -> Floats:
    """A short polynomial at each echo."""
    value = echo * curve[-1]
    for one in curve[-2:0:-1]:
        value += one
        value *= echo
    value += curve[0]
    return value


def _by_the_week(
    recent: Recent,
    known: Filter,
    nature: Nature,
    echo: Floats,
    small: NDArray[np.intp],
    due: Floats,
    known_days: Floats,
    scores: list[Floats],
    alarm: Floats,
) -> None:
    """The week's count of the small series as one: days with next to nothing say little each for itself."""
    if not len(small):
        return
    bit, one, two = np.float32(0.375), np.float32(1), np.float32(2)
    amounts, expected, days = recent.amounts[:, small].sum(axis=0), due[small], known_days[small]
    resembling = one / np.square(_at(LOW[WEEK], echo[small])) / WEEK
    variance = known.phi[small] * resembling / days + one / (expected + bit)
    pooled = two * (np.sqrt((amounts + bit) / (expected + bit)) - one) / np.sqrt(variance)
    pooled *= days >= ENOUGH[WEEK]
    scores[0][small] = scores[1][small] = 0
    scores[2][small], alarm[small] = pooled * nature.worse[small], np.abs(pooled)


def _restlessness(recent: Recent, known: Filter, seen: Look, judged: Flags) -> float:
    """By how much the whole cross-section is wider today than usual; 1 where too few could tell."""
    some = slice(None, None, max(1, len(judged) // RESTLESS))
    scores = seen.score[some][judged[some] & (seen.units[some] >= SMALL)]
    if len(scores) < 200:
        return 1.0
    low, high = np.percentile(scores, (16, 84))
    width = float(high - low) / 2
    usual = float(recent.restless[0])
    recent.restless[0] = usual + 0.05 * (min(width, 1.3 * usual) - usual)
    return max(1.0, width / max(usual, 0.1))


def remember(recent: Recent, known: Filter, nature: Nature, verdict: Verdict, in_dips: Flags) -> None:
    """Add today's scores to the null, but for those that are in a dip: that is not chance.

    What is not odd is only counted, in the lowest bin: it shares no bin with what is.
    """
    free = verdict.judged & ~in_dips & (known.seen >= SETTLED)
    volumes = free if nature.counts_only else free & (nature.counted > 0)
    more = [int(np.count_nonzero(volumes & (verdict.a_day > bound))) for bound in BOUNDS]
    counted = [int(np.count_nonzero(volumes)), *more]
    everybody = np.array([*(one - next_ for one, next_ in pairwise([*counted, 0])), 0], np.float64)
    if not nature.counts_only:
        everybody[-1] = np.count_nonzero(free) - counted[0]
    mine = free[verdict.odd]
    flat = verdict.bucket[mine] * BINS + verdict.bins[mine]
    counts = np.bincount(flat, minlength=BUCKETS * BINS).reshape(BUCKETS, BINS)
    recent.null *= KEPT
    recent.null += counts
    recent.null[:, 0] += everybody - counts.sum(axis=1)


def _beyond(
    null: NDArray[np.float64], bucket: NDArray[np.int64], bins: NDArray[np.int64], score: Floats
) -> NDArray[np.float64]:
    """The share of the null at least as unusual, exponential in its last hundredth."""
    at_least = np.cumsum(null[:, ::-1], axis=1)[:, ::-1]
    share = at_least / at_least[:, :1]
    tail = np.clip(TAIL_DAYS / at_least[:, :1], 0.001, 0.01)
    knee = np.argmax(share <= tail, axis=1)
    weight = np.where(np.arange(BINS) >= knee[:, None], null, 0)
    past = np.minimum((np.arange(BINS) - knee[:, None] + 0.5) * BIN, FAR)
    decay = (weight * past).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-9)
    start = share[np.arange(BUCKETS), knee]
    beyond = start[bucket] * np.exp(-np.maximum(score - knee[bucket] * BIN, 0) / decay[bucket])
    p: NDArray[np.float64] = np.where(bins >= knee[bucket], beyond, share[bucket, bins])
    return p
