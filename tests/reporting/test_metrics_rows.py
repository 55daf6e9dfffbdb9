"""Reading a table: what each column is, what each cell says, what is refused and why."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyhand.core.refusals import Refusal
from steadyhand.exchange.tables import open_table
from steadyhand.reporting.metrics import rows
from steadyhand.reporting.metrics.rows import Checked

TODAY = dt.date(2026, 11, 24)
LONG = ["date", "metric", "value"]


def checked(headings: list[str], *lines: list[str], currency: str = "") -> Checked:
    numbered = enumerate(lines, start=2)
    roles = rows.guess(headings)
    return rows.check(headings, numbered, roles, source="upload", today=TODAY, currency=currency)


def only_refusal(found: Checked) -> str:
    [refused] = found.refused
    return refused.sentence


def test_a_long_table_and_a_wide_one_say_the_same() -> None:
    long = checked(LONG, ["2026-10-01", "Sessions", "1,234"], ["01/10/2026", "spend", "£20.50"])
    wide = checked(["Day", "Visits", "Amount spent (GBP)", "Colour"], ["20261001", "1234", "20.50", "red"])
    assert long.observations == wide.observations
    assert [seen.value for seen in long.observations] == [1234, 20.5]
    assert (long.currency, wide.currency) == ("GBP", "GBP")
    assert wide.notes == ["Left out: Colour."]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["2026-12-01", "sessions", "1"], "future"),
        (["1026-10-01", "sessions", "1"], "before 2000"),
        (["yesterday", "sessions", "1"], "not a day"),
        (["2026-02-30", "sessions", "1"], "not a day"),
        (["2026-10-01", "sessions", "-4"], "never below zero"),
        (["2026-10-01", "sessions", "many"], "not a number"),
        (["2026-10-01", "sessions", "NaN"], "not a number"),
        (["2026-10-01", "happiness", "4"], "not a metric"),
        (["2026-10-01", "revenue", "$4"], "is in USD here, and in GBP so far"),
        (["2026-10-01", "ctr", "31"], "3.1%"),
    ],
)
def test_a_bad_line_is_left_out_with_its_reason_and_the_rest_goes_on(line: list[str], words: str) -> None:
    found = checked(LONG, line, ["2026-10-02", "sessions", "7"], currency="GBP")
    assert words in only_refusal(found)
    assert found.refused[0].line == 2
    assert [seen.value for seen in found.observations] == [7]


def test_a_day_twice_is_refused_and_says_where_it_stands() -> None:
    found = checked(LONG, ["2026-10-01", "sessions", "7"], ["2026-10-01", "visits", "8"])
    assert only_refusal(found) == "Sessions of 1 October 2026 stands in line 2 already."
    assert found.observations[0].value == 7


def test_an_empty_cell_is_no_zero() -> None:
    found = checked(LONG, ["2026-10-01", "sessions", ""], ["2026-10-02", "sessions", "0"])
    assert [(seen.day.day, seen.value) for seen in found.observations] == [(2, 0)]


def test_rates_bring_what_they_are_made_of() -> None:
    found = checked([*LONG, "numerator", "denominator"], ["2026-10-01", "ctr", "", "3", "60"])
    [seen] = found.observations
    assert (seen.value, seen.numerator, seen.denominator) == (0.05, 3, 60)
    assert checked(LONG, ["2026-10-01", "ctr", "3.1%"]).observations[0].value == 0.031


@pytest.mark.parametrize("headings", [["metric", "value"], ["date"], ["date", "sessions", "visits"]])
def test_a_table_that_cannot_be_read_at_all_says_so(headings: list[str]) -> None:
    with pytest.raises(Refusal) as refused:
        checked(headings, ["1"] * len(headings))
    assert refused.value.field == "columns" and refused.value.remedy


@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), max_size=8))
@settings(max_examples=30, deadline=None)
def test_whatever_a_table_holds_each_line_is_read_or_refused(lines: list[list[str]]) -> None:
    found = checked(LONG, *lines)
    assert found.lines == len(lines)
    assert all(one.sentence.strip() for one in found.refused)
    assert all(seen.value == seen.value and seen.day <= TODAY for seen in found.observations)


def test_the_shipped_example_reads_without_a_complaint(tmp_path: Path) -> None:
    path = tmp_path / "october.csv"
    path.write_text("date;metric;value\n2026-10-01;sessions;1,5\n", encoding="utf-8")
    table = open_table(path, path.name)
    found = checked(table.headings, *[row.cells for row in table.rows()])
    assert found.observations[0].value == 1.5
