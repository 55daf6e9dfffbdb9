"""Keeping processes alive: start them, restart what dies, stop them together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from steadyhand.cli import output

STOPS_WITHIN = 12.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
COUNTS_AS_WELL = 60.0
PR_SET_PDEATHSIG = 1


def _end_with_parent() -> None:
    """On Linux, ask to be stopped when the supervisor is killed outright."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """One process, in a session of its own so that Ctrl-C reaches the supervisor alone."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name, self.command = name, command
        self.process: subprocess.Popen[bytes] | None = None
        self.pause = FIRST_PAUSE
        self.start_at = 0.0
        self._started = 0.0

    def start(self) -> None:
        """Start it (again)."""
        self._started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )

    def watch(self) -> None:
        """Start it when it is time; when it has died, say so and choose a time, later with each failure."""
        if self.process is None:
            if time.monotonic() >= self.start_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.kill()  # what it had started itself
        if time.monotonic() - self._started > COUNTS_AS_WELL:
            self.pause = FIRST_PAUSE
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
        output.say(f"{self.name} {how}. Starting it again in {self.pause:g} s.")
        self.start_at = time.monotonic() + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)
        self.process = None

    def stop(self) -> None:
        """Ask it to end."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def kill(self) -> None:
        """End it and everything it started."""
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


class Supervisor:
    """Watches children until a signal asks it to stop; then no child is left."""

    def __init__(self, *children: Child) -> None:
        self.children = children
        self.is_stopping = False
        self._wake = threading.Event()

    def run(self, once_started: Callable[[], None]) -> int:
        """Start all, call `once_started` beside, watch; 0 after an orderly stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        signal.signal(signal.SIGCHLD, lambda *_: self._wake.set())
        for child in self.children:
            child.start()
        threading.Thread(target=once_started, daemon=True).start()
        while not self.is_stopping:
            for child in self.children:
                child.watch()
            self._wake.wait(0.5)
            self._wake.clear()
        self._stop()
        return 0

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.is_stopping = True
        self._wake.set()

    def _stop(self) -> None:
        for child in self.children:
            child.stop()
        deadline = time.monotonic() + STOPS_WITHIN
        for child in self.children:
            if child.process:
                with suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(deadline - time.monotonic(), 0.1))
            child.kill()
