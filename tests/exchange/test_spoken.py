"""How tables write durations, directions and times of day, decided from the whole column."""

from __future__ import annotations

import datetime as dt

import pytest

from steadyhand.core.refusals import Refusal
from steadyhand.exchange.spoken import DurationColumn, read_channel, read_direction, read_time


def column(*cells: str, heading: str = "call duration") -> DurationColumn:
    return DurationColumn.of(heading, list(enumerate(cells, start=2)))


@pytest.mark.parametrize(
    ("cells", "minutes", "why"),
    [
        (("1500000", "20000"), [25, 1], "in milliseconds"),
        (("12000", "8000"), [1, 1], "in milliseconds"),
        (("1500", "20", "0"), [25, 1, None], "in seconds"),
        (("25", "90", "12.5"), [25, 90, 12], "in minutes"),
        (("0:25", "1:05"), [25, 65], "hours and minutes"),
        (("25:10", "1:05"), [25, 1], "minutes and seconds"),
        (("00:25:00", "01:05:40"), [25, 66], ""),
        (("1h 5m", "25 min", "90 s", "2 hours", ""), [65, 25, 2, 120, None], ""),
    ],
)
def test_the_whole_column_says_what_a_duration_means(
    cells: tuple[str, ...], minutes: list[int | None], why: str
) -> None:
    durations = column(*cells)
    assert [durations.read(cell) for cell in cells] == minutes
    assert why in " ".join(durations.whys) and bool(why) == bool(durations.whys)


@pytest.mark.parametrize(
    ("heading", "minutes"),
    [("Call Duration (ms)", 1), ("duration_seconds", 1), ("Minutes", 60), ("length (h)", None)],
)
def test_a_heading_with_its_unit_decides_and_nothing_is_guessed(heading: str, minutes: int | None) -> None:
    durations = column("60", heading=heading)
    assert not durations.whys
    if minutes is None:
        with pytest.raises(Refusal, match="more than a day, read in hours"):
            durations.read("60")
    else:
        assert durations.read("60") == minutes


@pytest.mark.parametrize("cell", ["soon", "-5", "=1+1", "1:2:3:4", "h", "99999999"])
def test_what_is_no_duration_is_refused(cell: str) -> None:
    with pytest.raises(Refusal):
        column(heading="minutes").read(cell)


@pytest.mark.parametrize(
    ("cell", "time"),
    [("14:30", (14, 30)), ("2:30 pm", (14, 30)), ("12:05 a.m.", (0, 5)), ("9.15", (9, 15)), ("7pm", (19, 0)),
     ("14:30:59", (14, 30))],
)  # fmt: skip
def test_times_of_day(cell: str, time: tuple[int, int]) -> None:
    assert read_time(cell, "time") == dt.time(*time)


@pytest.mark.parametrize("cell", ["14", "25:00", "13:61", "noon"])
def test_what_is_no_time_is_refused(cell: str) -> None:
    with pytest.raises(Refusal, match="not a time of day"):
        read_time(cell, "time")


def test_words_for_kinds_and_directions() -> None:
    assert [read_channel(word, "type") for word in ("Phone  Call", "E-Mail", "visit", "NOTE")] == [
        *("call", "email", "meeting", "note")
    ]
    assert [read_direction(word, "d") for word in ("INCOMING_EMAIL", "Outgoing", "")] == ["in", "out", ""]
    with pytest.raises(Refusal, match="neither inbound nor outbound"):
        read_direction("sideways", "d")
