"""How unusual the last days are, and how often that happens by chance.

The score is the worst of the last day, the last three and the last seven, each as standard deviations below
what was expected, corrected for days that resemble the day before. Series under ten a day are judged by the
week only. Its p comes from what such scores have been so far over all series of that volume (an empirical
null, with an exponential tail), widened on days on which everybody is more restless than usual.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from steadyhand.reporting.dips.filtering import WARM_UP, Filter, Look, Nature
from steadyhand.reporting.dips.panel import Flags, Floats, Whole

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


def _plain_null() -> NDArray[np.float64]:
    """The worst of three correlated scores, none of them unusual: normal at the middle, then exponential."""
    edges, knee = np.arange(BINS + 1) * BIN, 2.6
    middle = np.minimum(edges, knee)
    beyond = np.exp(-0.75 * middle - 0.39 * middle**2 - np.maximum(edges - knee, 0) / PRIOR_DECAY)
    null: NDArray[np.float64] = PRIOR * -np.diff(beyond)
    return null


PLAIN = _plain_null()


@dataclass(slots=True)
class Recent:
    """The last seven days of each series (rows: day modulo 7), and what chance has brought so far."""

    scores: Floats
    amounts: Floats
    expected: Floats
    here: Floats
    weights: Floats  # denominators, or 1
    null: NDArray[np.float64]  # (BUCKETS, BINS) series-days by score
    restless: Floats  # (1,) what the width of a day usually is

    @classmethod
    def empty(cls, series: int) -> Recent:
        """No days yet."""

        def week() -> Floats:
            return np.zeros((WEEK, series), np.float32)

        null, restless = np.zeros((BUCKETS, BINS)), np.ones(1, np.float32)
        return cls(week(), week(), week(), week(), week(), null, restless)

    def forget(self, which: NDArray[np.intp]) -> None:
        """These series begin a new week: what they went through has been told."""
        for week in (self.scores, self.amounts, self.expected, self.here, self.weights):
            week[:, which] = 0

    def arrays(self) -> dict[str, NDArray[np.floating]]:
        """Everything known, by name: what is saved."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(slots=True)
class Verdict:
    """How unusual each series is today. `score` is ≥ 0, larger is worse; `days` is the window that told."""

    score: Floats
    days: Floats  # the window that told
    p: NDArray[np.float64]
    judged: Flags
    shortfall: Floats  # share of what was expected that is missing, over that window
    lost: Floats  # the same in units of the series
    alarm: Floats  # how unusual in either direction, for the filter


def judge(
    recent: Recent, known: Filter, nature: Nature, worse: Floats, day: int, seen: Look, resting: Flags
) -> Verdict:
    """Judge the windows that end today and add them to the null; `resting` are incidents under way."""
    row = day % WEEK
    recent.scores[row], recent.here[row] = seen.score, seen.here
    recent.amounts[row], recent.expected[row] = seen.amount, np.where(seen.here, seen.expected, 0)
    recent.weights[row] = seen.weight
    score, days, alarm, missing, due = _worst_window(recent, known, nature, worse, day)
    judged = seen.here & (known.seen >= WARM_UP)
    score = score / _restlessness(recent, known, seen, judged)
    bucket = _bucket(nature, due / days)
    bins = np.minimum((score * np.float32(1 / BIN)).astype(np.int32), BINS - 1)
    free = judged & ~resting & (known.seen >= SETTLED)
    p = _chance(recent.null + PLAIN, bucket, bins, score)
    counts = np.bincount(bucket[free] * BINS + bins[free], minlength=BUCKETS * BINS)
    recent.null *= KEPT
    recent.null += counts.reshape(BUCKETS, BINS)
    return Verdict(score, days, p, judged, missing / (due + np.float32(1e-9)), missing, alarm)


