"""A night of drafts: one process reads for many, one that fails holds up nobody, a killed one goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import time_machine

from steadyhand.commitments.planning import plan_book
from steadyhand.core.models import Event
from steadyhand.reporting.metrics import store
from steadyhand.reporting.metrics.store import Observation
from steadyhand.reporting.models import Report
from steadyhand.reporting.reports import drafting
from tests import cast
from tests.cast import NOW, Cast
from tests.reporting import inline
from tests.reporting.reporting_world import measure, sketched

pytestmark = pytest.mark.django_db

SATURDAY = dt.datetime(2026, 11, 28, 6, tzinfo=dt.UTC)


@pytest.fixture
def owed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    """Reports are due on Monday, and every client has figures of its own."""
    sketched(monkeypatch)
    with time_machine.travel(NOW, tick=False):
        northwind = cast.build(planned=False)
        plan_book()
        for number, client in enumerate((northwind.halden, northwind.orbit, northwind.lumen)):
            measure(client, {"sessions": (400, 300, 320), "leads": (2, 2, 1)})
            november = [dt.date(2026, 11, day) for day in range(1, 28)]
            rows = [Observation("csv", "sessions", day, 400.0 + number) for day in november]
            store.write(client.pk, rows, at=NOW)
    with time_machine.travel(SATURDAY, tick=False):
        assert len(drafting.due_for_draft()) >= 3
        yield northwind


def test_one_process_reads_for_many(owed: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Mapping[str, Any]] = []

    def heard(question: Mapping[str, Any]) -> Any:
        asked.append(question)
        return inline.ask(question)

    monkeypatch.setattr(store, "_ask", heard)
    drafting.draft_due()
    assert len(asked) == 1
    report = Report.objects.get(client=owed.orbit)
    assert [one["metric"] for one in report.content["charts"]] == ["sessions"]
    assert report.content["figures"][0]["shown"] == "10,827", "its own figures: 401 on each of 27 days"


def test_a_killed_night_goes_on_and_drafts_nothing_twice(owed: Cast) -> None:
    def killed(done: int, of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        drafting.draft_due(killed)
    assert Report.objects.count() == 2
    left = len(drafting.due_for_draft())
    heard: list[tuple[int, int]] = []
    assert drafting.draft_due(lambda done, of: heard.append((done, of))) == left == len(heard)
    assert heard[-1] == (left, left)
    assert Event.objects.filter(verb="report.drafted").count() == Report.objects.count() == left + 2


def test_one_that_cannot_be_drafted_holds_up_nobody(owed: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(question: Mapping[str, Any]) -> Any:
        if str(store.file_of(owed.orbit.pk)) in str(question):
            raise store.Unread("The figures could not be read: the file is cut off.")
        return inline.ask(question)

    monkeypatch.setattr(store, "_ask", failing)
    due = len(drafting.due_for_draft())
    assert drafting.draft_due() == due - 1
    assert not Report.objects.filter(client=owed.orbit).exists()
    monkeypatch.setattr(store, "_ask", inline.ask)
    assert drafting.draft_due() == 1
