"""Mail as a mail server hands it over: through a pipe, with exit codes it understands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT
from tests.comms.mails import mail


def piped(folder: Path, raw: bytes, *arguments: str, **settings: str) -> subprocess.CompletedProcess[bytes]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("STEADYHAND_", "DJANGO_", "DATABASE_"))}
    environ = kept | {"STEADYHAND_DATA": str(folder / "data"), "PYTHONPATH": str(ROOT)} | settings
    command = [sys.executable, "-P", "-m", "steadyhand.cli", "mail", "receive", *arguments]
    return subprocess.run(command, env=environ, input=raw, capture_output=True, timeout=60)


@pytest.mark.usefixtures("migrated")
def test_a_mail_through_the_pipe_is_taken_in(tmp_path: Path) -> None:
    first = piped(tmp_path, mail(sender="nils@orbit.test"), "--json", "--to", "clients@in.northwind.test")
    assert first.returncode == 0, first.stderr
    found = json.loads(first.stdout)
    assert (found["state"], found["client"]) == ("triage", None)


def test_what_cannot_be_taken_in_now_is_kept_by_the_mail_server(tmp_path: Path) -> None:
    nowhere = "postgresql://nobody:x@127.0.0.1:1/none?connect_timeout=1"
    refused = piped(tmp_path, mail(), DATABASE_URL=nowhere)
    assert refused.returncode == os.EX_TEMPFAIL and b"Traceback" not in refused.stdout
    wrong = piped(tmp_path, mail(), STEADYHAND_RECEIVING_ADDRESS="nonsense")
    assert wrong.returncode == os.EX_TEMPFAIL
