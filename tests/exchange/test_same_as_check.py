"""The import does what the check said; killed and resumed it ends the same; undone it leaves nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from steadyhand.clients import book
from steadyhand.clients.models import Assignment, Client, Engagement, Service
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from steadyhand.exchange import applying, steps
from steadyhand.exchange.applying import apply
from steadyhand.exchange.checking import check
from steadyhand.exchange.models import ExternalRef, ImportRun, RunState
from steadyhand.exchange.undoing import undo
from steadyhand.people import members
from steadyhand.people.models import Member
from tests.exchange.comparing import run_and_compare
from tests.exchange.makers import HALDEN, SYSTEM, checked, imported, random_book, reasons, write

pytestmark = pytest.mark.usefixtures("northwind")


def world() -> dict[str, Any]:
    """Everything an import may write, without ids and times."""
    return {
        "clients": sorted(
            Client.objects.values_list("name", "domain", "country", "zone", "stage", "since", "ref")
        ),
        "engagements": sorted(
            map(
                str,
                Engagement.objects.values_list(
                    "client__name", "kind", "title", "amount", "currency", "starts_on", "ends_on", "ref"
                ),
            )
        ),
        "services": sorted(Service.objects.values_list("engagement__ref", "number", "name", "channel")),
        "team": sorted(Assignment.objects.values_list("client__ref", "member__email", "position")),
        "members": sorted(Member.objects.values_list("email", "state")),
        "refs": sorted(map(str, ExternalRef.objects.values_list("source", "kind", "external_id", "seen"))),
        "events": sorted(Event.objects.exclude(verb__startswith="import.").values_list("verb", flat=True)),
    }


def test_the_import_does_what_the_check_said(tmp_path: Path) -> None:
    """On invented files, fewer where SQLite has shown it; `bin/soak -k imports` takes 200."""
    files, enough = (40, 10) if connection.vendor == "sqlite" else (10, 1)
    assert min(run_and_compare(range(files), tmp_path)) > enough


@pytest.mark.parametrize("seed", [3, 14, 27])
def test_in_bulk_and_row_by_row_end_the_same(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = random_book(seed, tmp_path / "book.csv")
    with transaction.atomic():
        imported(path)
        in_bulk = world()
        transaction.set_rollback(True)

    def refuse(*_: object) -> None:
        raise Refusal("not in bulk")

    monkeypatch.setattr(steps.Hands, "do_many", refuse)
    imported(path)
    assert world() == in_bulk and in_bulk["clients"]


class Killed(BaseException):
    """The process is gone: nothing catches this."""


@pytest.mark.parametrize("dies_in", [1, 2, 4])
def test_killed_in_any_chunk_and_taken_up_again_it_ends_the_same(
    tmp_path: Path, dies_in: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "CHUNK", 3)
    rows = [
        HALDEN | {"client": f"Client {n // 2}", "domain": f"c{n // 2}.example", "service": f"S{n}"}
        for n in range(14)
    ]
    path = write(tmp_path / "book.csv", rows)
    with transaction.atomic():
        imported(path)
        whole = world()
        transaction.set_rollback(True)
    run, chunks, do_many = checked(path), 0, steps.Hands.do_many

    def dying(hands: steps.Hands, rows: Any) -> Any:
        nonlocal chunks
        chunks += 1
        made = do_many(hands, rows)
        if chunks == dies_in:
            raise Killed
        return made

    monkeypatch.setattr(steps.Hands, "do_many", dying)
    with pytest.raises(Killed):
        apply(run)
    run.refresh_from_db()
    assert run.state == RunState.APPLYING and run.done == (dies_in - 1) * 3
    assert apply(run).applied_at is None  # the dead process still holds its lease
    ImportRun.objects.update(claimed_until="2020-01-01T00:00Z")
    apply(run)
    assert world() == whole


def test_a_process_that_lost_its_lease_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = checked(write(tmp_path / "book.csv", [HALDEN]))
    do_many = steps.Hands.do_many

    def robbed(hands: steps.Hands, rows: Any) -> Any:
        ImportRun.objects.update(claim=uuid4())
        return do_many(hands, rows)

    monkeypatch.setattr(steps.Hands, "do_many", robbed)
    with pytest.raises(Refusal, match="taken this import over"):
        apply(run)


def test_undo_leaves_nothing_behind(tmp_path: Path) -> None:
    before = world() | {"events": []}
    run = imported(random_book(5, tmp_path / "book.csv"))
    assert Client.objects.exists()
    undo(run, by=SYSTEM)
    run.refresh_from_db()
    assert world() | {"events": []} == before
    assert run.state == RunState.UNDONE


def test_undo_restores_what_was_changed(tmp_path: Path) -> None:
    imported(write(tmp_path / "book.csv", [HALDEN]))
    before = world() | {"events": []}
    change = {
        "amount": "3000",
        "end": "2027-01-31",
        "zone": "Europe/Paris",
        "owner e-mail": "sam@agency.example",
    }
    second = [HALDEN | change, HALDEN | {"service": "PPC"}]
    run = imported(write(tmp_path / "book.csv", second))
    undo(run, by=SYSTEM)
    after = world() | {"events": []}
    leads = Assignment.objects.filter(until=None, position="lead").values_list("member__email", flat=True)
    assert list(leads) == ["jody@agency.example"]
    # Who led in between stays in the books as somebody who did.
    assert after | {"team": [], "members": []} == before | {"team": [], "members": []}


def test_undo_keeps_what_was_used_since_and_says_so(tmp_path: Path) -> None:
    rows = [HALDEN, HALDEN | {"client": "Orbit", "domain": "orbit.example"}]
    run = imported(write(tmp_path / "book.csv", rows))
    keiran = members.add_member("keiran@agency.example", by=SYSTEM)
    book.change_client(Client.objects.get(name="Orbit"), by=keiran.actor, phone="123")
    undo(run, by=SYSTEM)
    assert list(Client.objects.values_list("name", flat=True)) == ["Orbit"]
    assert Engagement.objects.get().client.name == "Orbit"
    assert "Orbit has been used since" in run.rows.get(line=3).reason


def test_undo_twice_is_refused(tmp_path: Path) -> None:
    run = imported(write(tmp_path / "book.csv", [HALDEN]))
    undo(run, by=SYSTEM)
    with pytest.raises(Refusal, match="not there to be undone"):
        undo(run, by=SYSTEM)
    assert reasons(run) == {}


def test_an_import_that_has_begun_to_write_is_not_checked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = imported(write(tmp_path / "book.csv", [HALDEN]))
    ImportRun.objects.update(state=RunState.CHECKED)
    run.refresh_from_db()
    with pytest.raises(Refusal, match="Part of this import has been written"):
        check(run)
    assert run.rows.get().made
