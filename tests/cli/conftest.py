"""The command line as a script sees it: a process, its two outputs and its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.empty_database import lay_out

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def steadyhand(tmp_path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command on a data folder of the test's own; `settings` are environment variables."""

    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("STEADYHAND_", "DJANGO_"))}
        kept.pop("DATABASE_URL", None)
        environ = kept | {"STEADYHAND_DATA": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)} | settings
        command = [sys.executable, "-P", "-m", "steadyhand.cli", *arguments]
        return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60)

    return run


@pytest.fixture
def migrated(tmp_path: Path) -> None:
    """A data folder whose database has its tables: migrating takes longer than most commands."""
    lay_out(tmp_path / "data")
