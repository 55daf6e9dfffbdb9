"""The detector: what it must notice, what it must leave alone, and that it goes on where it stopped."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from steadyhand.reporting.dips.detector import Detector
from steadyhand.reporting.dips.incidents import Found, accepted
from steadyhand.reporting.dips.panel import Kind, Panel

START = dt.date(2025, 1, 1)


def portfolio(series: int = 60, days: int = 200, *, mean: float = 400.0, seed: int = 7) -> np.ndarray:
    """Counts with a weekday shape and noise of a tenth."""
    random = np.random.default_rng(seed)
    week = np.array([1.1, 1.1, 1.05, 1, 1, 0.7, 0.6])
    expected = mean * week[np.arange(days) % 7][:, None] * np.exp(random.normal(0, 0.08, (days, series)))
    return random.poisson(expected).astype(np.float32)


def panel(
    values: np.ndarray, kind: Kind = Kind.COUNT, worse: int = -1, exposures: np.ndarray | None = None
) -> Panel:
    series = values.shape[1]
    kinds, directions = np.full(series, kind, np.int8), np.full(series, worse, np.int8)
    return Panel([f"s{one}" for one in range(series)], START, kinds, directions, values, exposures)


def incidents(made: Panel) -> list[Found]:
    detector = Detector.of(made)
    detector.catch_up(made)
    return detector.incidents()


def test_a_dip_is_one_incident_with_its_first_day_and_what_was_lost() -> None:
    values = portfolio()
    values[150:164, 5] = np.round(values[150:164, 5] * 0.4)
    (found,) = incidents(panel(values))
    assert (found.series, found.first) == (5, 150)
    assert found.noticed <= 152
    assert found.last in range(162, 165)
    assert found.expected * 0.33 < found.observed < found.expected * 0.5
    assert found.p < 1e-4


def test_a_rise_is_no_dip_unless_a_rise_is_what_is_bad() -> None:
    values = portfolio()
    values[150:164, 5] *= 2
    assert incidents(panel(values)) == []
    values = portfolio()
    values[150:164, 5] *= 2
    (found,) = incidents(panel(values, worse=1))
    assert (found.series, found.first) == (5, 150)


def test_what_happens_to_everybody_is_nobodys_dip() -> None:
    values = portfolio(series=120)
    values[150:153, :100] = np.round(values[150:153, :100] * 0.7)
    assert incidents(panel(values)) == []


def test_a_day_that_is_not_known_is_not_a_zero() -> None:
    values = portfolio()
    values[150:157, 5] = np.nan
    assert incidents(panel(values)) == []
    values[150:157, 5] = 0
    (found,) = incidents(panel(values))
    assert (found.series, found.first, found.observed) == (5, 150, 0)


def test_a_small_loss_wakes_nobody() -> None:
    values = portfolio()
    values[150:190, 5] = np.round(values[150:190, 5] * 0.9)  # ten in a hundred
    assert incidents(panel(values)) == []


def test_under_ten_a_day_one_empty_day_wakes_nobody_and_an_empty_fortnight_does() -> None:
    values = portfolio(mean=6.0)
    values[150, 5] = 0
    assert incidents(panel(values)) == []
    values[150:164, 5] = 0
    found = [one for one in incidents(panel(values)) if one.series == 5]
    assert [one.noticed >= 153 for one in found] == [True]


def test_a_rate_is_judged_by_what_it_is_made_of() -> None:
    random = np.random.default_rng(3)
    sessions = portfolio(mean=3000.0)
    rate = np.full(sessions.shape, 0.03)
    sessions[150:160, 4] *= 0.3  # fewer sessions, the rate as before
    rate[150:160, 5] = 0.012
    conversions = random.poisson(sessions * rate).astype(np.float32)
    rates = incidents(panel(conversions, Kind.RATE, exposures=sessions))
    (found,) = [one for one in rates if one.first >= 150]
    assert (found.series, found.first) == (5, 150)
    assert found.expected / found.weight == pytest.approx(0.03, rel=0.15)


def test_series_that_begin_later_stand_beside_others() -> None:
    """A cost for each click, from halfway on; and a rate that never had a denominator."""
    values, clicks = portfolio(series=6, days=420), np.full((420, 6), 300, np.float32)
    values[:90, 4] = np.nan
    clicks[:, 3] = 0
    clicks[:80, 4] = 0
    values[380:390, 4] *= 3
    kinds = np.array([Kind.COUNT, Kind.COUNT, Kind.MONEY, Kind.RATE, Kind.PER, Kind.PLAIN], np.int8)
    worse = np.array([-1, -1, -1, -1, 1, -1], np.int8)
    (found,) = incidents(Panel(list("abcdef"), START, kinds, worse, values, clicks))
    assert (found.series, found.first) == (4, 380)


@pytest.mark.parametrize("kind", [Kind.PLAIN, Kind.MONEY])
def test_another_unit_changes_nothing_about_ratios_and_money(kind: Kind) -> None:
    values = portfolio(series=8) / 400
    values[150:160, 5] *= 0.4
    first, other = incidents(panel(values, kind)), incidents(panel(values * np.float32(1000), kind))
    assert [(one.series, one.first, one.noticed, one.last) for one in first] == [
        (one.series, one.first, one.noticed, one.last) for one in other
    ]
    assert [one.series for one in first] == [5]
    assert other[0].score == pytest.approx(first[0].score, rel=1e-3)


def test_put_away_and_taken_up_again_it_knows_what_a_fresh_one_knows(tmp_path: Path) -> None:
    values = portfolio(series=40)
    values[150:164, 5] = np.round(values[150:164, 5] * 0.4)
    made = panel(values)
    one = Detector.of(made)
    for row in range(155):
        one.advance(*made.day(row))
    one.save(tmp_path / "one.state")
    other = Detector.of(made)
    other.load(tmp_path / "one.state")
    other.catch_up(made)
    assert other.incidents() == incidents(made)
    assert [p.name for p in tmp_path.iterdir()] == ["one.state"]


def test_by_chance_the_chance_is_what_it_says() -> None:
    """On series without any dip, p is below x about x of the time."""
    detector, chances = Detector.of(made := panel(portfolio(series=1500, days=260))), []
    for row in range(made.days):
        detector.advance(*made.day(row))
        if row > 150:
            chances.append(detector.chances.copy())
    told = np.concatenate(chances)
    for share in (1e-2, 1e-3, 1e-4):
        assert 0.7 * share < float((told <= share).mean()) < 1.4 * share


def test_among_many_the_share_of_false_ones_is_held() -> None:
    nothing = np.random.default_rng(1).uniform(size=10_000)
    assert accepted(nothing, 0.05) < 1e-4
    assert accepted(np.append(nothing, np.full(200, 1e-7)), 0.05) > 1e-4
    assert accepted(np.array([0.5, 0.9])) == 0


def test_a_ratio_without_parts_has_the_noise_of_its_hours() -> None:
    """At night few clicks make a price that jumps; by day a fall by half is told within hours."""
    random = np.random.default_rng(4)
    hour = np.arange(60 * 24) % 24
    noise = np.where(hour < 6, 0.7, 0.08)[:, None] * random.normal(size=(60 * 24, 6))
    values = (0.1 * np.exp(0.5 * np.sin(hour / 24 * 2 * np.pi))[:, None] * np.exp(noise)).astype(np.float32)
    values[50 * 24 + 12 : 51 * 24, 5] *= 0.5
    made = replace(panel(values, Kind.PLAIN), steps=24)
    (found,) = [one for one in incidents(made) if one.first >= 30 * 24]
    assert (found.series, found.first) == (5, 50 * 24 + 12)
    assert found.noticed <= found.first + 3


@pytest.mark.parametrize("clients", [5, 10, 25])
def test_in_a_small_book_what_most_clients_share_is_nobodys_dip(clients: int) -> None:
    """Three series of each client; all clients but one lose four tenths on the same three days."""
    values = portfolio(series=3 * clients)
    values[150:153, 3:] = np.round(values[150:153, 3:] * 0.6)
    whose = np.repeat(np.arange(clients, dtype=np.int32), 3)
    detector = Detector.of(made := replace(panel(values), clients=whose))
    detector.catch_up(made)
    assert [one for one in detector.incidents() if 140 <= one.first <= 160] == []
    assert all(one < -0.3 for one in detector.common[150:153])
    assert sum(abs(one) > 0.1 for one in detector.common) == 3


def test_in_a_small_book_one_clients_dip_is_its_own_however_many_series_it_has() -> None:
    values = portfolio(series=48)
    values[150:160, :36] = np.round(values[150:160, :36] * 0.5)
    whose = np.array([1] * 36 + [2, 3, 4, 5, 6, 7] * 2, np.int32)
    found = incidents(replace(panel(values), clients=whose))
    assert {one.series for one in found if one.first in (149, 150)} == set(range(36))


def test_a_dip_of_the_past_does_not_hide_the_next() -> None:
    """What was told as a dip is no chance: in a small book it would be the whole tail."""
    values = portfolio(series=20, mean=90)
    values[120:123, 5] = 0
    values[160:170, 5] = np.round(values[160:170, 5] * 0.35)
    first, second = (one for one in incidents(panel(values)) if one.series == 5)
    assert first.first == 120
    assert second.first in (159, 160)
    assert second.noticed <= 162
