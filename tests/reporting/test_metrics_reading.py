"""One number, one definition: what a period's figure is made of, and what it is compared with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

import pytest
import time_machine

from steadyhand.clients import book
from steadyhand.clients.models import Client
from steadyhand.core import agency
from steadyhand.core.refusals import Refusal
from steadyhand.reporting.metrics import periods, store
from steadyhand.reporting.metrics.reading import Figure, daily, figures
from steadyhand.reporting.metrics.store import Observation
from steadyhand.reporting.models import Source
from tests import cast

pytestmark = pytest.mark.django_db

OCTOBER = periods.month(2026, 10)
ARRIVED = dt.datetime(2026, 11, 2, 6, tzinfo=dt.UTC)


@pytest.fixture
def halden() -> Client:
    with time_machine.travel(cast.NOW, tick=False):
        agency.found(by=cast.SYSTEM, name="Northwind")
        client = book.add_client("Halden Bikes", by=cast.SYSTEM)
        Source.objects.create(
            client=client, key="upload", label="Upload", zone="Europe/London", currency="GBP"
        )
        return client


def each_day(
    metric: str, start: dt.date, end: dt.date, value: float, **more: object
) -> Iterable[Observation]:
    for number in range((end - start).days + 1):
        yield Observation("upload", metric, start + dt.timedelta(days=number), value, **more)  # type: ignore[arg-type]


def the(client: Client, key: str, **more: object) -> Figure:
    return figures(client, [key], OCTOBER, **more)[0]  # type: ignore[arg-type]


def test_a_month_is_compared_with_the_month_and_the_year_before(halden: Client) -> None:
    rows = [
        *each_day("sessions", dt.date(2025, 10, 1), dt.date(2025, 10, 31), 100),
        *each_day("sessions", dt.date(2026, 9, 1), dt.date(2026, 9, 30), 50),
        *each_day("sessions", dt.date(2026, 10, 1), dt.date(2026, 10, 31), 75),
    ]
    store.write(halden.pk, rows, at=ARRIVED)
    figure = the(halden, "sessions")
    assert (figure.value, figure.month_before, figure.year_before) == (2325, 1500, 3100)
    assert figure.month_change == Decimal("0.55") and figure.year_change == Decimal("-0.25")
    assert (figure.source, figure.zone, figure.cut_off) == ("Upload", "Europe/London", ARRIVED)
    assert not figure.provisional and not figure.sampled
    assert Figure.of_json(figure.as_json()) == figure


def test_the_latest_revision_wins_and_the_earlier_one_can_still_be_asked_for(halden: Client) -> None:
    day = dt.date(2026, 10, 31)
    store.write(halden.pk, [Observation("upload", "revenue", day, 100.1)], at=ARRIVED)
    later = ARRIVED + dt.timedelta(days=2)
    written = store.write(halden.pk, [Observation("upload", "revenue", day, 120.2)], at=later)
    assert (written.new, written.replaced, written.replaced_days) == (0, 1, (day,))
    assert the(halden, "revenue").value == Decimal("120.20")
    assert the(halden, "revenue", as_of=ARRIVED).value == Decimal("100.10")
    assert the(halden, "revenue").currency == "GBP"


def test_the_same_rows_again_change_nothing(halden: Client) -> None:
    rows = list(each_day("sessions", dt.date(2026, 10, 1), dt.date(2026, 10, 31), 75))
    store.write(halden.pk, rows, at=ARRIVED)
    before = store.digest(halden.pk)
    written = store.write(halden.pk, rows, at=ARRIVED + dt.timedelta(days=1))
    assert (written.new, written.replaced, written.unchanged) == (0, 0, 31)
    assert store.digest(halden.pk) == before


def test_a_rate_is_the_months_sum_over_the_months_sum(halden: Client) -> None:
    rows = [
        Observation("upload", "sessions", dt.date(2026, 10, 1), 10),
        Observation("upload", "sessions", dt.date(2026, 10, 2), 990),
        Observation("upload", "conversions", dt.date(2026, 10, 1), 5),
        Observation("upload", "conversions", dt.date(2026, 10, 2), 10),
        Observation("upload", "ctr", dt.date(2026, 10, 1), 0.5, 1, 2),
        Observation("upload", "ctr", dt.date(2026, 10, 2), 0.1, 1, 10),
    ]
    store.write(halden.pk, rows, at=ARRIVED)
    rate, ctr = figures(halden, ["conversion_rate", "ctr"], OCTOBER)
    assert rate.value == Decimal("0.0150")
    assert ctr.value == Decimal("0.1667")


def test_a_place_in_search_is_weighed_by_how_often_it_was_seen(halden: Client) -> None:
    rows = [
        Observation("upload", "position", dt.date(2026, 10, 1), 1),
        Observation("upload", "position", dt.date(2026, 10, 2), 11),
        Observation("upload", "impressions", dt.date(2026, 10, 1), 900),
        Observation("upload", "impressions", dt.date(2026, 10, 2), 100),
    ]
    store.write(halden.pk, rows, at=ARRIVED)
    assert the(halden, "position").value == Decimal("2.0")


def test_what_was_never_measured_is_not_zero(halden: Client) -> None:
    figure = the(halden, "sessions")
    assert figure.value is None and figure.month_change is None and figure.until is None
    store.write(halden.pk, [Observation("upload", "sessions", dt.date(2026, 10, 1), 0)], at=ARRIVED)
    assert the(halden, "sessions").value == 0


def test_a_month_that_has_not_come_in_yet_is_compared_day_for_day(halden: Client) -> None:
    rows = [
        *each_day("sessions", dt.date(2026, 9, 1), dt.date(2026, 9, 30), 50),
        *each_day("sessions", dt.date(2026, 10, 1), dt.date(2026, 10, 10), 50),
    ]
    store.write(halden.pk, rows, at=ARRIVED)
    figure = the(halden, "sessions")
    assert (figure.value, figure.month_before) == (500, 500)
    assert figure.provisional and figure.until == dt.date(2026, 10, 10)


def test_days_after_what_a_source_reports_in_full_are_provisional(halden: Client) -> None:
    store.write(halden.pk, each_day("sessions", dt.date(2026, 10, 1), dt.date(2026, 10, 31), 5), at=ARRIVED)
    assert not the(halden, "sessions").provisional
    Source.objects.update(complete_until=dt.date(2026, 10, 29), sampled=True)
    figure = the(halden, "sessions")
    assert figure.provisional and figure.sampled


def test_a_comparison_with_too_few_days_is_none(halden: Client) -> None:
    rows = [
        *each_day("sessions", dt.date(2026, 9, 25), dt.date(2026, 9, 30), 50),
        *each_day("sessions", dt.date(2026, 10, 1), dt.date(2026, 10, 31), 50),
    ]
    store.write(halden.pk, rows, at=ARRIVED)
    assert the(halden, "sessions").month_before is None


def test_platforms_of_advertising_add_up_and_sessions_are_counted_once(halden: Client) -> None:
    Source.objects.create(client=halden, key="meta", label="Meta", zone="Europe/London", rank=10)
    day = dt.date(2026, 10, 1)
    rows = [
        Observation("upload", "cost", day, 10.1),
        Observation("meta", "cost", day, 20.2),
        Observation("upload", "sessions", day, 300),
        Observation("meta", "sessions", day, 280),
    ]
    store.write(halden.pk, rows, at=ARRIVED)
    cost, sessions = figures(halden, ["cost", "sessions"], OCTOBER)
    assert (cost.value, cost.source) == (Decimal("30.30"), "Meta, Upload")
    assert (sessions.value, sessions.source) == (280, "Meta")


def test_days_and_slices(halden: Client) -> None:
    day = dt.date(2026, 10, 1)
    organic = store.canonical({"Channel": "Organic = search; web", "device": ""})
    rows = [
        Observation("upload", "sessions", day, 30),
        Observation("upload", "sessions", day, 20, dims=organic),
        Observation(
            "upload", "sessions", day, 4, dims=store.canonical({"channel": "Mail", "device": "mobile"})
        ),
    ]
    store.write(halden.pk, rows, at=ARRIVED)
    assert [row.value for row in daily(halden, ["sessions"], day, day)] == [30]
    [one] = daily(halden, ["sessions"], day, day, "channel")
    assert (one.dims, one.value, one.day) == ("channel=Organic - search, web", 20, day)
    assert len(daily(halden, ["sessions"], day, day, "*")) == 3


def test_periods_are_read_and_shifted() -> None:
    assert periods.before(periods.parse("2026-03")) == periods.month(2026, 2)
    assert periods.year_before(periods.month(2024, 2)).end == dt.date(2023, 2, 28)
    quarter = periods.parse("2026-Q1")
    assert periods.before(quarter)[1:] == (dt.date(2025, 10, 1), dt.date(2025, 12, 31))
    assert periods.before(periods.parse("2026-03-31..2026-03-31")).start == dt.date(2026, 2, 28)
    for wrong in ("2026-13", "march", "2026-02-30..2026-03-01", "2026-03-02..2026-03-01"):
        with pytest.raises(Refusal):
            periods.parse(wrong)


def test_slices_of_one_kind_make_the_total_until_one_is_sent(halden: Client) -> None:
    day, other = dt.date(2026, 10, 1), dt.date(2026, 10, 2)

    def send(name: str, value: float, on: dt.date = day) -> None:
        dims = f"channel={name}" if name else ""
        store.write(halden.pk, [Observation("upload", "cost", on, value, dims=dims)], at=ARRIVED)

    send("Organic", 10.1)
    send("Mail", 20.2)
    assert the(halden, "cost").value == Decimal("30.30")
    send("Mail", 20)
    assert the(halden, "cost").value == Decimal("30.10")
    send("", 50, other)
    send("Mail", 5, other)
    assert the(halden, "cost").value == Decimal("80.10")


def test_a_rate_in_slices_is_put_together_from_its_parts(halden: Client) -> None:
    day = dt.date(2026, 10, 1)
    rows = [
        Observation("upload", "ctr", day, 0.5, 1, 2, dims="channel=A"),
        Observation("upload", "ctr", day, 0.1, 1, 10, dims="channel=B"),
    ]
    store.write(halden.pk, rows, at=ARRIVED)
    assert the(halden, "ctr").value == Decimal("0.1667")


@pytest.mark.usefixtures("child_process")
def test_the_child_answers_from_a_process_of_its_own_and_once(
    halden: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = dt.date(2026, 10, 1)
    written = store.write(halden.pk, [Observation("upload", "sessions", day, 4)], at=ARRIVED)
    assert (written.new, written.spans[0].rows) == (1, 1)
    assert the(halden, "sessions").value == 4
    monkeypatch.setattr(store, "_ask", lambda asked: pytest.fail("asked twice"))
    assert the(halden, "sessions").value == 4


@pytest.mark.usefixtures("child_process")
def test_a_damaged_file_says_so(halden: Client) -> None:
    file = store.file_of(halden.pk)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"PAR1 not at all")
    with pytest.raises(store.Unread, match="could not be read"):
        the(halden, "sessions")
