"""Money, durations, names and dates are written one way everywhere."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.template import Context, Template
from django.test import RequestFactory

from steadyhand.core.money import Money
from steadyhand.ui import formats

NOW = dt.datetime(2026, 11, 26, 9, 0, tzinfo=dt.UTC)


def render(source: str, **context: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(context)).strip()


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (100, "1 h 40 m"),
        (60, "1 h"),
        (45, "45 m"),
        (0, "0 m"),
        (-20, "−20 m"),
        (dt.timedelta(hours=2, seconds=29), "2 h"),
        (None, ""),
    ],
)
def test_duration(minutes: Any, text: str) -> None:
    assert render("{{ minutes|duration }}", minutes=minutes) == text


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Jody Marsh", "JM"),
        ("maria de la Cruz", "MC"),
        ("Cher", "C"),
        ("Ana Beck (Berlin)", "AB"),
        ("jody.marsh@agency.example", "JM"),
        ("Øyvind Ås", "ØÅ"),
        ("  ", "?"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert formats.initials(name) == letters


def test_money_shows_pence_only_where_there_are_any() -> None:
    assert render("{{ amount|money:'GBP' }}", amount=Decimal(3000)) == "£3,000"
    assert render("{{ amount|money:'EUR' }}", amount=Decimal("2400.50")) == "€2,400.50"
    assert render("{{ amount|money }}", amount=Money(Decimal("9.99"), "USD")) in {"$9.99", "US$9.99"}
    assert render("{{ amount|money:'GBP' }}", amount=None) == ""


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dt.date(2026, 11, 26), "today"),
        (dt.date(2026, 11, 27), "tomorrow"),
        (dt.date(2026, 11, 25), "yesterday"),
        (dt.date(2026, 11, 29), "in 3 days"),
        (dt.date(2026, 11, 12), "2 weeks ago"),
        (dt.date(2027, 2, 26), "in 3 months"),
        (dt.date(2023, 11, 26), "3 years ago"),
    ],
)
def test_relative_day(day: dt.date, words: str) -> None:
    assert formats.relative_day(day, NOW.date()) == words


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (dt.timedelta(seconds=20), "now"),
        (dt.timedelta(minutes=20), "in 20 minutes"),
        (-dt.timedelta(minutes=1), "1 minute ago"),
        (dt.timedelta(hours=3), "in 3 hours"),
        (dt.timedelta(hours=26), "tomorrow"),
    ],
)
def test_relative_moment(away: dt.timedelta, words: str) -> None:
    assert formats.relative(NOW + away, NOW, NOW.date(), dt.UTC) == words


@time_machine.travel(NOW, tick=False)
def test_when_is_absolute_with_the_relative_time_on_hover() -> None:
    html = render("{% when at %}", at=NOW + dt.timedelta(hours=1), reader_zone="Europe/London")
    assert ">Thu 26 Nov, 10:00<" in html
    assert 'title="in 1 hour"' in html


@time_machine.travel(NOW, tick=False)
def test_when_shows_a_moment_in_the_readers_zone_and_names_it_where_clocks_differ() -> None:
    html = render(
        "{% when at zone='America/New_York' %}",
        at=NOW + dt.timedelta(hours=1),
        reader_zone="Europe/Berlin",
    )
    assert ">Thu 26 Nov, 11:00 (Berlin)<" in html
    assert "Thu 26 Nov, 05:00 in New York" in html


@time_machine.travel(NOW, tick=False)
def test_when_does_not_name_a_zone_whose_clocks_agree() -> None:
    html = render("{% when at zone='Europe/Lisbon' %}", at=NOW, reader_zone="Europe/London")
    assert "(London)" not in html


@time_machine.travel(NOW, tick=False)
def test_when_takes_the_zone_of_the_requests_member() -> None:
    request = RequestFactory().get("/")
    request.member = type("Member", (), {"zone": "Asia/Tokyo"})()  # type: ignore[attr-defined]
    assert ">Thu 26 Nov, 18:00<" in render("{% when at %}", at=NOW, request=request)


@time_machine.travel("2026-11-26 23:30+00:00", tick=False)
def test_a_bare_date_is_relative_to_the_readers_own_today() -> None:
    day = dt.date(2026, 11, 27)
    assert 'title="today"' in render("{% when day %}", day=day, reader_zone=ZoneInfo("Europe/Berlin"))
    assert 'title="tomorrow"' in render("{% when day %}", day=day, reader_zone=ZoneInfo("Europe/London"))


@time_machine.travel(NOW, tick=False)
def test_another_year_is_named_and_lengths_differ() -> None:
    assert ">1 Mar 2027<" in render("{% when day %}", day=dt.date(2027, 3, 1))
    assert ">Thursday 26 November 2026<" in render("{% when day 'long' %}", day=NOW.date())
    assert ">09:00<" in render("{% when at 'time' %}", at=NOW)
    assert render("{% when nothing %}", nothing=None) == ""
