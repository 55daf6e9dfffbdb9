"""`metrics import`: a table becomes the client's figures, and late data says what it replaced."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine

from steadyhand.cli.__main__ import _call
from steadyhand.cli.registry import COMMANDS
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from steadyhand.reporting.metrics import periods
from steadyhand.reporting.metrics.reading import figures
from steadyhand.reporting.models import Source
from tests import cast

pytestmark = pytest.mark.django_db
OCTOBER = periods.month(2026, 10)


@pytest.fixture
def people(settings: Any, tmp_path: Path) -> Iterator[cast.Cast]:
    settings.DATA = tmp_path
    with time_machine.travel(cast.NOW, tick=False):
        yield cast.build(planned=False)


def bring(capsys: pytest.CaptureFixture[str], path: Path, *more: str) -> tuple[str, str]:
    capsys.readouterr()
    assert not _call(COMMANDS["metrics"], ["import", str(path), "--client", "halden-bikes", *more])
    said = capsys.readouterr()
    return said.out, said.err


def test_figures_come_in_and_revised_ones_replace_them(
    people: cast.Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "october.csv"
    path.write_text(
        "date,metric,value\n2026-10-01,sessions,30\n2026-10-01,revenue,£10.10\n2026-12-09,sessions,4\n"
    )
    seen = json.loads(bring(capsys, path, "--check", "--json")[0])
    assert (seen["new"], seen["replaced"], seen["lines"], seen["first_day"]) == (2, 0, 3, "2026-10-01")
    assert not Source.objects.exists()

    out, err = bring(capsys, path)
    assert out == "2 values are new.\n" and "Line 4: 9 December 2026 is in the future." in err
    path.write_text("date,metric,value\n2026-10-01,sessions,33\n2026-10-01,revenue,10.10\n")
    out, _ = bring(capsys, path)
    assert out == "1 value replaces what was there, 1 value stood there already.\n"

    sessions, revenue = figures(people.halden, ["sessions", "revenue"], OCTOBER)
    assert (sessions.value, revenue.value, revenue.currency) == (33, Decimal("10.10"), "GBP")
    source = Source.objects.get(client=people.halden)
    assert (source.rows, source.last_day, source.currency) == (2, OCTOBER.start, "GBP")
    assert Event.objects.filter(verb="figures.received").count() == 2


def test_nothing_is_written_of_a_table_with_another_currency(people: cast.Cast, tmp_path: Path) -> None:
    path = tmp_path / "euro.csv"
    path.write_text("date,metric,value\n2026-10-01,cost,£5\n")
    _call(COMMANDS["metrics"], ["import", str(path), "--client", "halden-bikes"])
    path.write_text("date,metric,value\n2026-10-02,cost,€5\n")
    with pytest.raises(Refusal, match="is in EUR here, and in GBP so far"):
        _call(COMMANDS["metrics"], ["import", str(path), "--client", "halden-bikes"])
    assert Source.objects.get().rows == 1
