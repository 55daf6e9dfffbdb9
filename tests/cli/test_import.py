"""`import` and `export` as scripts call them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("migrated")

type Command = Callable[..., subprocess.CompletedProcess[str]]
BOOK = """\
client,domain,owner e-mail,engagement kind,service,amount,currency,start,end,country,zone
Halden Bikes,halden.example,jody@agency.example,retainer,SEO,2400,GBP,2026-03-01,,GB,
Orbit Dental,orbit.example,sam@agency.example,project,Website,12000,GBP,2026-03-01,2026-01-01,GB,
"""


def test_a_book_is_checked_imported_and_unchanged_the_second_time(
    steadyhand: Command, tmp_path: Path
) -> None:
    book = tmp_path / "book.csv"
    book.write_text(BOOK)
    answers = []
    for options in (["--check"], [], []):
        done = steadyhand("import", "clients", str(book), "--json", *options)
        assert done.returncode == 0, done.stderr
        answers.append(json.loads(done.stdout))
    assert [answer["state"] for answer in answers] == ["checked", "applied", "applied"]
    assert [answer["counts"]["create"] for answer in answers] == [1, 1, 0]
    assert answers[2]["counts"]["unchanged"] == 1
    (skipped,) = answers[0]["skipped"]
    assert (skipped["line"], skipped["row"]) == (3, "Orbit Dental")
    assert "before it starts" in skipped["reason"]
    calls = tmp_path / "calls.csv"
    calls.write_text("client,date,type,summary,minutes\nhalden.example,2026-03-04,call,Stock,25\n")
    done = steadyhand("import", "activities", str(calls), "--json")
    assert json.loads(done.stdout)["tables"] == {"interactions": {"create": 1}}, done.stderr
    done = steadyhand("export", str(tmp_path / "out"), "--json")
    assert json.loads(done.stdout)["rows"]["clients"] == 1
    assert "Halden Bikes" in (tmp_path / "out" / "book.csv").read_text()


def test_what_cannot_be_imported_is_refused_with_1_and_wrong_usage_with_2(
    steadyhand: Command, tmp_path: Path
) -> None:
    wrong = tmp_path / "book.csv"
    wrong.write_bytes(b"%PDF-1.7")
    done = steadyhand("import", "clients", str(wrong))
    assert (done.returncode, done.stdout) == (1, "")
    assert "but it is a PDF" in done.stderr
    assert steadyhand("import", "clients", str(tmp_path / "none.csv")).returncode == 1
    assert steadyhand("import", "hubspot").returncode == 2
