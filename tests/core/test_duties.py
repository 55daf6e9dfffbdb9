"""Duties: due once, held by a lease, taken over from a worker that was killed, retried when they fail."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from steadyhand.core import duties
from steadyhand.core.models import DutyRun, Worker

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


@pytest.fixture
def ran(monkeypatch):
    """One registered duty, due every five minutes, that notes each of its runs."""
    runs = []
    only = {"test.note": duties.Duty("test.note", dt.timedelta(minutes=5), lambda: runs.append(1))}
    monkeypatch.setattr(duties, "all_duties", lambda: only)
    with time_machine.travel(START, tick=False) as travel:
        duties.schedule()
        runs_travel = (runs, travel, only["test.note"])
        yield runs_travel


def test_a_duty_runs_once_when_due_and_again_after_its_interval(ran):
    runs, travel, _ = ran
    duties.run_due("w1")
    duties.run_due("w2")
    assert len(runs) == 1
    travel.move_to(START + dt.timedelta(minutes=4, seconds=59))
    duties.run_due("w1")
    assert len(runs) == 1
    travel.move_to(START + dt.timedelta(minutes=5))
    assert duties.run_due("w1") == 1


def test_two_workers_cannot_hold_one_duty(ran):
    _, _, duty = ran
    assert duties.claim(duty, "w1")
    assert not duties.claim(duty, "w2")


def test_the_duty_of_a_killed_worker_is_taken_over_when_its_lease_ends(ran):
    runs, travel, duty = ran
    duties.claim(duty, "killed")
    travel.move_to(START + duties.LEASE - dt.timedelta(seconds=1))
    duties.run_due("next")
    assert runs == []
    travel.move_to(START + duties.LEASE + dt.timedelta(seconds=1))
    duties.run_due("next")
    assert runs == [1]


def test_a_living_worker_keeps_its_lease(ran):
    runs, travel, duty = ran
    duties.claim(duty, "slow")
    for seconds in (50, 100, 150):
        travel.move_to(START + dt.timedelta(seconds=seconds))
        duties.beat("slow")
        duties.run_due("other")
    assert runs == []


def test_a_duty_woken_while_it_runs_runs_once_more(ran):
    runs, _, duty = ran
    duties.claim(duty, "w1")
    duties.wake(duty.name)
    duties.perform(duty, "w1")
    duties.run_due("w1")
    assert len(runs) == 2
    assert duties.run_due("w1") == 0


def test_a_failing_duty_is_retried_sooner_and_says_why(ran, monkeypatch, caplog):
    _, travel, _ = ran
    broken = duties.Duty("test.note", dt.timedelta(hours=1), lambda: 1 / 0)
    monkeypatch.setattr(duties, "all_duties", lambda: {"test.note": broken})
    duties.run_due("w1")
    row = DutyRun.objects.get()
    assert (row.failures, row.due_at) == (1, START + duties.FIRST_RETRY)
    assert "ZeroDivisionError" in row.last_error
    travel.move_to(row.due_at)
    duties.run_due("w1")
    assert DutyRun.objects.get().due_at == travel_now() + 2 * duties.FIRST_RETRY


def travel_now():
    return dt.datetime.now(dt.UTC)


def test_a_worker_that_signs_off_frees_what_it_held(ran):
    runs, travel, duty = ran
    duties.beat("w1")
    duties.claim(duty, "w1")
    duties.sign_off("w1")
    assert not Worker.objects.exists()
    travel.move_to(START + dt.timedelta(minutes=5))
    duties.run_due("w2")
    assert runs == [1]


def test_rows_of_duties_that_are_gone_are_removed(ran):
    DutyRun.objects.create(name="old.duty", due_at=START)
    duties.schedule()
    assert list(DutyRun.objects.values_list("name", flat=True)) == ["test.note"]


def test_lag_is_how_long_the_most_overdue_duty_has_waited(ran):
    _, travel, _ = ran
    travel.move_to(START + dt.timedelta(minutes=3))
    assert duties.lag() == dt.timedelta(minutes=3)
    duties.run_due("w1")
    assert duties.lag() == dt.timedelta()


def test_every_room_s_duties_are_found():
    assert {"tasks.requeue", "tasks.prune"} <= set(duties.all_duties())