def _worst_window(
    recent: Recent, known: Filter, nature: Nature, worse: Floats, day: int
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    echo = np.clip(known.echo / known.spread, 0, 0.8)
    width = np.sqrt(np.clip(known.spread, 0.6, 3))
    best = np.full(len(worse), -1, np.float32)
    days = np.ones(len(worse), np.float32)
    alarm, missing, due = np.zeros_like(best), np.zeros_like(best), np.zeros_like(best)
    small: Flags | None = None
    for length in (WEEK, 3, 1):
        rows = [(day - back) % WEEK for back in range(length)]
        here, expected, amounts = (
            _over(rows, kept) for kept in (recent.here, recent.expected, recent.amounts)
        )
        window = _over(rows, recent.scores) / (width * np.sqrt(np.maximum(here, 1) * _echoed(echo, length)))
        if small is None:
            small = (expected < SMALL * here) & (nature.counted > 0)
            window = np.where(small, _pooled(known, amounts, expected, here, echo), window)
            better = here >= np.float32(0.6 * length)
        else:
            better = (window * worse > best) & (here >= np.float32(0.6 * length)) & ~small
        best = np.where(better, window * worse, best)
        days = np.where(better, np.float32(length), days)
        alarm = np.maximum(alarm, np.abs(window))
        missing = np.where(better, (amounts - expected) * worse, missing)
        due = np.where(better, expected, due)
    return np.maximum(best, 0), days, alarm, missing, due


def _over(rows: list[int], kept: Floats) -> Floats:
    """The sum over these rows."""
    if len(rows) == len(kept):
        whole: Floats = kept.sum(axis=0)
        return whole
    total: Floats = kept[rows[0]]
    for row in rows[1:]:
        total = total + kept[row]
    return total


def _echoed(echo: Floats, days: int) -> Floats:
    """How much more a mean over so many days varies because neighbours resemble each other."""
    more = np.zeros_like(echo)
    for lag in range(days - 1, 0, -1):
        more += np.float32(2 * (1 - lag / days))
        more *= echo
    more += np.float32(1)
    return more


def _pooled(known: Filter, amounts: Floats, expected: Floats, here: Floats, echo: Floats) -> Floats:
    """The week's count as one: days with next to nothing say little each for itself."""
    bit = np.float32(0.375)
    one, two = np.float32(1), np.float32(2)
    variance = known.phi * _echoed(echo, WEEK) / np.maximum(here, one) + one / (expected + bit)
    residual = two * (np.sqrt((amounts + bit) / (expected + bit)) - one)
    pooled: Floats = np.divide(residual, np.sqrt(variance), dtype=np.float32)
    return pooled


def _restlessness(recent: Recent, known: Filter, seen: Look, judged: Flags) -> float:
    """By how much the whole cross-section is wider today than usual; 1 where too few could tell."""
    scores = seen.score[judged & (seen.units >= SMALL)]
    if len(scores) < 200:
        return 1.0
    low, high = np.percentile(scores[:: max(1, len(scores) // 20_000)], (16, 84))
    width = float(high - low) / 2
    usual = float(recent.restless[0])
    recent.restless[0] = usual + 0.05 * (min(width, 1.3 * usual) - usual)
    return max(1.0, width / max(usual, 0.1))


def _bucket(nature: Nature, a_day: Floats) -> Whole:
    volume = np.zeros(len(a_day), np.int32)
    for bound in BOUNDS:
        volume += a_day > bound
    if not nature.counts_only:
        volume = np.where(nature.counted > 0, volume, np.int32(BUCKETS - 1))
    return volume


def _chance(null: NDArray[np.float64], bucket: Whole, bins: Whole, score: Floats) -> NDArray[np.float64]:
    """The share of the null at least as unusual, exponential in its last hundredth; 1 for the usual ones."""
    at_least = np.cumsum(null[:, ::-1], axis=1)[:, ::-1]
    share = at_least / at_least[:, :1]
    tail = np.clip(TAIL_DAYS / at_least[:, :1], 0.001, 0.01)
    knee = np.argmax(share <= tail, axis=1)
    weight = np.where(np.arange(BINS) >= knee[:, None], null, 0)
    past = (np.arange(BINS) - knee[:, None] + 0.5) * BIN
    decay = (weight * past).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-9)
    start = share[np.arange(BUCKETS), knee]
    p = np.ones(len(score))
    odd = np.flatnonzero(score > 1.5)
    bucket, bins, score = bucket[odd], bins[odd], score[odd]
    beyond = start[bucket] * np.exp(-np.maximum(score - knee[bucket] * BIN, 0) / decay[bucket])
    p[odd] = np.where(bins >= knee[bucket], beyond, share[bucket, bins])
    return p
