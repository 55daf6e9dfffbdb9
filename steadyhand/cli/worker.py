"""`worker`: sends mail, runs tasks from the queue and the duties that are due, until asked to stop."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType

from django.db import close_old_connections, connections
from django_tasks_db.management.commands import db_worker

from steadyhand.cli import output
from steadyhand.core import duties, outbox
from steadyhand.core.tasks import uses_database_queue

EXAMPLES = """\
  steadyhand worker
  steadyhand worker --once        run what is due now, then end"""

log = logging.getLogger(__name__)

BEAT_EVERY = 15.0
LOOK_EVERY = 1.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `worker`."""
    parser.add_argument("--once", action="store_true", help="run what is due now, then end")


def run(options: argparse.Namespace) -> None:
    """Work until a signal."""
    name = f"{socket.gethostname()[:40]}-{os.getpid()}-{os.urandom(3).hex()}"
    duties.beat(name)
    duties.schedule()
    try:
        if options.once:
            ran = duties.run_due(name)
            sent = outbox.send_waiting()
            if uses_database_queue():
                TaskLoop(name, batch=True).run()
            duties_ran = f"{ran} {'duty' if ran == 1 else 'duties'}"
            output.say(f"Ran {duties_ran}, sent {sent} {'mail' if sent == 1 else 'mails'}.")
        else:
            _work(name)
    finally:
        duties.sign_off(name)


def _work(name: str) -> None:
    stop = threading.Event()
    threads = [
        _repeat("beat", BEAT_EVERY, stop, lambda: duties.beat(name)),
        _repeat("duties", LOOK_EVERY, stop, lambda: duties.run_due(name)),
        # Mail is claimed row by row, so every worker sends at once; between two mails it may stop.
        _repeat("mail", LOOK_EVERY, stop, lambda: outbox.send_waiting(stop.is_set)),
    ]
    try:
        if uses_database_queue():
            TaskLoop(name).run()
        else:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: stop.set())
            stop.wait()
    finally:
        stop.set()
        for thread in threads:
            thread.join(10)


def _repeat(name: str, pause: float, stop: threading.Event, act: Callable[[], object]) -> threading.Thread:
    """Act every `pause` seconds in a thread of its own; a failure is logged and tried again."""

    def loop() -> None:
        while not stop.is_set():
            try:
                close_old_connections()
                act()
            except Exception:
                log.exception("The worker's %s stumbled.", name)
            stop.wait(pause)
        connections.close_all()

    thread = threading.Thread(target=loop, name=name, daemon=True)
    thread.start()
    return thread


class TaskLoop(db_worker.Worker):
    """The queue's own loop, which ends quietly when asked."""

    def __init__(self, name: str, *, batch: bool = False) -> None:
        super().__init__(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=0 if batch else LOOK_EVERY,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=name,
        )
        self.configure_signals()

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """Finish the task at hand; a second signal ends it at once."""
        interrupts = not self.running or not self.running_task
        self.running = False
        if interrupts:
            sys.exit(0)
