"""Real processes, really killed. The long campaigns, and PostgreSQL, are in bin/soak."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_thirty_kills_lose_no_mail_and_double_none_and_neither_do_eight_senders_at_once() -> None:
    command = [sys.executable, "-m", "tests.soak.kills", "--count", "30", "--seed", "20261123"]
    environ = os.environ | {"DATABASE_URL": ""}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=400)
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)
    assert found["counted"] == 30
    assert (found["lost"], found["doubled"], found["strangers"]) == (0, 0, 0), found
    assert found["due_for_eight_at_once"] >= 150
    assert found["sent"] > 200
