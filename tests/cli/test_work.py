"""`work import`: a table becomes a client's links, and says what it left out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from steadyhand.cli.__main__ import _call
from steadyhand.cli.registry import COMMANDS
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.models import Backlink, SiteScore
from tests import cast

pytestmark = pytest.mark.django_db
LINKS = "date,domain,type,status,url\n2026-11-03,a.example,guest post,completed,https://a.example/x\n"


@pytest.fixture
def people() -> Iterator[cast.Cast]:
    with time_machine.travel(cast.NOW, tick=False):
        yield cast.build(planned=False)


def bring(capsys: pytest.CaptureFixture[str], path: Path, *more: str) -> tuple[str, str]:
    capsys.readouterr()
    assert not _call(COMMANDS["work"], ["import", str(path), "--client", "halden-bikes", *more])
    said = capsys.readouterr()
    return said.out, said.err


def test_a_table_is_checked_and_brought_in(
    people: cast.Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "links.csv"
    path.write_text(f"{LINKS}2036-11-03,b.example,guest post,completed,\n")
    out, err = bring(capsys, path, "--check")
    assert "nothing was written. Links: 1 is new, 1 left out." in out
    assert "Line 3: 3 November 2036 is more than a year ahead." in err
    assert not Backlink.objects.exists()
    bring(capsys, path)
    told = json.loads(bring(capsys, path, "--json")[0])
    assert (told["as"], told["new"], told["unchanged"], told["refused"][0]["line"]) == ("links", 0, 1, 3)


def test_scores_bring_their_parts(
    people: cast.Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "health.csv"
    path.write_text("Date,Health score,Tool,Speed,Crawlability\n2026-11-01,72,Crawler,60,88\n")
    assert "Website health: 1 is new." in bring(capsys, path)[0]
    assert SiteScore.objects.get().parts == {"speed": 60, "crawlability": 88}


def test_a_table_of_nothing_is_refused(
    people: cast.Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "links.csv"
    path.write_text(LINKS.replace("guest post", "handshake"))
    with pytest.raises(Refusal, match=r"no line that can be brought in.*Line 2"):
        bring(capsys, path)
