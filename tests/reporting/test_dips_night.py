"""From night to night: what was put away is taken up again, revisions are replayed, a kill does no harm."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
import time_machine

from steadyhand.reporting.dips import noticing
from steadyhand.reporting.dips.detector import Detector
from steadyhand.reporting.dips.night import look_at
from steadyhand.reporting.dips.panel import Kind, Panel
from steadyhand.reporting.models import Incident
from tests.cast import NOW, build
from tests.reporting.test_dips_noticing import figures

DAYS = 130


def panel(values: np.ndarray) -> Panel:
    series = values.shape[1]
    kinds, worse = np.full(series, Kind.COUNT, np.int8), np.full(series, -1, np.int8)
    return Panel([f"{one}:sessions" for one in range(series)], dt.date(2026, 1, 1), kinds, worse, values)


def counts() -> np.ndarray:
    return np.random.default_rng(8).poisson(300, (DAYS, 12)).astype(np.float32)


def test_a_night_takes_in_one_day_and_a_revision_replays_a_few(tmp_path: Path) -> None:
    values = counts()
    values[118:126, 3] *= np.float32(0.4)
    for days, replayed in ((120, 120), (121, 1), (122, 1), (125, 3), (126, 1)):
        detector, took = look_at(panel(values[:days]), tmp_path, {})
        assert took == replayed
    assert [one.series for one in detector.incidents()] == [3]
    values[123:126, 3] = 300  # three days come anew
    again, took = look_at(panel(values[:126]), tmp_path, {})
    assert 0 < took <= 6
    fresh = Detector.of(panel(values[:126]))
    fresh.catch_up(panel(values[:126]))
    assert again.incidents() == fresh.incidents()
    assert len(list(tmp_path.iterdir())) <= 8


def test_what_another_version_put_away_is_not_taken_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = counts()
    look_at(panel(values[:100]), tmp_path, {})
    with monkeypatch.context() as patched:
        patched.setattr(Detector, "layout", lambda detector: ["Filter.level"])
        _, took = look_at(panel(values[:101]), tmp_path, {})
    assert took == 101


def test_another_series_is_another_panel(tmp_path: Path) -> None:
    values = counts()
    look_at(panel(values[:100, :11]), tmp_path, {})
    _, took = look_at(panel(values[:100]), tmp_path, {})
    assert took == 100


@pytest.mark.django_db
@time_machine.travel(NOW, tick=False)
def test_a_night_that_was_killed_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    people = build(planned=False)
    figures(people.halden, "sessions", 900, dip=4, left=0.4)
    with monkeypatch.context() as patched:
        patched.setattr(noticing, "take_in", lambda answer: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            noticing.notice_dips()
    assert not Incident.objects.exists()
    assert noticing.notice_dips() == 1
