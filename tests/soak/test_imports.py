"""Two hundred invented books: each import does what its check said."""

from __future__ import annotations

from pathlib import Path

import pytest
import time_machine

from steadyhand.core import agency
from tests.cast import NOW
from tests.exchange.comparing import run_and_compare
from tests.exchange.makers import SYSTEM

pytestmark = pytest.mark.soak


@pytest.mark.django_db
@time_machine.travel(NOW, tick=False)
def test_the_import_does_what_the_check_said_on_200_files(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"  # type: ignore[attr-defined]
    agency.found(by=SYSTEM, name="Northwind")
    assert min(run_and_compare(range(200), tmp_path)) > 50
