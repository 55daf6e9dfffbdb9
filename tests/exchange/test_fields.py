"""What a cell means, and how a whole column decides it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from steadyhand.core.refusals import Refusal
from steadyhand.exchange.fields import AmountColumn, DateColumn, read_currency, read_domain
from steadyhand.exchange.places import country_code, zone_of

MARCH_4 = dt.date(2026, 3, 4)


def column(*cells: str, month_first: bool = False) -> DateColumn:
    return DateColumn.of("start", list(enumerate(cells, start=2)), month_first_country=month_first)


@pytest.mark.parametrize(
    "cell",
    [
        *("2026-03-04", "2026/3/4", "2026-03-04T10:30:00Z", "04/03/2026", "4.3.2026", "04-03-26"),
        *("4 Mar 2026", "4 March 2026", "4th March 2026", "04-Mar-2026", "March 4, 2026", "Mar 4 2026"),
    ],
)
def test_days_are_read_as_people_write_them(cell: str) -> None:
    assert column().read(cell) == MARCH_4


@pytest.mark.parametrize("cell", ["31/02/2026", "2026-13-01", "soon", "4 Smarch 2026", "45000", "=TODAY()"])
def test_what_is_no_day_is_refused(cell: str) -> None:
    with pytest.raises(Refusal, match="not a day in the calendar"):
        column().read(cell)


def test_one_clear_day_decides_the_whole_column_and_is_named() -> None:
    day_first = column("04/03/2026", "13/03/2026", month_first=True)
    assert day_first.read("04/03/2026") == MARCH_4
    assert day_first.why == "day first, because line 3 says 13/03/2026"
    assert column("03/04/2026", "03/13/2026").read("03/04/2026") == MARCH_4


def test_where_nothing_tells_the_agencys_country_decides_and_it_is_said() -> None:
    assert column("03/04/2026", month_first=True).read("03/04/2026") == MARCH_4
    assert "could be either" in column("04/03/2026").why
    assert column("2026-03-04").why == ""


def test_a_column_that_mixes_both_says_so() -> None:
    mixed = column("13/03/2026", "03/13/2026", "04/03/2026")
    assert "mixes both" in mixed.why
    assert mixed.read("03/13/2026") == mixed.read("13/03/2026") == dt.date(2026, 3, 13)


def test_a_moment_without_a_time_stays_on_its_day_everywhere() -> None:
    moment = column().read_moment("2026-03-04", "Europe/London")
    assert moment == dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
    assert column().read_moment("2026-07-04 10:30", "Europe/London") == dt.datetime(
        2026, 7, 4, 9, 30, tzinfo=dt.UTC
    )


def amounts(*cells: str) -> AmountColumn:
    return AmountColumn.of("amount", list(enumerate(cells, start=2)))


@pytest.mark.parametrize(
    ("cell", "amount", "currency"),
    [
        ("2400", "2400", ""),
        ("£2,400.50", "2400.50", "GBP"),
        ("2 400,50 €", "2400.50", "EUR"),
        ("EUR 2400", "2400", "EUR"),
        ("1'200.00", "1200", ""),
        ("$99", "99", "$"),
        ("0", "0", ""),
    ],
)
def test_amounts_are_read_as_people_write_them(cell: str, amount: str, currency: str) -> None:
    assert amounts(cell).read(cell) == (Decimal(amount), currency)


def test_the_column_says_whether_commas_are_decimals() -> None:
    assert amounts("2.400", "1.200,50").read("2.400")[0] == Decimal(2400)
    assert amounts("2.400", "1,200.50").read("2.400")[0] == Decimal("2.40")


@pytest.mark.parametrize("cell", ["-5", "(5)", "=1", "many", "1e9", "NaN", "99999999999"])
def test_what_is_no_amount_is_refused(cell: str) -> None:
    with pytest.raises(Refusal):
        amounts(cell).read(cell)


def test_a_dollar_is_the_agencys_when_it_counts_in_dollars() -> None:
    assert read_currency("", "currency", told="$", default="AUD") == "AUD"
    assert read_currency("", "currency", told="$", default="GBP") == "USD"
    assert read_currency("CAD", "currency", told="$", default="GBP") == "CAD"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("GB", "GB"), ("uk", "GB"), ("Deutschland", "DE"), ("Germany", "DE"), ("USA", "US")),
        *(("Côte d'Ivoire", "CI"), ("Holy See (Vatican City State)", "VA"), ("Kyrgyz Republic", "KG")),
        *(("St. Lucia", "LC"), ("the Netherlands", "NL"), ("Atlantis", None), ("ZZ", None)),
    ],
)
def test_countries_are_known_by_code_and_name(text: str, code: str | None) -> None:
    assert country_code(text, "de") == code


def test_every_country_has_a_zone_and_large_ones_their_main_one() -> None:
    assert [zone_of(code) for code in ("US", "AU", "CA", "RU", "BR")] == [
        *("America/New_York", "Australia/Sydney", "America/Toronto", "Europe/Moscow"),
        "America/Sao_Paulo",
    ]


@pytest.mark.parametrize(
    ("cell", "domain"),
    [
        *(("example.com", "example.com"), ("https://www.Example.com/shop?x=1", "example.com")),
        *(("www.example.co.uk", "example.co.uk"), ("", "")),
    ],
)
def test_domains_are_bare(cell: str, domain: str) -> None:
    assert read_domain(cell, "domain") == domain
