"""A table of calls and activities: whose a row is, what it says, once; and taken back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from steadyhand.clients import book
from steadyhand.clients.models import Client
from steadyhand.comms.models import Interaction
from steadyhand.desk.call_time import minutes_used
from steadyhand.exchange.applying import apply
from steadyhand.exchange.checking import check
from steadyhand.exchange.models import ExternalRef, ImportRun
from steadyhand.exchange.presets import INTERACTIONS, guess, own_headings
from steadyhand.exchange.undoing import undo
from steadyhand.people.models import Member
from tests.exchange.makers import SYSTEM, reasons, started, write

CALL = {
    "client": "Halden Bikes",
    "date": "2026-11-03",
    "time": "14:30",
    "type": "Call",
    "with": "maya@halden.example",
    "who": "jody@agency.example",
    "minutes": "25",
    "direction": "inbound",
    "summary": "The winter campaign",
    "outcome": "Connected",
}


@pytest.fixture(autouse=True)
def halden(northwind: object) -> Client:
    client = book.add_client("Halden Bikes", by=SYSTEM, domain="halden.example")
    book.add_contact(client, "Maya Novak", by=SYSTEM, email="maya@halden.example")
    return client


def checked(folder: Path, *rows: dict[str, str]) -> ImportRun:
    path = write(folder / "calls.csv", rows, own_headings(INTERACTIONS))
    return check(started(path, kind=INTERACTIONS))


def imported(folder: Path, *rows: dict[str, str]) -> ImportRun:
    return apply(checked(folder, *rows))


def test_a_row_becomes_what_happened_with_all_it_says(tmp_path: Path, halden: Client) -> None:
    imported(tmp_path, CALL)
    call = Interaction.objects.get()
    assert (call.channel, call.direction, call.minutes) == ("call", "in", 25)
    assert (call.summary, call.outcome, call.source) == ("The winter campaign", "Connected", "file")
    assert call.at == dt.datetime(2026, 11, 3, 14, 30, tzinfo=dt.UTC)
    assert call.contact is not None and call.contact.name == "Maya Novak"
    assert call.member is not None and call.member.email == "jody@agency.example"
    assert Member.objects.get().state == "not_invited"


def test_only_calls_of_this_month_count_against_call_time(tmp_path: Path, halden: Client) -> None:
    rows = [
        CALL,
        CALL | {"date": "2026-10-30", "minutes": "50"},
        CALL | {"type": "meeting", "minutes": "90"},
    ]
    imported(tmp_path, *rows)
    assert minutes_used([halden.pk], dt.date(2026, 11, 24), "Europe/London") == {halden.pk: 25}


@pytest.mark.parametrize(
    ("said", "met"),
    [
        ("halden bikes", ""),
        ("https://www.halden.example/", ""),
        ("halden-bikes", ""),
        ("", "Maya@Halden.example"),
        ("", "somebody.else@halden.example"),
    ],
)
def test_the_client_is_meant_by_name_domain_short_name_or_contact(
    tmp_path: Path, halden: Client, said: str, met: str
) -> None:
    imported(tmp_path, CALL | {"client": said, "with": met})
    assert Interaction.objects.get().client == halden


def test_a_contact_is_found_by_name_and_a_stranger_is_kept_in_words(tmp_path: Path) -> None:
    run = imported(tmp_path, CALL | {"with": "maya novak"}, CALL | {"with": "Ned Stark", "notes": "Cold."})
    known, unknown = Interaction.objects.order_by("id")
    assert known.contact is not None and unknown.contact is None
    assert unknown.body == "Cold.\n\nWith: Ned Stark"
    assert "is no contact of Halden Bikes" in run.rows.get(line=3).reason


def test_rows_that_cannot_be_right_say_why_and_can_be_mended(tmp_path: Path) -> None:
    wrong = [
        CALL | {"client": "Nobody & Co"},
        CALL | {"client": "", "with": "jo@gmail.com"},
        CALL | {"type": "fax"},
        CALL | {"date": ""},
        CALL | {"date": "2026-11-25"},
        CALL | {"time": "late"},
        CALL | {"summary": ""},
        CALL,
        CALL,
        CALL | {"reference": "7"},
        CALL | {"reference": "7", "summary": "Another"},
    ]
    run = checked(tmp_path, *wrong)
    said = reasons(run)
    words = {
        2: "No client is called “Nobody & Co”",
        3: "No client is named",
        4: "not call, email, meeting or note",
        5: "no date",
        6: "still to come",
        7: "not a time of day",
        8: "says nothing",
        10: "Line 9 says the same",
        12: "Line 11 has the same reference",
    }
    assert said.keys() == words.keys()
    assert all(words[line] in said[line] for line in words), said
    assert run.rows.filter(mendable=True).count() == len(words)


def test_the_same_row_again_changes_nothing_however_it_is_spaced(tmp_path: Path) -> None:
    imported(tmp_path, CALL, CALL | {"reference": "A-1", "summary": "Stock"})
    again = imported(
        tmp_path,
        CALL | {"date": "3 Nov 2026", "summary": "The  winter campaign", "minutes": "26"},
        CALL | {"reference": "A-1", "summary": "Stock, corrected"},
        CALL | {"summary": "Another"},
    )
    assert again.counts == {"interactions.unchanged": 2, "interactions.create": 1}
    assert Interaction.objects.count() == 3


def test_a_reference_that_means_something_else_is_refused(tmp_path: Path) -> None:
    imported(tmp_path, CALL | {"reference": "1"})
    run = imported(tmp_path, CALL | {"reference": "1", "date": "2026-09-01"})
    assert "An earlier import has given 1 to something else" in reasons(run)[2]


def test_the_name_of_a_merged_client_means_nobody_any_more(tmp_path: Path, halden: Client) -> None:
    keep = book.add_client("Halden Group", by=SYSTEM)
    imported(tmp_path, CALL | {"client": "Halden Group"})
    book.merge_clients(halden, keep, by=SYSTEM)
    assert Interaction.objects.get().client == halden
    assert "No client is called" in reasons(checked(tmp_path, CALL | {"client": "Halden Group"}))[2]


def test_undo_takes_the_calls_back_and_whom_they_brought(tmp_path: Path) -> None:
    run = imported(tmp_path, CALL, CALL | {"summary": "Second", "time": ""})
    undo(run, by=SYSTEM)
    assert not Interaction.objects.exists() and not ExternalRef.objects.exists()
    assert not Member.objects.exists()
    assert imported(tmp_path, CALL).counts == {"interactions.create": 1}


def test_headings_of_other_programs_are_recognised() -> None:
    found = guess(INTERACTIONS, ["Company", "Call ID", "Activity Date", "Type", "Contact", "Call Duration"])
    assert found == {
        "client": "Company",
        "reference": "Call ID",
        "at": "Activity Date",
        "type": "Type",
        "with": "Contact",
        "minutes": "Call Duration",
    }
