"""What was to be expected of every series today, learned from the days before.

Robust multiplicative model: level × weekday × what happened a year ago × what happens to everybody today.
Counts are over-dispersed (variance μ + φμ²) and compared in square-root space; updates are clipped, and slow
while a dip is suspected, so that the dip does not become what is expected. All arrays have one entry for each
series; a day is one pass over all of them (R2). Masks are multiplied with where that can be done: choosing
by a mask takes eight times as long.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from steadyhand.reporting.dips.panel import Flags, Floats, Kind, Panel, Whole

#: Days of residuals kept, so that a year ago can be looked up on a day either side; kept as whole numbers.
YEAR_KEPT, COMMON_KEPT, FINE = 372, 21, np.float32(80)
#: Series that say what happened to everybody, of those that can.
ANCHORS = 8_000
#: Clients from which on a book is large.
MANY_CLIENTS = 30
#: Residuals beyond e to this, either way, are no season.
BEYOND = np.exp(np.float32(1.5))
#: Residuals beyond this many standard deviations count as this many.
CLIP = np.float32(2.5)
#: Share of the usual learning while a dip or a surge is suspected, and for how many days that may last.
SLOW, PATIENCE = np.float32(0.1), 21
#: Variance of a day's step of the level, of its own and as a share of the noise.
STEP, STEP_SHARE = np.float32(1.0e-4), np.float32(0.004)
#: Days before the noise of a series is learned: until then it would be the model's own.
NOISE_FROM = 21
#: Days before a series is judged at all.
WARM_UP = 42
#: Times an hour or weekday counts in its own noise at most, and bounds of that beside the noise of all.
OWN_KEPT, OWN, WEEKDAYS = 30, (np.float32(0.1), np.float32(10)), 7
#: Least share of a day in what is known of the noise; bounds of how strongly a series goes along.
NOISE_GAIN, LOADS = np.float32(0.012), (np.float32(0.25), np.float32(2))


@dataclass(slots=True)
class Filter:
    """What is known of each series. `level` and `weekday` are logarithms; `phi` is the relative variance."""

    level: Floats
    weekday: Floats  # (7, series)
    hour: Floats  # (steps a day, series), without series where a day is one step
    phi: Floats
    own: Floats  # (steps a day or weekdays, series) factors on phi, 1 where the noise is a count's
    seen: Floats  # days seen so far
    spread: Floats  # mean square of the clipped standardised residuals
    fall: Floats  # the same of those on the worse side alone
    echo: Floats  # mean product of neighbours among them
    last: Floats  # yesterday's
    year_top: Floats
    year_bottom: Floats
    load_top: Floats
    load_bottom: Floats
    suspect: Floats  # days in a row under suspicion
    year: NDArray[np.int8]  # (YEAR_KEPT, series), in steps of 1 / FINE
    common: Floats  # (COMMON_KEPT,) what happened to everybody

    @classmethod
    def empty(cls, series: int, steps: int = 1) -> Filter:
        """Nothing known yet."""

        def zeros() -> Floats:
            return np.zeros(series, np.float32)

        return cls(
            level=zeros(),
            weekday=np.zeros((7, series), np.float32),
            hour=np.zeros((steps, series if steps > 1 else 0), np.float32),
            own=np.ones((WEEKDAYS if steps == 1 else steps, series), np.float32),
            phi=np.full(series, 0.02, np.float32),
            seen=zeros(),
            spread=np.ones(series, np.float32),
            fall=np.ones(series, np.float32),
            echo=np.full(series, 0.2, np.float32),
            last=zeros(),
            year_top=zeros(),
            year_bottom=np.full(series, 0.3, np.float32),
            load_top=np.full(series, 0.05, np.float32),
            load_bottom=np.full(series, 0.05, np.float32),
            suspect=zeros(),
            year=np.zeros((YEAR_KEPT, series), np.int8),
            common=np.zeros(COMMON_KEPT, np.float32),
        )

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything known, by name: what is saved."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(slots=True)
class Due:
    """One day of all series, and what was to be expected of it if nothing happens to everybody."""

    here: Flags  # whether the day is known
    amount: Floats  # 0 where unknown
    expected: Floats  # in units of the amount
    base: Floats  # the same without last year
    weight: Floats  # the denominator, or 1; 0 where unknown
    last_year: Floats | None  # the residual a year ago, None before there is one


@dataclass(slots=True)
class Look:
    """One day of all series beside what was expected of it. Nothing is NaN: `here` says what is known."""

    here: Flags
    amount: Floats
    expected: Floats
    ratio: Floats  # amount over expected, 1 where unknown
    units: Floats  # information in the day: expected count, or number of events averaged over
    variance: Floats  # of the residual 2·(√ratio − 1)
    score: Floats  # standardised residual, 0 where unknown
    weight: Floats


@dataclass(slots=True)
class Nature:
    """What does not change about the series: how each kind is counted."""

    worse: Floats  # −1 where a fall is bad, +1 where a rise is
    counted: Floats  # 3/8 where the amount is a count, else 0
    sampled: Flags  # the amount is an average over `exposure` events
    plain: Flags  # no count behind it at all
    crowd: Floats  # 1: goes along when everybody moves; 0: a ratio's denominator has moved already
    anchors: Whole  # the series by which it is told that everybody moves
    clients: Whole  # whose each series is
    many: bool  # enough clients for a median over all series
    counts_only: bool

    @classmethod
    def of(cls, panel: Panel) -> Nature:
        """The nature of the series of a panel."""
        kinds = panel.kinds
        counted = (kinds == Kind.COUNT) | (kinds == Kind.RATE)
        crowd = (kinds == Kind.COUNT) | (kinds == Kind.MONEY)
        candidates = np.flatnonzero(crowd)
        step = max(1, len(candidates) // ANCHORS)
        clients = np.arange(len(kinds), dtype=np.int32) if panel.clients is None else panel.clients
        return cls(
            worse=panel.worse.astype(np.float32),
            counted=np.where(counted, np.float32(0.375), np.float32(0)),
            sampled=kinds == Kind.PER,
            plain=kinds >= Kind.MONEY,
            crowd=crowd.astype(np.float32),
            anchors=candidates[::step].astype(np.int32),
            clients=clients,
            many=len(np.unique(clients)) >= MANY_CLIENTS,
            counts_only=bool((kinds == Kind.COUNT).all()),
        )


def due(known: Filter, nature: Nature, day: int, amount: Floats, exposure: Floats | None) -> Due:
    """What was to be expected of a day (counted from the first), whatever else happens that day."""
    here = np.isfinite(amount)
    if exposure is not None:
        here &= np.isfinite(exposure) & (exposure > 0)
    first = here & (known.seen == 0)
    if first.any():
        here &= (known.seen > 0) | (nature.counted > 0) | (amount > 0)
        _begin(known, nature, first & here, amount, exposure)
    if not here.all():
        amount = amount.copy()
        amount[~here] = 0
    base = np.exp(known.level + _season(known, day))
    expected, weight, last_year = base, here.astype(np.float32), _a_year_ago(known, day)
    if last_year is not None:
        expected = base * np.exp(np.clip(known.year_top / known.year_bottom, 0, 1) * last_year)
    if exposure is not None:
        weight = np.where(here, exposure, np.float32(0))
        expected, base = expected * weight, base * weight
    return Due(here, amount, expected, base, weight, last_year)


def _begin(known: Filter, nature: Nature, first: Flags, amount: Floats, exposure: Floats | None) -> None:
    """The first day known is the first level; a count of 0 starts as a bit less than one half."""
    start = (amount + nature.counted)[first]
    known.level[first] = np.log(start if exposure is None else start / exposure[first])


def _a_year_ago(known: Filter, day: int) -> Floats | None:
    """The median residual of the days around the same date last year; None before there is a last year."""
    if day < 364 or len(known.hour) > 1:
        return None
    one, two, three = (known.year[(day - back) % YEAR_KEPT] for back in (364, 365, 366))
    middle = np.maximum(np.minimum(one, two), np.minimum(np.maximum(one, two), three))
    median: Floats = middle.astype(np.float32)
    median /= FINE
    return median


def known_load(known: Filter) -> Floats:
    """How strongly each series goes along with everybody: 1 unless it has shown otherwise."""
    load: Floats = np.clip(known.load_top / known.load_bottom, *LOADS)
    return load


def look(known: Filter, nature: Nature, day: int, told: Due, common: float) -> Look:
    """Compare a day with what was expected of it, once what happened to everybody is expected too."""
    expected, gone = told.expected, ~told.here
    if abs(common) >= 0.003:
        expected = expected * np.exp(known_load(known) * nature.crowd * np.float32(common))
    ratio: Floats = np.clip((told.amount + nature.counted) / (expected + nature.counted), 0, np.inf)
    units = expected
    if not nature.counts_only:
        units = np.where(nature.plain, np.float32(1e9), np.where(nature.sampled, told.weight, units))
    noise = known.phi if nature.counts_only else known.phi * known.own[day % len(known.own)]
    variance = noise + np.float32(1) / (units + np.float32(0.375))
    ratio[gone] = 1
    score = np.divide(2 * np.sqrt(ratio) - 2, np.sqrt(variance), dtype=np.float32)
    return Look(told.here, told.amount, expected, ratio, units, variance, score, told.weight)


def learn(
    known: Filter, nature: Nature, day: int, told: Due, seen: Look, common: float, alarm: Floats
) -> None:
    """Take the day in; missing days teach nothing. `alarm` is how unusual the last days are, either way."""
    here, one = seen.here.astype(np.float32), np.float32(1)
    suspicious = ((alarm > CLIP) & (known.seen > WARM_UP)).astype(np.float32)
    known.suspect = np.clip(known.suspect + (2 * suspicious - one) * here, 0, np.inf)
    pace = here * (one - (one - SLOW) * suspicious * (known.suspect <= PATIENCE))
    known.seen += here
    bound = CLIP * np.sqrt(seen.variance)
    young = known.seen < 14
    if young.any():
        bound[young] = 1.5
    moved = np.clip(seen.ratio - one, -bound, bound)
    step = STEP + STEP_SHARE * known.phi
    gain = (np.sqrt(step * step + 4 * step * seen.variance) - step) / (2 * seen.variance)
    lasting, weekly = _lasting(known, day, common)
    load = nature.crowd * known_load(known)
    known.level += np.maximum(gain, one / (known.seen + one)) * pace * (moved + load * lasting)
    _learn_season(known, day, pace * (moved + load * weekly), 12 + 100 * seen.variance)
    _learn_noise(known, nature, day, seen, here)
    _learn_company(known, nature, day, told, seen, common, here)


def _lasting(known: Filter, day: int, common: float) -> tuple[np.float32, np.float32]:
    """What happens to everybody all week, or on this weekday every time, is no news: it is learned."""
    known.common[day % COMMON_KEPT] = common
    week = known.common[[(day - back) % COMMON_KEPT for back in range(7)]]
    weekday = known.common[[day % COMMON_KEPT, (day - 7) % COMMON_KEPT, (day - 14) % COMMON_KEPT]]
    return np.float32(np.median(week)), np.float32(np.median(weekday))


def _season(known: Filter, day: int) -> Floats:
    """What the weekday and, where a day has several steps, the hour make of it."""
    steps = len(known.hour)
    weekday: Floats = known.weekday[day // steps % WEEKDAYS]
    return weekday if steps == 1 else weekday + known.hour[day % steps]


def _learn_season(known: Filter, day: int, moved: Floats, most: Floats) -> None:
    steps, bit = len(known.hour), np.float32(1.3)
    known.weekday[day // steps % WEEKDAYS] += moved / (np.minimum(known.seen / WEEKDAYS, most * steps) + bit)
    if steps > 1:
        known.hour[day % steps] += moved / (np.minimum(known.seen / steps, most) + bit)


def _learn_noise(known: Filter, nature: Nature, day: int, seen: Look, here: Floats) -> None:
    """How wide a series varies: altogether, on its worse side alone, and from one day to the next."""
    clipped = np.clip(seen.score, -CLIP, CLIP)
    days = np.clip(known.seen - NOISE_FROM, 0, np.inf)
    gain = np.clip(np.float32(1) / (days + 4), NOISE_GAIN, 1) * here * (days > 0)
    square = clipped * clipped * np.float32(1.1)
    known.phi += gain * seen.variance * (square - 1)
    known.phi = np.clip(known.phi, 2e-4, np.inf)
    if not nature.counts_only:
        own = known.own[day % len(known.own)]
        slot = nature.plain * (days > 0) * here / (np.clip(days / len(known.own), 4, OWN_KEPT) + 4)
        known.own[day % len(known.own)] = np.clip(own * (1 + slot * (square - 1)), *OWN)
    known.spread += gain * (square - known.spread)
    known.fall += 2 * gain * (clipped * nature.worse > 0) * (square - known.fall)
    known.echo += gain * (clipped * known.last - known.echo)
    known.last += here * (clipped - known.last)


def _learn_company(
    known: Filter, nature: Nature, day: int, told: Due, seen: Look, common: float, here: Floats
) -> None:
    """How much last year tells, and how strongly the series goes along with everybody."""
    trust = here * seen.units / (seen.units + 10)
    moved = (seen.amount + nature.counted) / (told.base + nature.counted)
    moved[~seen.here] = 1
    away: Floats = np.log(np.clip(moved, 1 / BEYOND, BEYOND)) * trust
    if told.last_year is not None:
        known.year_top = known.year_top * np.float32(0.995) + away * told.last_year
        known.year_bottom = known.year_bottom * np.float32(0.995) + told.last_year * told.last_year
        known.year_bottom += np.float32(0.005 * 0.3)
    if abs(common) > 0.03:
        limited = np.clip(away, -3 * abs(common), 3 * abs(common))
        known.load_top += nature.crowd * np.float32(common) * limited
        known.load_bottom += np.float32(common * common) * trust
    known.year[day % YEAR_KEPT] = np.rint(away * FINE)
