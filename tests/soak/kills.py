"""The kill campaign: SIGKILL web server, worker or sender again and again; look for lost or doubled mail.

    bin/soak kills --count 500 --seed 1 [--database URL | --database postgres] [--workers 4]

A kill is *counted* when the victim held a lease on a mail, or had a request open that it never answered.
The mail server takes 20 to 200 ms for each mail, at least 200 mails are due all the time, and none may be
repeated. In the end a mail is *lost* when it is in no final state two leases later, or sent and never
seen by the server; *doubled* when its Message-ID was taken twice. `--database` names an empty database.
Prints JSON.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import multiprocessing
import os
import random
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from tests.empty_database import lay_out
from tests.soak.sink import sink, taken

LEASE = 2
ALWAYS_DUE = 200
FINAL = {"sent", "failed", "cancelled", "uncertain"}


@contextmanager
def installation(folder: Path, database: str, port: int) -> Iterator[None]:
    """Settings for this process and those it forks, and an empty database with its tables."""
    for name in [name for name in os.environ if name.startswith("STEADYHAND_")]:
        del os.environ[name]
    os.environ |= {
        "STEADYHAND_DATA": str(folder),
        "DATABASE_URL": database,
        "STEADYHAND_SMTP_URL": f"smtp://127.0.0.1:{port}",
        "STEADYHAND_LEASE_SECONDS": str(LEASE),
        "STEADYHAND_MAILS_A_DAY": "0",
        "STEADYHAND_LOG_LEVEL": "error",
        "DJANGO_SETTINGS_MODULE": "steadyhand.settings",
    }
    if not database:
        lay_out(folder)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0)
    yield
    connections.close_all()


class Cast:
    """The processes: forked in a moment from one that has everything loaded."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.soak.roles"])
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.living: list[tuple[str, ForkServerProcess]] = []

    def start(self, role: str) -> ForkServerProcess:
        from tests.soak import roles

        arguments = (self.port,) if role == "web" else ()
        process = self._context.Process(target=getattr(roles, role), args=arguments, daemon=True)
        process.start()
        self.living.append((role, process))
        return process

    def kill(self, role: str, process: ForkServerProcess) -> None:
        process.kill()
        process.join()
        self.living.remove((role, process))

    def kill_all(self) -> None:
        for role, process in list(self.living):
            self.kill(role, process)


