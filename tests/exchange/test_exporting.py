"""An export holds what one may see, quotes what a spreadsheet would run, and comes back as it was."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from django.apps import apps

from steadyhand.care.flags import raise_flag
from steadyhand.care.models import FlagSource
from steadyhand.clients import book, team
from steadyhand.clients.models import Client, Engagement, Position
from steadyhand.comms.asking.chasing import ask_client, tried
from steadyhand.comms.asking.finding_out import find_out
from steadyhand.comms.calls.holding import begin_call
from steadyhand.comms.calls.notes import save_note
from steadyhand.comms.models import Outcome
from steadyhand.exchange.exporting import LEFT_OUT, SHEETS, export_to
from steadyhand.exchange.sheets import TableRows
from steadyhand.exchange.undoing import undo
from steadyhand.people import members
from tests.exchange.makers import HALDEN, SYSTEM, imported, lines, write

pytestmark = pytest.mark.usefixtures("northwind")


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


def test_every_table_is_there_twice(tmp_path: Path) -> None:
    counts = export_to(tmp_path, by=SYSTEM)
    assert set(counts) == {sheet.name for sheet in SHEETS}
    assert {path.name for path in tmp_path.iterdir()} == {
        f"{name}.{suffix}" for name in counts for suffix in ("csv", "json")
    }


def test_every_table_about_clients_is_exported_or_left_out_for_a_reason() -> None:
    rooms = [
        apps.get_app_config(room)
        for room in ("clients", "comms", "newbusiness", "delivery", "care", "growth", "onboarding")
    ]
    tables = {model._meta.label for room in rooms for model in room.get_models(include_auto_created=True)}
    exported = {
        sheet.rows.query(SYSTEM).model._meta.label for sheet in SHEETS if isinstance(sheet.rows, TableRows)
    }
    assert not exported & LEFT_OUT.keys()
    assert tables == (exported & tables) | LEFT_OUT.keys()


def test_every_heading_has_its_column() -> None:
    for sheet in SHEETS:
        if isinstance(sheet.rows, TableRows):
            assert len(sheet.rows.paths) == len(sheet.headings), sheet.name


def test_what_was_said_is_exported_to_whom_it_concerns(tmp_path: Path) -> None:
    jody, sam = (members.add_member(f"{name}@agency.example", by=SYSTEM) for name in ("jody", "sam"))
    mine, theirs = (book.add_client(name, by=SYSTEM) for name in ("Mine", "Canary 4711"))
    team.assign(mine, jody, Position.LEAD, by=SYSTEM)
    jody.refresh_from_db()
    for client in (mine, theirs):
        call = begin_call(client, by=SYSTEM, member=sam)
        save_note(call, "rapport", f"{client.name} sails", by=SYSTEM)
        chase = ask_client(client, f"the plans of {client.name}", by=SYSTEM, owner=sam)
        tried(chase, Outcome.VOICEMAIL, by=SYSTEM, member=sam, note=client.name)
        find_out(client, f"Why is {client.name} so?", by=SYSTEM, owner=sam)
        raise_flag(client, f"{client.name} is cross", by=SYSTEM, source=FlagSource.CALL)
    counts = export_to(tmp_path, by=jody.actor)
    names = ("calls", "call_notes", "requests", "attempts", "questions", "flags")
    assert {name: counts[name] for name in names} == dict.fromkeys(names, 1)
    assert table(tmp_path / "call_notes.csv")[0]["text"] == "Mine sails"
    for path in tmp_path.iterdir():
        assert "4711" not in path.read_text(encoding="utf-8-sig"), path.name
    assert export_to(tmp_path, by=SYSTEM)["attempts"] == 2


def test_the_book_comes_back_as_it_was(tmp_path: Path) -> None:
    rows = [
        HALDEN | {"client": "=cmd|' /C calc'!A0", "service": "SEO; PPC", "amount": "1200.50"},
        HALDEN | {"client": "Orbit “Ü”", "domain": "orbit.example", "end": "2026-12-31"},
        {"client": "Quiet Ltd", "owner e-mail": "sam@agency.example", "country": "Germany"},
    ]
    run = imported(write(tmp_path / "book.csv", rows))
    export_to(tmp_path / "out", by=SYSTEM)
    first = (tmp_path / "out" / "book.csv").read_bytes()
    assert b"'=cmd" in first
    assert lines(imported(tmp_path / "out" / "book.csv")) == {"unchanged": [2, 3, 4]}
    undo(run, by=SYSTEM)
    imported(tmp_path / "out" / "book.csv")
    export_to(tmp_path / "again", by=SYSTEM)
    assert (tmp_path / "again" / "book.csv").read_bytes() == first
    assert Client.objects.count() == 3 and Engagement.objects.count() == 2


def test_an_export_holds_only_what_one_may_see(tmp_path: Path) -> None:
    jody = members.add_member("jody@agency.example", by=SYSTEM)
    mine = book.add_client("Mine", by=SYSTEM)
    theirs = book.add_client("Canary 4711", by=SYSTEM)
    book.add_contact(theirs, "Canary 4711 too", by=SYSTEM, email="canary4711@x.example")
    team.assign(mine, jody, Position.LEAD, by=SYSTEM)
    jody.refresh_from_db()
    export_to(tmp_path, by=jody.actor)
    assert [row["name"] for row in table(tmp_path / "clients.csv")] == ["Mine"]
    for path in tmp_path.iterdir():
        assert "4711" not in path.read_text(encoding="utf-8-sig"), path.name


def test_json_says_what_csv_says(tmp_path: Path) -> None:
    imported(write(tmp_path / "book.csv", [HALDEN]))
    export_to(tmp_path / "out", by=SYSTEM)
    data = json.loads((tmp_path / "out" / "engagements.json").read_text(encoding="utf-8"))
    assert data[0]["amount"] == "2400.00"
    assert table(tmp_path / "out" / "engagements.csv")[0]["amount"] == "2400.00"
