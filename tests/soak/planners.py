"""Planners at once, some of them killed, on databases of their own: for the short test and the long one."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests.empty_database import lay_out

ROOT = Path(__file__).resolve().parents[2]
AS_OF = "2026-11-23"
UNTIL = "2027-02-21"
BUILD = """
import datetime as dt, sys, django
django.setup()
from bench.book import build_book
build_book(int(sys.argv[1]), members=5, as_of=dt.date.fromisoformat(sys.argv[2]))
"""


@dataclass(frozen=True)
class Installation:
    """A data folder and a database."""

    environ: dict[str, str]

    @classmethod
    def at(cls, folder: Path, clients: int, database: str = "") -> Installation:
        """A new one with so many clients, nothing planned yet."""
        environ = {k: v for k, v in os.environ.items() if not k.startswith(("STEADYHAND_", "DJANGO_"))}
        environ |= {"STEADYHAND_DATA": str(folder), "DATABASE_URL": database, "PYTHONPATH": str(ROOT)}
        if not database:
            lay_out(folder)
        made = cls(environ)
        made.run("-m", "steadyhand.cli", "plan", "--as-of", AS_OF)  # sets it up, with nothing to plan yet
        made.run("-c", BUILD, str(clients), AS_OF, DJANGO_SETTINGS_MODULE="steadyhand.settings")
        return made

    def run(self, *arguments: str, **more: str) -> str:
        """A command's answer."""
        done = subprocess.run(
            [sys.executable, *arguments], env=self.environ | more, cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def planner(self) -> subprocess.Popen[str]:
        """A planner on its way."""
        command = [sys.executable, "-m", "steadyhand.cli", "plan", "--as-of", AS_OF]
        return subprocess.Popen(
            command, env=self.environ, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def ledger(self) -> str:
        """Everything promised, as the command line tells it: nothing in it differs from run to run."""
        return self.run("-m", "steadyhand.cli", "commitments", "--from", AS_OF, "--to", UNTIL, "--json")


def storm(installation: Installation, planners: int, *, kills: int, chance: random.Random) -> Counter[int]:
    """Start them all at once and kill some while they work; how each ended."""
    running = [installation.planner() for _ in range(planners)]
    for victim in chance.sample(running, kills):
        time.sleep(chance.uniform(0.2, 1.5))
        victim.send_signal(signal.SIGKILL)
    ended: Counter[int] = Counter()
    for process in running:
        _, said = process.communicate(timeout=300)
        assert process.returncode in (0, -signal.SIGKILL), said
        ended[process.returncode] += 1
    return ended


def own_database(url: str, name: str) -> str:
    """A fresh database beside the one of this address."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
