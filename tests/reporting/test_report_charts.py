"""Charts of reports: frozen, the same numbers on every face; and a deck that is the same file twice."""

from __future__ import annotations

import datetime as dt
import io
import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.reporting import charts
from steadyhand.reporting.models import Reading, Report, ReportKind
from steadyhand.reporting.reports import drafting, plotting
from steadyhand.reporting.reports.composing import composed
from steadyhand.reporting.reports.paper import report_pdf
from steadyhand.reporting.reports.periods import parse
from steadyhand.reporting.reports.slides import slides_of
from tests import cast
from tests.cast import NOW, SYSTEM, Cast, user_of
from tests.reporting.reporting_world import measure, sketched

pytestmark = pytest.mark.django_db

OCTOBER = parse("2026-10")
RISING = {"sessions": (400, 300, 320), "leads": (2, 2, 1)}


@pytest.fixture
def northwind() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast.build(planned=False)


def drafted(northwind: Cast, kind: ReportKind = ReportKind.FIGURES, period: str = "2026-10") -> Report:
    measure(northwind.halden, RISING)
    return drafting.draft_for(northwind.halden, parse(period), by=SYSTEM, kind=kind)


def chart_of(report: Report, label: str) -> plotting.Chart:
    return next(one for one in composed(report, Reading.DETAIL).charts if one.label == label)


def test_a_chart_is_frozen_at_the_cut_off_with_its_numbers(northwind: Cast) -> None:
    report = drafted(northwind)
    sessions = chart_of(report, "Sessions")
    assert (len(sessions.rows), sessions.rows[0]) == (31, ["Thu 1 Oct 2026", "400", "320"])
    assert sessions.brief[0] == ["1 to 7 Oct", "2,800", "2,240"] and sessions.brief[-1][0] == "29 to 31 Oct"
    assert sessions.sentence == "Sessions day by day, October 2026: 400 throughout."
    with time_machine.travel(NOW + dt.timedelta(hours=1), tick=False):
        measure(northwind.halden, {"sessions": (999, 1, 1)})
        report.refresh_from_db()
        assert chart_of(report, "Sessions") == sessions
        assert chart_of(drafting.take_anew(report, by=SYSTEM), "Sessions").rows[0][1] == "999"


def test_weeks_of_the_small_table_add_up_to_the_figure(northwind: Cast) -> None:
    report = drafted(northwind)
    total = next(one.shown for one in composed(report, Reading.DETAIL).lines if one.key == "sessions")
    weeks = [int(row[1].replace(",", "")) for row in chart_of(report, "Sessions").brief]
    assert f"{sum(weeks):,}" == total == "12,400"


def test_a_short_reading_has_no_charts_and_costs_no_drawing(
    northwind: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = drafted(northwind)
    monkeypatch.setattr(charts, "_draw", lambda specs: pytest.fail("nothing is drawn"))
    seen = composed(report, Reading.SHORT)
    assert seen.charts == [] == plotting.pictures_of(report, seen.charts)


def test_numbers_of_charts_are_the_same_on_page_paper_and_api(northwind: Cast, tmp_path: Path) -> None:
    report, browser = drafted(northwind), Browser()
    browser.force_login(user_of(northwind.jody))
    page = browser.get(f"/reports/{report.pk}/").content.decode()
    told = browser.get(f"/api/reports/{report.pk}").json()["seen"]["charts"]
    sessions = next(one for one in told if one["label"] == "Sessions")
    assert f'aria-label="{sessions["sentence"]}"' in page and 'class="chart__picture"' in page
    cells = re.findall(r"<t[dh][^>]*>([^<]*)</t[dh]>", page)
    shown = set(zip(cells, cells[1:], cells[2:], strict=False))
    assert {tuple(row) for row in sessions["rows"]} <= shown
    paper = tmp_path / "report.pdf"
    paper.write_bytes(report_pdf(report, Reading.DETAIL))
    asked = ["pdftotext", "-layout", str(paper), "-"]
    said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    for row in sessions["brief"]:
        assert re.search(r"\s+".join(re.escape(cell) for cell in row), said), row


def test_a_pack_is_drawn_month_by_month(northwind: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    sketched(monkeypatch)
    pack = drafted(northwind, ReportKind.RENEWAL, "2026")
    seen = composed(pack, Reading.SHORT)
    (leads,) = seen.charts
    assert (leads.step, leads.rows) == (
        "Month",
        [["October 2025", "31", "–"], ["September 2026", "60", "–"], ["October 2026", "62", "31"]],
    )
    (picture,) = plotting.pictures_of(pack, seen.charts)
    assert picture.svg.startswith("<svg")


def test_what_cannot_be_drawn_leaves_the_numbers(northwind: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    report, browser = drafted(northwind), Browser()

    def broken(specs: Any) -> list[str]:
        raise charts.Undrawn("The charts could not be drawn.")

    monkeypatch.setattr(charts, "_draw", broken)
    browser.force_login(user_of(northwind.jody))
    page = browser.get(f"/reports/{report.pk}/").content.decode()
    assert "400 throughout" in page and "Thu 1 Oct 2026" in page and "chart__frame" not in page


def test_a_deck_is_the_same_file_whenever_it_is_written(northwind: Cast) -> None:
    pack = drafted(northwind, ReportKind.RENEWAL, "2026")
    first = slides_of(pack)
    with time_machine.travel(NOW + dt.timedelta(days=40), tick=False):
        assert slides_of(Report.objects.get(pk=pack.pk)) == first
    assert b"2026-11-24T09:00:00Z" in _part(first, "docProps/core.xml")


def _part(deck: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(deck)) as packed:
        return packed.read(name)
