"""Real processes, really killed. The long campaigns, and PostgreSQL, are in bin/soak."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def soak(campaign: str, *arguments: str) -> dict[str, Any]:
    environ = os.environ | {"DATABASE_URL": ""}
    command = [sys.executable, "-m", f"tests.soak.{campaign}", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=180)
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_thirty_kills_lose_no_mail_and_double_none() -> None:
    found = soak("kills", "--count", "30", "--seed", "20261123")
    assert found["counted"] == 30
    assert (found["lost"], found["doubled"], found["strangers"]) == (0, 0, 0), found
    assert found["sent"] > 200


def test_eight_senders_at_once_send_each_mail_once() -> None:
    found = soak("rush", "--mails", "200", "--workers", "8")
    assert (found["sent"], found["taken"], found["doubled"]) == (200, 200, 0), found
