"""`playbook`: text files that are checked, previewed and published, and printed so that they read back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine

from steadyhand.cli.__main__ import _call
from steadyhand.cli.registry import COMMANDS
from steadyhand.commitments.models import Commitment
from steadyhand.core.refusals import Refusal
from steadyhand.playbook.documents import loads, shipped
from steadyhand.playbook.models import Draft, Version
from tests import cast

pytestmark = pytest.mark.django_db

WEEKLY_REPORTS = """\
extends = "framework"
name = "framework"
title = "Framework"

[[retainer_matrix]]
report = { cadence = "weekly", on = "last working day", minutes = 60 }
call = { cadence = "weekly", on = "last working day", minutes = 30 }
"""

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = _call(COMMANDS["playbook"], list(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    with time_machine.travel(cast.NOW, tick=False):
        yield call


@pytest.fixture
def people(run: Run) -> cast.Cast:
    return cast.build()


def written(folder: Path, text: str) -> str:
    file = folder / "ours.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_what_show_prints_is_what_check_accepts(people: cast.Cast, run: Run, tmp_path: Path) -> None:
    for name in ([], ["framework"], ["concierge"], ["--version", "1"]):
        code, shown, _ = run("show", *name)
        assert code == 0
        policy = shipped("concierge" if name == ["concierge"] else "framework").policy.having(currency="GBP")
        assert loads(shown).policy == policy
        code, said, noted = run("check", written(tmp_path, shown))
        assert (code, noted) == (0, "")
        assert said.startswith(f"{policy.title} holds: {len(policy.retainer_matrix)} bands")


def test_show_as_json_names_the_version(people: cast.Cast, run: Run) -> None:
    shown = json.loads(run("show", "--json")[1])
    assert (shown["name"], shown["version"], shown["published_by"]) == ("framework", 1, "tests")
    assert shown["policy"]["retainer_matrix"][0]["up_to"] == "1000.00"
    assert json.loads(run("show", "concierge", "--json")[1])["version"] is None


def test_the_list_says_which_is_live_and_which_may_be_adopted(people: cast.Cast, run: Run) -> None:
    rows = {row["name"]: row for row in json.loads(run("list", "--json")[1])}
    assert (rows["framework"]["version"], rows["framework"]["live"]) == (1, True)
    assert (rows["concierge"]["version"], rows["concierge"]["shipped"]) == (None, True)
    assert "not adopted" in run("list")[1]


def test_every_problem_is_said_with_its_line_and_nothing_answers(
    people: cast.Cast, run: Run, tmp_path: Path
) -> None:
    text = WEEKLY_REPORTS.replace("[[retainer", "[[retainer_matrix]]\nup_to = -5\n\n[[retainer")
    text += 'typo = 1\nup_to = "lots"\n'
    for deed in ("check", "preview", "publish"):
        code, answer, said = run(deed, written(tmp_path, text))
        assert (code, answer) == (1, "")
        assert "line 6" in said and "below zero" in said
        assert "typo is not a key here" in said
    assert Version.objects.count() == 1


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00t", b"PK\x03\x04" + bytes(range(128, 200))])
def test_what_is_no_text_is_refused(
    people: cast.Cast, run: Run, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "ours.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Refusal, match=r"ours\.toml (cannot be read|is not a text file)"):
        run("check", str(file))


def test_another_currency_is_noted_by_the_check(people: cast.Cast, run: Run, tmp_path: Path) -> None:
    code, _, noted = run("check", written(tmp_path, 'currency = "USD"\n' + WEEKLY_REPORTS))
    assert code == 0
    assert "It counts in USD and the agency in GBP" in noted


def test_a_preview_names_clients_and_writes_nothing(people: cast.Cast, run: Run, tmp_path: Path) -> None:
    before = list(Commitment.objects.values())
    file = written(tmp_path, WEEKLY_REPORTS)
    result = json.loads(run("preview", file, "--json")[1])
    reports = next(c for c in result["changes"] if c["rule"] == "report" and c["before"] == "monthly, 90 min")
    assert reports["clients"] == [{"client_ref": "halden-bikes", "client": "Halden Bikes"}]
    assert (reports["after"], reports["gains"]) == ("weekly, 60 min", True)
    assert (result["clients"], result["clients_changed"]) == (4, 3)
    assert result["hours_a_month_by_role"]["Account executive"]["after"] > 0
    assert "report: monthly, 90 min → weekly, 60 min" in run("preview", file)[1]
    assert list(Commitment.objects.values()) == before
    assert (Version.objects.count(), Draft.objects.count()) == (1, 0)


def test_publishing_makes_the_next_version_once(people: cast.Cast, run: Run, tmp_path: Path) -> None:
    file = written(tmp_path, WEEKLY_REPORTS)
    assert run("publish", file, "--note", "Weekly for all")[:2] == (0, "Framework, version 2 is live.\n")
    live = Version.live()
    assert live is not None
    assert (live.number, live.note) == (2, "Weekly for all")
    with pytest.raises(Refusal, match="nothing to publish"):
        run("publish", file)
    assert loads(run("show")[1]).policy == live.policy
    assert loads(run("show", "framework", "--version", "1")[1]).policy == shipped("framework").policy


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nobody"], "There is no playbook “nobody”. There are: framework, concierge"),
        (["framework", "--version", "9"], "“framework” has no version 9. It has: 1"),
    ],
)
def test_what_does_not_exist_is_refused(
    people: cast.Cast, run: Run, arguments: list[str], sentence: str
) -> None:
    with pytest.raises(Refusal, match=sentence):
        run("show", *arguments)


@pytest.mark.usefixtures("migrated")
def test_the_process_keeps_answer_and_remarks_apart(steadyhand, tmp_path) -> None:  # type: ignore[no-untyped-def]
    shown = steadyhand("playbook", "show")
    assert shown.returncode == 0
    checked = steadyhand("playbook", "check", written(tmp_path, shown.stdout))
    assert (checked.returncode, checked.stderr) == (0, "")
    refused = steadyhand("playbook", "check", written(tmp_path, "title = 3"))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert steadyhand("playbook").returncode == 2
