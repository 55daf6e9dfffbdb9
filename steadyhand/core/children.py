"""Work for a short-lived child process: large libraries stay out of web and worker, bad input cannot hurt us.

The child gets bytes on its standard input and gives bytes on its standard output. Nothing of our surroundings
is in it: no settings, no database.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

#: Where the package lies, for a child that is one of its modules.
ROOT = Path(__file__).resolve().parents[2]


class TooSlow(Exception):
    """The child was given up."""


class Failed(Exception):
    """The child ended in an error; `said` is the last thing it wrote of it."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said or "it said nothing"


def run_file(child: Path, given: bytes, *, patience: int) -> bytes:
    """What a stand-alone file answers within `patience` seconds. TooSlow, Failed."""
    return _run(["-I", str(child)], given, patience, {})


def run_module(module: str, given: bytes, *, patience: int) -> bytes:
    """What a module of ours answers within `patience` seconds. TooSlow, Failed."""
    return _run(["-P", "-m", module], given, patience, {"PYTHONPATH": str(ROOT)})


def _run(arguments: list[str], given: bytes, patience: int, environ: Mapping[str, str]) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603  # our own interpreter and code
            [sys.executable, *arguments],
            input=given,
            capture_output=True,
            timeout=patience,
            check=False,
            env=environ,
        )
    except subprocess.TimeoutExpired as error:
        raise TooSlow from error
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise Failed(lines[-1] if lines else "")
    return done.stdout
