"""What was to be expected of every series today, learned from the days before.

Robust multiplicative model: level × weekday × what happened a year ago × what happens to everybody today.
Counts are over-dispersed (variance μ + φμ²) and compared in square-root space; updates are clipped, and slow
while a dip is suspected, so that the dip does not become what is expected. All arrays have one entry for each
series; a day is one pass over all of them (R2).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from steadyhand.reporting.dips.panel import Flags, Floats, Kind, Panel, Whole

#: Days of residuals kept, so that a year ago can be looked up on a day either side.
YEAR_KEPT, COMMON_KEPT = 372, 21
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


@dataclass(slots=True)
class Filter:
    """What is known of each series. `level` and `weekday` are logarithms; `phi` is the relative variance."""

    level: Floats
    weekday: Floats  # (7, series)
    phi: Floats
    seen: Floats  # days seen so far
    spread: Floats  # mean square of the clipped standardised residuals
    echo: Floats  # mean product of neighbours among them
    last: Floats  # yesterday's
    year_top: Floats
    year_bottom: Floats
    load_top: Floats
    load_bottom: Floats
    suspect: Floats  # days in a row under suspicion
    year: Floats  # (YEAR_KEPT, series), as half floats
    common: Floats  # (COMMON_KEPT,) what happened to everybody

    @classmethod
    def empty(cls, series: int) -> Filter:
        """Nothing known yet."""

        def zeros() -> Floats:
            return np.zeros(series, np.float32)

        return cls(
            level=zeros(),
            weekday=np.zeros((7, series), np.float32),
            phi=np.full(series, 0.02, np.float32),
            seen=zeros(),
            spread=np.ones(series, np.float32),
            echo=np.full(series, 0.2, np.float32),
            last=zeros(),
            year_top=zeros(),
            year_bottom=np.full(series, 0.3, np.float32),
            load_top=np.full(series, 0.05, np.float32),
            load_bottom=np.full(series, 0.05, np.float32),
            suspect=zeros(),
            year=np.zeros((YEAR_KEPT, series), np.float16),
            common=np.zeros(COMMON_KEPT, np.float32),
        )

    def arrays(self) -> dict[str, Floats]:
        """Everything known, by name: what is saved."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(slots=True)
class Look:
    """One day of all series beside what was expected of it. Nothing is NaN: `here` says what is known."""

    here: Flags
    amount: Floats
    expected: Floats  # in units of the amount
    ratio: Floats  # amount over expected
    units: Floats  # information in the day: expected count, or number of events averaged over
    variance: Floats  # of the residual 2·(√ratio − 1)
    score: Floats  # standardised residual, 0 where unknown
    base: Floats  # expected without last year and without today's common mode
    weight: Floats  # the denominator, or 1; 0 where unknown
    last_year: Floats | None  # the residual a year ago, None before there is one


