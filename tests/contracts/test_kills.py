"""Real processes, really killed. The long campaigns, and PostgreSQL, are in bin/soak."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def answer_of(command: list[str], environ: dict[str, str]) -> str:
    """What it prints; none of its processes is left, whatever happens."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        answer, complaint = process.communicate(timeout=600)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert answer, complaint
    return answer


def test_a_dozen_kills_lose_no_mail_and_double_none_and_neither_do_eight_senders_at_once() -> None:
    command = [sys.executable, "-m", "tests.soak.kills", "--count", "12", "--seed", "20261123"]
    environ = os.environ | {"DATABASE_URL": ""}
    found = json.loads(answer_of(command, environ))
    assert found["counted"] == 12
    assert (found["lost"], found["doubled"], found["strangers"]) == (0, 0, 0), found
    assert found["due_for_eight_at_once"] >= 150
    assert found["sent"] > 200
