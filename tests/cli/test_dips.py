"""`dips`: a table in, incidents out; what cannot be used is said and the rest carried on."""

from __future__ import annotations

import datetime as dt
import json
import random
from pathlib import Path

import pytest

from steadyhand.cli.__main__ import main


def table(file: Path, *more: str, header: str = "series,date,value") -> Path:
    """Two series of 150 days up to the end of May; the second loses half of its last ten days."""
    chance, lines = random.Random(4), [header]
    for number in range(150):
        day = dt.date(2026, 1, 2) + dt.timedelta(days=number)
        for name, share in (("steady", 1.0), ("falling", 0.4 if number >= 140 else 1.0)):
            lines.append(f"{name},{day},{round(chance.gauss(1000, 60) * share)}")
    file.write_text("\n".join([*lines, *more]) + "\n")
    return file


def test_a_dip_is_printed_in_one_array(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dips", "--observations", str(table(tmp_path / "d.csv")), "--json"]) == 0
    said = capsys.readouterr()
    (found,) = json.loads(said.out)
    assert found["series"] == "falling"
    assert found["first_day"] == "2026-05-22"
    assert 0 < found["p"] < 1e-3
    assert 9000 < found["expected"] < 11000
    assert 3500 < found["observed"] < 4500
    assert found["score"] > 4
    assert said.err == ""


def test_as_of_looks_no_further(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(table(tmp_path / "d.csv"))
    assert main(["dips", "--observations", file, "--as-of", "2026-05-21", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_bad_lines_are_told_and_the_rest_carried_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = table(
        tmp_path / "d.csv",
        "steady,2026-02-30,5,count",
        "steady,2026-05-30,many,count",
        "steady,2026-05-31,-4,count",
        "steady,2126-05-31,7,count",
        "steady,2026-05-29,1003,count",
        "steady,2026-05-28,8,sheep",
        ",2026-05-28,8,count",
        header="series,date,value,kind",
    )
    assert main(["dips", "--observations", str(file), "--json"]) == 0
    said = capsys.readouterr()
    assert [one["series"] for one in json.loads(said.out)] == ["falling"]
    for sentence in (
        "Line 302 has “2026-02-30” for a date",
        "Line 303 has “many” for a value",
        "Line 304 counts -4",
        "Line 305 is of 2126-05-31, which is to come",
        "“steady” has 2026-05-29 more than once (lines 296 and 306)",
        "Line 307 has “sheep” for a kind",
        "Line 308 does not say which series",
    ):
        assert sentence in said.err


def parted(file: Path, *more: str) -> Path:
    """Conversion rates: from their parts, and only the quotient; a count under ten a day; an empty value."""
    chance, lines = random.Random(5), ["series,date,value,kind,numerator,denominator"]
    for number in range(150):
        day = dt.date(2026, 1, 2) + dt.timedelta(days=number)
        visits = round(chance.gauss(4000, 200)) // (4 if number >= 140 else 1)
        bought = round(visits * 0.03 * chance.gauss(1, 0.05))
        lines.append(f"from parts,{day},{bought / visits},ratio,{bought},{visits}")
        lines.append(f"quotient,{day},{chance.gauss(0.03, 0.001) * (0.5 if number >= 140 else 1)},ratio,,")
        lines.append(f"tiny,{day},{0 if number in (143, 149) else chance.choice([2, 3, 4])},count,,")
        lines.append(f"unknown,{day},{'' if number >= 140 else round(chance.gauss(900, 30))},count,,")
    file.write_text("\n".join([*lines, *more]) + "\n")
    return file


def test_ratios_know_their_parts_an_empty_value_is_no_zero_and_a_small_count_waits_for_its_week(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Fewer visits are no lower rate; under ten a day an empty day wakes nobody."""
    file = parted(
        tmp_path / "d.csv",
        "from parts,2026-05-30,0.03,ratio,-3,100",
        "from parts,2026-05-30,0.03,ratio,3,NaN",
        "quotient,2026-05-31,NaN,ratio,,",
    )
    assert main(["dips", "--observations", str(file), "--json"]) == 0
    said = capsys.readouterr()
    (found,) = json.loads(said.out)
    assert (found["series"], found["first_day"]) == ("quotient", "2026-05-22")
    assert 0.028 < found["expected"] < 0.032
    assert 0.014 < found["observed"] < 0.016
    for sentence in (
        "Line 602 has “-3” for a numerator",
        "Line 603 has “NaN” for a denominator",
        "Line 604 has “NaN” for a value",
    ):
        assert sentence in said.err


def test_a_table_without_values_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "d.csv").write_text("series,date\na,2026-01-01\n")
    assert main(["dips", "--observations", str(tmp_path / "d.csv"), "--json"]) == 1
    assert "no column “value”" in capsys.readouterr().err
    assert main(["dips", "--observations", str(tmp_path / "none.csv")]) == 1
    assert "There is no file" in capsys.readouterr().err
