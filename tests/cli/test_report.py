"""`report draft|send|render`, of one client or of all that are due."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from steadyhand.cli.__main__ import main
from steadyhand.commitments.planning import plan_book
from steadyhand.reporting.models import Report, ReportState
from steadyhand.reporting.reports import sending
from tests import cast
from tests.cast import NOW, Cast
from tests.reporting.reporting_world import measure, sketched

pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind(settings: object, tmp_path: Path) -> Iterator[Cast]:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    with time_machine.travel(NOW, tick=False):
        made = cast.build(planned=False)
        measure(made.halden)
        yield made


def test_drafted_printed_and_sent(
    northwind: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sending, "report_pdf", lambda report, reading: b"%PDF-1.7")
    of = ["--client", "halden-bikes", "--period", "2026-10"]
    assert main(["report", "render", *of]) == 1, "nothing is drafted yet"
    assert main(["report", "draft", *of]) == 0
    assert "Report for October 2026, Halden Bikes: draft" in capsys.readouterr().out
    paper = tmp_path / "october.pdf"
    assert main(["report", "render", *of, "--pdf", str(paper), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["lines"][0]["shown"] == "£15,500" and said["state"] == "draft"
    assert paper.read_bytes().startswith(b"%PDF")
    assert main(["report", "send", *of]) == 0
    assert Report.objects.get().state == ReportState.SENT
    assert main(["report", "send", *of]) == 1
    assert "was sent on" in capsys.readouterr().err


def test_everything_that_is_due_is_drafted_with_progress(
    northwind: Cast, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sketched(monkeypatch)
    plan_book()
    with time_machine.travel(dt.datetime(2026, 11, 28, 6, tzinfo=dt.UTC), tick=False):
        assert main(["report", "draft", "--due", "--json"]) == 0
    said = capsys.readouterr()
    made = Report.objects.count()
    assert json.loads(said.out) == {"drafted": made} and made >= 3
    assert f"Drafting: {made} of {made}" in said.err
    assert main(["report", "draft"]) == 1 and main(["report", "send", "--due"]) == 1
