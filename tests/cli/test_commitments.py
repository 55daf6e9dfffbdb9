"""`plan` and `commitments`: the ledger from the command line."""

from __future__ import annotations

import json
from typing import Any

import pytest
import time_machine

from steadyhand.cli import commitments, plan
from steadyhand.cli.__main__ import _call
from steadyhand.cli.registry import COMMANDS
from steadyhand.commitments import keeping
from steadyhand.commitments.models import Commitment
from steadyhand.core.refusals import Refusal
from tests import cast

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("_frozen"),
]
NOVEMBER = ["--from", "2026-11-23", "--to", "2026-11-30"]


@pytest.fixture
def _frozen() -> Any:
    with time_machine.travel("2026-11-23T08:00Z", tick=False):
        yield


@pytest.fixture
def people() -> cast.Cast:
    return cast.build()


def answer(capsys: pytest.CaptureFixture[str], name: str, *arguments: str) -> str:
    capsys.readouterr()
    assert _call(COMMANDS[name], list(arguments)) == 0
    return capsys.readouterr().out


def rows(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(answer(capsys, "commitments", *arguments, "--json"))
    return found


def test_the_array_is_ordered_and_the_same_in_every_run(
    people: cast.Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    first = rows(capsys, *NOVEMBER)
    assert first
    assert first == sorted(first, key=lambda r: (r["due"], r["client"] or "", r["rule"], r["period"]))
    assert all("2026-11-23" <= row["due"][:10] <= "2026-11-30" for row in first)
    assert first == rows(capsys, *NOVEMBER)
    call = next(row for row in first if row["client"] == "Halden Bikes" and row["kind"] == "call")
    assert call == {
        "id": f"halden-bikes-1.{call['rule']}.{call['period']}.1",
        "client": "Halden Bikes",
        "client_ref": "halden-bikes",
        "kind": "call",
        "title": call["title"],
        "due": "2026-11-27",
        "zone": "Europe/London",
        "owner": "jody@northwind.test",
        "rule": call["rule"],
        "period": "2026-W48",
        "playbook_version": 1,
        "state": "open",
        "moved_from": None,
        "internal": False,
    }


def test_an_hour_shows_on_the_clients_clock_and_a_move_says_from_where(
    people: cast.Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    row = Commitment.objects.get(client=people.halden, kind="call", period="2026-W48")
    keeping.move(row, row.due_on.replace(day=26), by=people.jody.actor, to_time=cast.dt.time(10))
    shown = next(r for r in rows(capsys, *NOVEMBER) if r["moved_from"])
    assert (shown["due"], shown["moved_from"]) == ("2026-11-26T10:00", "2026-11-27")


def test_one_client_one_owner(people: cast.Cast, capsys: pytest.CaptureFixture[str]) -> None:
    by_name = rows(capsys, *NOVEMBER, "--client", "halden bikes")
    assert by_name == rows(capsys, *NOVEMBER, "--client", "haldenbikes.test")
    assert {row["client"] for row in by_name} == {"Halden Bikes"}
    assert {row["owner"] for row in rows(capsys, *NOVEMBER, "--owner", "SAM@northwind.test")} == {
        "sam@northwind.test"
    }


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--client", "Nobody Ltd"], "No client is called “Nobody Ltd”"),
        (["--owner", "ghost@northwind.test"], "No member has the address"),
        (["--to", "2026-11-01"], "comes before"),
    ],
)
def test_what_cannot_be_found_is_refused(people: cast.Cast, arguments: list[str], sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        _call(COMMANDS["commitments"], [*NOVEMBER, *arguments])


def test_a_table_for_people(people: cast.Cast, capsys: pytest.CaptureFixture[str]) -> None:
    lines = answer(capsys, "commitments", *NOVEMBER).splitlines()
    assert lines[0].split() == list(commitments.HEADINGS)
    assert any("Halden Bikes" in line and "jody@northwind.test" in line for line in lines)


def test_planning_again_changes_nothing(people: cast.Cast, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = set(Commitment.objects.values_list("pk", "sequence"))
    again = json.loads(answer(capsys, "plan", "--json"))
    assert (again["clients"], again["made"], again["changed"]) == (0, 0, 0)
    assert set(Commitment.objects.values_list("pk", "sequence")) == ledger


def test_plan_as_of_another_day(capsys: pytest.CaptureFixture[str]) -> None:
    cast.build(planned=False)
    done = json.loads(answer(capsys, "plan", "--as-of", "2026-12-02", "--json"))
    assert done["until"] == "2027-02-28"
    assert not Commitment.objects.filter(due_on__lt=cast.dt.date(2026, 12, 2)).exists()


def test_without_a_playbook_nothing_can_be_planned() -> None:
    cast.agency.found(by=cast.SYSTEM)
    with pytest.raises(Refusal, match="No playbook is published"):
        _call(COMMANDS["plan"], [])
    assert plan.EXAMPLES
