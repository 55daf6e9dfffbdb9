from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from steadyhand.core import agency
from steadyhand.core.models import Agency
from steadyhand.reporting.metrics import store
from tests.cast import NOW
from tests.exchange.makers import SYSTEM
from tests.reporting import inline


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(scope="package", autouse=True)
def figures_in_this_process() -> Iterator[None]:
    """The demo agency has figures; a process for each of its sources would cost more than the rest of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_ask", inline.ask)
        yield


@pytest.fixture
def northwind(db: None, settings: object, tmp_path: Path) -> Agency:
    settings.MEDIA_ROOT = tmp_path / "files"  # type: ignore[attr-defined]
    return agency.found(by=SYSTEM, name="Northwind")
