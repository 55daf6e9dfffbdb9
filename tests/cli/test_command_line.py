"""The promises of every command: outputs kept apart, exit codes, help with examples, wrong settings named."""

from __future__ import annotations

import json
import stat

import pytest

from steadyhand.cli import __main__ as command_line
from steadyhand.cli.registry import COMMANDS

SHOWN = [command.name for command in COMMANDS.values() if not command.hidden]


def test_help_lists_every_command_and_needs_no_data_folder(steadyhand, tmp_path):
    done = steadyhand("--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in SHOWN)
    assert "examples:" in done.stdout
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("name", SHOWN)
def test_every_command_explains_itself_with_examples(monkeypatch, capsys, name):
    monkeypatch.setattr(command_line, "_set_up_django", lambda: None)  # it stands: no process for each
    with pytest.raises(SystemExit) as ended:
        command_line.main([name, "--help"])
    assert ended.value.code == 0
    assert f"steadyhand {name}" in capsys.readouterr().out.split("examples:")[1]


def test_an_unknown_command_is_wrong_usage(steadyhand):
    done = steadyhand("dance")
    assert (done.returncode, done.stdout) == (2, "")
    assert "dance" in done.stderr


@pytest.mark.parametrize(
    ("settings", "part"),
    [
        ({"STEADYHAND_PORT": "eighty"}, "STEADYHAND_PORT (“eighty”) is not a whole number from 1 to 65535."),
        ({"DATABASE_URL": "mysql://u:secret@h/d"}, "DATABASE_URL is not a PostgreSQL address."),
        ({"STEADYHAND_CLOCK": "2026-11-23T09:00:00Z"}, "only together with STEADYHAND_TEST=1"),
    ],
)
@pytest.mark.parametrize("command", ["doctor", "run"])
def test_a_wrong_setting_stops_the_start_with_a_sentence(steadyhand, tmp_path, settings, part, command):
    done = steadyhand(command, **settings)
    assert done.returncode == 2
    assert part in done.stderr
    assert "secret" not in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.usefixtures("migrated")
def test_a_misspelt_setting_is_named(steadyhand):
    done = steadyhand("doctor", "--json", STEADYHAND_PROT="9000")
    assert "There is no setting STEADYHAND_PROT. Did you mean STEADYHAND_PORT?" in done.stderr


def test_an_empty_data_folder_gets_database_agency_and_playbook(steadyhand, tmp_path):
    done = steadyhand(
        "doctor", "--json", STEADYHAND_AGENCY_NAME="Night Owl", STEADYHAND_AGENCY_CURRENCY="EUR"
    )
    assert done.returncode == 0, done.stderr
    said = {finding["what"]: finding["says"] for finding in json.loads(done.stdout)["findings"]}
    assert said["agency"] == "Night Owl, EUR, GB, Europe/London"
    assert said["playbook"].startswith("framework, version 1")
    assert said["migrations"] == "up to date"
    key = tmp_path / "data" / "secret.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


@pytest.mark.usefixtures("migrated")
def test_a_refusal_is_a_sentence_and_exit_code_1(steadyhand):
    done = steadyhand("signin-link", "nobody@agency.example")
    assert (done.returncode, done.stdout) == (1, "")
    assert "nobody@agency.example" in done.stderr and "Traceback" not in done.stderr


def test_a_database_that_does_not_answer_is_a_sentence(steadyhand):
    done = steadyhand("doctor", DATABASE_URL="postgresql://u:secret@127.0.0.1:1/none")
    assert done.returncode == 1
    assert "the database does not answer" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.usefixtures("migrated")
def test_the_worker_runs_what_is_due_once(steadyhand):
    first, second = steadyhand("worker", "--once"), steadyhand("worker", "--once")
    assert (first.returncode, first.stdout) == (0, "")
    assert "Ran 0 duties" in second.stderr