@dataclass(slots=True)
class Nature:
    """What does not change about the series: how each kind is counted."""

    counted: Floats  # 3/8 where the amount is a count, else 0
    sampled: Flags  # the amount is an average over `exposure` events
    plain: Flags  # no count behind it at all
    crowd: Flags  # goes along when everybody moves; a ratio's denominator has moved already
    anchors: Whole  # the series by which it is told that everybody moves
    counts_only: bool

    @classmethod
    def of(cls, panel: Panel) -> Nature:
        """The nature of the series of a panel."""
        kinds = panel.kinds
        counted = (kinds == Kind.COUNT) | (kinds == Kind.RATE)
        crowd = (kinds == Kind.COUNT) | (kinds == Kind.MONEY)
        candidates = np.flatnonzero(crowd)
        step = max(1, len(candidates) // 20_000)
        return cls(
            counted=np.where(counted, np.float32(0.375), np.float32(0)),
            sampled=kinds == Kind.PER,
            plain=kinds >= Kind.MONEY,
            crowd=crowd,
            anchors=candidates[::step].astype(np.int32),
            counts_only=bool((kinds == Kind.COUNT).all()),
        )


def look(known: Filter, nature: Nature, day: int, amount: Floats, exposure: Floats | None) -> Look:
    """Compare a day (counted from the first) with what was expected, whatever else happens that day."""
    here = np.isfinite(amount)
    if exposure is not None:
        here &= np.isfinite(exposure) & (exposure > 0)
    first = here & (known.seen == 0)
    if first.any():
        here &= (known.seen > 0) | (nature.counted > 0) | (amount > 0)
        _begin(known, nature, first & here, amount, exposure)
    amount = np.where(here, amount, np.float32(0))
    base = known.level + known.weekday[day % 7]
    last_year = _a_year_ago(known, day)
    expected = base = np.exp(base)
    weight = here.astype(np.float32)
    if last_year is not None:
        expected = base * np.exp(np.clip(known.year_top / known.year_bottom, 0, 1) * last_year)
    if exposure is not None:
        weight = np.where(here, exposure, np.float32(0))
        expected, base = expected * weight, base * weight
    return _compared(known, nature, here, amount, expected, base, weight, last_year)


def _begin(known: Filter, nature: Nature, first: Flags, amount: Floats, exposure: Floats | None) -> None:
    """The first day known is the first level; a count of 0 starts as a bit less than one half."""
    start = (amount + nature.counted)[first]
    known.level[first] = np.log(start if exposure is None else start / exposure[first])


def _a_year_ago(known: Filter, day: int) -> Floats | None:
    """The median residual of the days around the same date last year; None before there is a last year."""
    if day < 364:
        return None
    rows = (known.year[(day - back) % YEAR_KEPT].astype(np.float32) for back in (364, 365, 366))
    one, two, three = rows
    middle: Floats = np.maximum(np.minimum(one, two), np.minimum(np.maximum(one, two), three))
    return middle


def _compared(
    known: Filter,
    nature: Nature,
    here: Flags,
    amount: Floats,
    expected: Floats,
    base: Floats,
    weight: Floats,
    last_year: Floats | None,
) -> Look:
    ratio = np.where(
        here, np.maximum(amount + nature.counted, 0) / (expected + nature.counted), np.float32(1)
    )
    units = expected
    if not nature.counts_only:
        units = np.where(nature.plain, np.float32(1e9), np.where(nature.sampled, weight, units))
    residual = np.float32(2) * (np.sqrt(ratio) - np.float32(1))
    variance = known.phi + np.float32(1) / (units + np.float32(0.375))
    score = np.where(here, residual / np.sqrt(variance), np.float32(0))
    return Look(here, amount, expected, ratio, units, variance, score, base, weight, last_year)


def common_mode(known: Filter, nature: Nature, seen: Look) -> float:
    """What happened to everybody that day, as a logarithm; 0 where too few series could tell.

    The median over the larger, well-known counts, drawn towards 0 by its own uncertainty.
    """
    chosen = nature.anchors
    fit = seen.here[chosen] & (known.seen[chosen] >= WARM_UP) & (seen.expected[chosen] >= 20)
    told = chosen[fit]
    if len(told) < 30:
        return 0.0
    moved = np.log(np.maximum(seen.ratio[told], np.float32(0.05))) / known_load(known)[told]
    low, middle, high = np.percentile(moved, (25, 50, 75))
    error = 1.25 * max(float(high - low) / 1.35, 1e-4) / float(np.sqrt(len(told)))
    keep = max(0.0, 1.0 - (error / max(abs(float(middle)), 1e-9)) ** 2)
    return float(middle) * keep


def known_load(known: Filter) -> Floats:
    """How strongly each series goes along with everybody: 1 unless it has shown otherwise."""
    load: Floats = np.clip(known.load_top / known.load_bottom, 0.25, 2.0)
    return load


def with_common(known: Filter, nature: Nature, seen: Look, common: float) -> Look:
    """The same day, once what happened to everybody is expected too."""
    if abs(common) < 0.003:
        return seen
    expected = seen.expected * np.exp(known_load(known) * np.where(nature.crowd, np.float32(common), 0))
    return _compared(known, nature, seen.here, seen.amount, expected, seen.base, seen.weight, seen.last_year)


def learn(known: Filter, nature: Nature, day: int, seen: Look, common: float, alarm: Floats) -> None:
    """Take the day in; missing days teach nothing. `alarm` is how unusual the last days are, either way."""
    here, one = seen.here.astype(np.float32), np.float32(1)
    suspicious = (alarm > CLIP) & (known.seen > WARM_UP)
    known.suspect = np.where(suspicious, known.suspect + here, np.maximum(known.suspect - here, 0))
    pace = np.where(suspicious & (known.suspect <= PATIENCE), SLOW, one) * here
    known.seen += here
    bound = CLIP * np.sqrt(seen.variance)
    bound = np.where(known.seen < 14, np.float32(1.5), bound)
    moved = np.clip(seen.ratio - one, -bound, bound)
    step = STEP + STEP_SHARE * known.phi
    gain = (np.sqrt(step * step + 4 * step * seen.variance) - step) / (2 * seen.variance)
    lasting, weekly = _lasting(known, day, common)
    load = np.where(nature.crowd, known_load(known), np.float32(0))
    known.level += np.maximum(gain, one / (known.seen + one)) * pace * (moved + load * lasting)
    weeks = np.minimum(known.seen / 7, 12 + 100 * seen.variance)
    known.weekday[day % 7] += pace * (moved + load * weekly) / (weeks + np.float32(1.3))
    _learn_noise(known, seen, here)
    _learn_company(known, nature, day, seen, common, here)


def _lasting(known: Filter, day: int, common: float) -> tuple[np.float32, np.float32]:
    """What happens to everybody all week, or on this weekday every time, is no news: it is learned."""
    known.common[day % COMMON_KEPT] = common
    week = known.common[[(day - back) % COMMON_KEPT for back in range(7)]]
    weekday = known.common[[day % COMMON_KEPT, (day - 7) % COMMON_KEPT, (day - 14) % COMMON_KEPT]]
    return np.float32(np.median(week)), np.float32(np.median(weekday))


def _learn_noise(known: Filter, seen: Look, here: Floats) -> None:
    clipped = np.clip(seen.score, -CLIP, CLIP)
    days = known.seen - NOISE_FROM
    gain = np.maximum(np.float32(0.012), np.float32(1) / (np.maximum(days, 0) + 4)) * here * (days > 0)
    square = clipped * clipped
    known.phi += gain * seen.variance * (square * np.float32(1.1) - 1)
    np.maximum(known.phi, np.float32(2e-4), out=known.phi)
    known.spread += gain * (square * np.float32(1.1) - known.spread)
    known.echo += gain * (clipped * known.last - known.echo)
    known.last = np.where(here > 0, clipped, known.last)


def _learn_company(known: Filter, nature: Nature, day: int, seen: Look, common: float, here: Floats) -> None:
    """How much last year tells, and how strongly the series goes along with everybody."""
    trust = seen.units / (seen.units + 10)
    moved = (seen.amount + nature.counted) / (seen.base + nature.counted)
    beyond = np.float32(1.5)
    by = np.clip(np.log(np.maximum(moved, np.float32(0.2))), -beyond, beyond)
    away: Floats = np.where(seen.here, by * trust, np.float32(0))
    if seen.last_year is not None:
        known.year_top = known.year_top * np.float32(0.995) + away * seen.last_year
        known.year_bottom = known.year_bottom * np.float32(0.995) + seen.last_year * seen.last_year
        known.year_bottom += np.float32(0.005 * 0.3)
    if abs(common) > 0.03:
        limited = np.clip(away, -3 * abs(common), 3 * abs(common))
        known.load_top += np.where(nature.crowd, np.float32(common) * limited, 0)
        known.load_bottom += np.where(seen.here, np.float32(common * common) * trust, 0)
    known.year[day % YEAR_KEPT] = away
