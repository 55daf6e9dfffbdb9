"""Each test has a data folder of its own: the figures of a client lie in a file, and ids come again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from steadyhand.reporting.metrics import store
from tests.reporting import inline


@pytest.fixture(autouse=True)
def own_data_folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Figures are read and written in this process, but where a test asks for `child_process`."""
    settings.DATA = tmp_path
    monkeypatch.setattr(store, "_ask", inline.ask)
    return tmp_path


@pytest.fixture
def child_process(own_data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real thing: a process for each question."""
    monkeypatch.setattr(store, "_ask", ASK)


ASK = store._ask
