"""`run`: web pages and background worker under one roof, kept alive until Ctrl-C.

Stays free of Django, so that watching over two processes costs a few megabytes.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import subprocess
import sys
import time
from io import TextIOWrapper
from typing import Any

from steadyhand.cli import output
from steadyhand.cli.probe import Probe
from steadyhand.cli.supervisor import Child, Supervisor
from steadyhand.config import Config, unknown_variables

EXAMPLES = """\
  steadyhand run                          with a demo agency the first time
  steadyhand run --empty                  set up your own agency on the first page
  STEADYHAND_PORT=9000 steadyhand run     on another port"""

READY_WITHIN = 60.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `run`."""
    parser.add_argument("--empty", action="store_true", help="no demo agency on the first start")
    parser.add_argument("--since", type=float, help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Start, watch, stop; 0 when stopped on request."""
    began = options.since or time.time()
    config = Config.read()
    for sentence in unknown_variables():
        output.say(f"steadyhand: {sentence}")
    probe = Probe(config)
    with (config.make_data_folder() / "run.lock").open("a+") as lock:
        if not _take(lock):
            lock.seek(0)
            output.answer(f"Steadyhand is already running: {lock.read().strip() or config.address}")
            return 0
        if probe.port_is_taken():
            output.say(
                f"Port {config.port} is taken by another program. "
                f"Choose another, for instance:  STEADYHAND_PORT={config.port + 1} bin/run"
            )
            return 1
        lock.truncate(0)
        lock.write(config.address)
        lock.flush()
        prepared = _prepare(demo=not options.empty)
        if prepared is None:
            return 1
        children = [
            Child("The web server", steadyhand("web", "--prepared")),
            Child("The background worker", steadyhand("worker")),
        ]
        if config.receive_smtp:
            children.append(Child("The mail receiver", steadyhand("mail", "listen")))
        supervisor = Supervisor(*children)
        return supervisor.run(lambda: _announce(probe, config, prepared, began, supervisor))


def steadyhand(*arguments: str) -> list[str]:
    """Another command of ours, as a command line."""
    return [sys.executable, "-P", "-m", "steadyhand.cli", *arguments]


def _take(lock: TextIOWrapper) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _prepare(*, demo: bool) -> dict[str, Any] | None:
    command = steadyhand("prepare", "--link", *(["--demo"] if demo else []))
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        return None
    prepared: dict[str, Any] = json.loads(done.stdout)
    return prepared


def _announce(
    probe: Probe, config: Config, prepared: dict[str, Any], began: float, supervisor: Supervisor
) -> None:
    """Wait for the first page, then say where it is."""
    deadline = time.monotonic() + READY_WITHIN
    while not supervisor.is_stopping and not probe.first_page():
        if time.monotonic() > deadline:
            output.say(f"The web pages do not answer yet; they should, at {config.address}.")
            return
        time.sleep(0.05)
    if supervisor.is_stopping:
        return
    took = time.time() - began
    output.answer(f"\nSteadyhand is ready: {config.address}  (first page after {took:.1f} s)")
    if prepared.get("link"):
        output.answer(f"{prepared['says']}:\n  {prepared['link']}")
    if config.smtp is None:
        output.answer(f"No mail server is set: mail is written to {config.data / 'mail'}{os.sep}")
    output.answer("Ctrl-C ends it.\n")
    sys.stdout.flush()