class Campaign:
    """One campaign, from the first mail to the count."""

    def __init__(self, cast: Cast, seed: int) -> None:
        from steadyhand.core.models import OutboxMessage

        self.cast, self.chance = cast, random.Random(seed)
        self.mails = OutboxMessage.objects
        self.kills: Counter[str] = Counter()
        self.counted: Counter[str] = Counter()
        self.queued = self.due_at_once = 0
        self.promised: set[str] = set()

    def run(self, count: int) -> None:
        """Kill until so many kills counted."""
        self.top_up()
        while self.counted.total() < count:
            role, process = self.chance.choice(self.cast.living)
            self.kills[role] += 1
            self.counted[role] += self.kill_web(process) if role == "web" else self.kill_sender(role, process)
            self.cast.start(role)
            self.top_up()
            if self.kills.total() % 25 == 0:
                print(
                    f"{self.kills.total()} kills, {self.counted.total()} counted", file=sys.stderr, flush=True
                )

    def kill_sender(self, role: str, process: ForkServerProcess) -> bool:
        """Kill it somewhere in its work; True when a lease is left behind."""
        held = self.mails.filter(state="sending", claim__startswith=f"{process.pid}-")
        wait_until(held.exists, 10)
        time.sleep(self.chance.uniform(0, 0.3))
        self.cast.kill(role, process)
        return held.exists()

    def kill_web(self, process: ForkServerProcess) -> bool:
        """Kill it during requests; True when one was never answered."""
        wait_until(self.listens, 20)
        causes = [f"page{self.kills.total()}x{number}" for number in range(4)]
        answers: dict[str, bool] = {}
        threads = [threading.Thread(target=self.ask, args=(cause, answers)) for cause in causes]
        for thread in threads:
            thread.start()
        time.sleep(self.chance.uniform(0.005, 0.08))
        self.cast.kill("web", process)
        for thread in threads:
            thread.join()
        self.promised |= {cause for cause, answered in answers.items() if answered}
        return not all(answers.values())

    def ask(self, cause: str, answers: dict[str, bool]) -> None:
        answers[cause] = False
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("localhost", self.cast.port, timeout=20)
            connection.request("POST", f"/queue/{cause}/")
            answers[cause] = connection.getresponse().status == 200

    def listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.cast.port)) == 0

    def top_up(self) -> None:
        """At least 200 are due at any time: more than can leave until we look again."""
        from django.db import transaction

        from tests.soak.roles import post

        if self.mails.filter(state="queued").count() < ALWAYS_DUE + 60:
            with transaction.atomic():
                for _ in range(100):
                    post(f"mail{self.queued}")
                    self.queued += 1

    def drain(self) -> None:
        """Eight senders at once let what is queued leave, and settle what the dead held."""
        self.due_at_once = self.mails.filter(state="queued").count()
        for _ in range(8):
            self.cast.start("sender")
        time.sleep(2 * LEASE)
        wait_until(lambda: not self.mails.filter(state__in=("queued", "sending")).exists(), 120)
        self.cast.kill_all()

    def verdict(self, log: Path) -> dict[str, Any]:
        """What became of every mail."""
        took = taken(log)
        rows = list(self.mails.values_list("message_id", "state", "cause"))
        states = Counter(state for _, state, _ in rows)
        causes = {cause for *_, cause in rows}
        lost = [i for i, state, _ in rows if state not in FINAL or (state == "sent" and not took[i])]
        lost += [c for c in self.promised if not {f"{c}-{n}" for n in range(3)} <= causes]
        halves = [c for c in causes if c.endswith("-0") and f"{c[:-1]}2" not in causes]
        return {
            "kills": self.kills.total(),
            "counted": self.counted.total(),
            "sent": states["sent"],
            "uncertain": states["uncertain"],
            "lost": len(lost) + len(halves),
            "doubled": sum(times > 1 for times in took.values()),
            "due_for_eight_at_once": self.due_at_once,
            "by_role": dict(self.counted),
            "uncertain_taken": sum(state == "uncertain" and took[i] > 0 for i, state, _ in rows),
            "strangers": len(set(took) - {i for i, *_ in rows}),
            "other_states": {s: n for s, n in states.items() if s not in {"sent", "uncertain"}},
        }


def wait_until(is_so: Callable[[], bool], seconds: float) -> None:
    """Until it is so, or the time is over."""
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.02)


def campaign(count: int, seed: int, database: str, workers: int, folder: Path) -> dict[str, Any]:
    """All of it, in an installation of its own; the figures."""
    log = folder / "taken"
    with sink(log, 200, seed) as port, installation(folder, database, port):
        cast = Cast()
        began = time.monotonic()
        try:
            for role in ("web", "sender", *["worker"] * workers):
                cast.start(role)
            running = Campaign(cast, seed)
            running.run(count)
            running.drain()
        finally:
            cast.kill_all()
        return running.verdict(log) | {"seconds": round(time.monotonic() - began, 1)}


def main() -> int:
    """Run one and print it; 0 when nothing was lost or doubled."""
    parser = argparse.ArgumentParser(prog="bin/soak kills", description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=500, help="counted kills")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="", help="an empty database, or “postgres” for a passing one")
    parser.add_argument("--workers", type=int, help="4 on PostgreSQL, else 1")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="steadyhand-kills-")))
        database = options.database
        if database == "postgres":
            from tests.postgres import running_postgres

            database = stack.enter_context(running_postgres())
        workers = options.workers or (4 if database else 1)
        found = campaign(options.count, options.seed, database, workers, folder)
    print(json.dumps(found))
    return 1 if found["lost"] or found["doubled"] or found["strangers"] else 0


if __name__ == "__main__":
    sys.exit(main())
