"""Killed again and again, the product comes back by itself and loses nothing it was to do."""

from __future__ import annotations

import json
import random
import signal
import time
import urllib.error
import urllib.request

import psutil
import pytest

from tests.journeys.conftest import running

pytestmark = pytest.mark.soak
ROUNDS = 12


def ready(server):
    try:
        with urllib.request.urlopen(f"{server.address}/readyz", timeout=5) as answer:
            return json.load(answer)["ready"]
    except (urllib.error.URLError, OSError):
        return False


def test_web_and_worker_killed_at_random_come_back(tmp_path):
    chance = random.Random(20261123)
    with running(tmp_path / "data", "--empty") as server:
        supervisor = next(
            process
            for process in psutil.process_iter(["cmdline"])
            if process.info["cmdline"] and "run" in process.info["cmdline"] and server_owns(process, server)
        )
        for _ in range(ROUNDS):
            victim = chance.choice(supervisor.children(recursive=True))
            victim.send_signal(signal.SIGKILL)
            deadline = time.monotonic() + 60
            while not (ready(server) and len(supervisor.children()) == 2):
                assert time.monotonic() < deadline, f"not back after {victim}"
                time.sleep(0.2)


def server_owns(process, server):
    try:
        return process.environ().get("STEADYHAND_DATA") == server.environ["STEADYHAND_DATA"]
    except psutil.Error:
        return False
