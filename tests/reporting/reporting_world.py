"""Figures for the cast's clients, and a report of each kind."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping

import pytest

from steadyhand.clients.models import Client
from steadyhand.core import clock
from steadyhand.reporting import charts
from steadyhand.reporting.metrics import store
from steadyhand.reporting.metrics.store import Observation
from steadyhand.reporting.models import Source

#: A day's value in each of three months: October 2026, September 2026 and October 2025.
LEVELS: Mapping[str, tuple[float, float, float]] = {
    "sessions": (400, 300, 320),
    "conversions": (12, 12, 10),
    "revenue": (500, 400, 450),
    "cost": (40, 50, 40),
    "leads": (2, 2, 1),
    "ad_clicks": (100, 110, 90),
    "ad_conversions": (4, 5, 3),
    "ad_revenue": (200, 200, 200),
    "impressions": (9000, 9000, 12000),
}


#: The files of earlier tests and what was read from them: a process for each would cost a second a test.
_KEPT: dict[str, bytes] = {}
_ANSWERS = tempfile.TemporaryDirectory(prefix="steadyhand-answers-")


def measure(client: Client, levels: Mapping[str, tuple[float, float, float]] = LEVELS) -> None:
    """Give a client flat days in three months, and its sessions by channel."""
    file = store.file_of(client.pk)
    Source.objects.get_or_create(
        client=client,
        key="csv",
        defaults={"label": "Upload", "zone": "Europe/London", "currency": "GBP"},
    )
    known = _KEPT.get(repr(levels))
    if known is not None and not file.exists():
        file.parent.mkdir(parents=True)
        file.write_bytes(known)
        (file.parent / "answers").symlink_to(_ANSWERS.name)
        return
    months = ((2026, 10), (2026, 9), (2025, 10))
    rows = []
    for key, values in levels.items():
        for (year, month), value in zip(months, values, strict=True):
            for day in _days(year, month):
                rows.append(Observation("csv", key, day, value))
    for day in _days(2026, 10):
        rows.append(Observation("csv", "sessions", day, 300, dims="channel=Organic search"))
        rows.append(Observation("csv", "sessions", day, 100, dims="channel=Paid search"))
    is_first = not file.exists()
    store.write(client.pk, rows, at=clock.now())
    if is_first:
        _KEPT[repr(levels)] = file.read_bytes()


def _days(year: int, month: int) -> list[dt.date]:
    first = dt.date(year, month, 1)
    return [first + dt.timedelta(days=n) for n in range(31) if (first + dt.timedelta(days=n)).month == month]


def sketched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts are a stroke each: a process that draws them costs half a second."""
    stroke = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0L9 9"/></svg>'
    monkeypatch.setattr(charts, "_draw", lambda specs: [stroke for _ in specs])
