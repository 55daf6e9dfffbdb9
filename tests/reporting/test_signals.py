"""What the figures say of an account: each signal with its level, its words and where it can be seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine

from steadyhand.commitments import keeping
from steadyhand.commitments.ageing import stamp_missed
from steadyhand.commitments.kinds import Kind
from steadyhand.reporting.metrics import store, targets
from steadyhand.reporting.models import Incident, Source
from steadyhand.reporting.signals import Level, Signal, SignalKind, signals
from tests import cast as casting
from tests.cast import NOW, SYSTEM, Cast
from tests.reporting.reporting_world import measure

pytestmark = pytest.mark.django_db

#: A day's value in October 2026, September 2026 and October 2025.
LESS = {"revenue": (300.0, 400.0, 450.0), "sessions": (400.0, 300.0, 320.0)}


@pytest.fixture
def world() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        made = casting.build(planned=False)
        measure(made.halden, LESS)
        yield made


def only(world: Cast, kind: SignalKind) -> Signal:
    (signal,) = [one for one in signals(world.halden) if one.kind is kind]
    return signal


def test_revenue_that_fell_on_the_year(world: Cast) -> None:
    signal = only(world, SignalKind.REVENUE)
    assert signal.level is Level.RED and signal.since == dt.date(2026, 10, 1)
    assert signal.words == ("Revenue in October 2026 is 33% below October 2025: £9,300 against £13,950.")
    assert signal.evidence == "/clients/halden-bikes/figures/?period=2026-10"


@pytest.mark.parametrize(("amount", "level"), [(12000, None), (15000, "amber"), (30000, "red")])
def test_a_target_missed_in_the_last_whole_month(world: Cast, amount: int, level: str | None) -> None:
    start = dt.date(2026, 9, 1)
    targets.agree_target(world.halden, "sessions", Decimal(amount), start, by=SYSTEM)
    found = [one for one in signals(world.halden) if one.kind is SignalKind.TARGET]
    assert [str(one.level) for one in found] == ([level] if level else [])
    assert all("12,400 in October 2026" in one.words for one in found)


def test_a_month_that_still_changes_has_missed_nothing(world: Cast) -> None:
    targets.agree_target(world.halden, "sessions", Decimal(30000), dt.date(2026, 9, 1), by=SYSTEM)
    Source.objects.update(complete_until=dt.date(2026, 10, 20))
    assert [one for one in signals(world.halden) if one.kind in (SignalKind.TARGET, SignalKind.REVENUE)] == []


def test_an_open_dip(world: Cast) -> None:
    dip = Incident.objects.create(
        client=world.halden,
        metric="leads",
        first_day=dt.date(2026, 11, 12),
        expected=100.0,
        observed=55.0,
        score=8.0,
        p=1e-9,
        noticed_at=NOW,
    )
    signal = only(world, SignalKind.DIP)
    assert (signal.level, signal.since, signal.evidence) == (Level.RED, dip.first_day, f"/dips/{dip.pk}/")
    assert signal.words.startswith("Leads: 45% below")


def test_a_report_that_is_late_and_one_that_was_missed(world: Cast) -> None:
    row = keeping.promise(
        world.halden, "Monthly report", by=SYSTEM, owner=world.jody, due_on=NOW.date(), kind=Kind.REPORT
    )
    assert not [one for one in signals(world.halden) if one.kind is SignalKind.REPORT]
    with time_machine.travel(NOW + dt.timedelta(hours=20), tick=False):
        assert only(world, SignalKind.REPORT).level is Level.AMBER
    with time_machine.travel(NOW + dt.timedelta(days=30), tick=False):
        stamp_missed()
        signal = only(world, SignalKind.REPORT)
    assert signal.level is Level.RED and signal.words.startswith("Monthly report was missed")
    assert signal.evidence == f"/commitments/{row.pk}/"


@pytest.mark.parametrize(("days", "kinds"), [(39, 0), (41, 1)])
def test_a_table_that_no_longer_comes(world: Cast, days: int, kinds: int) -> None:
    Source.objects.update(succeeded_at=NOW - dt.timedelta(days=days))
    found = [one for one in signals(world.halden) if one.kind is SignalKind.SOURCE]
    assert len(found) == kinds
    assert all(one.words == f"Upload has sent nothing for {days} days." for one in found)


def test_without_figures_nobody_is_asked(world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(asked: object) -> None:
        raise AssertionError("a child was asked")

    monkeypatch.setattr(store, "_ask", refuse)
    assert signals(world.orbit) == []
