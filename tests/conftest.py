"""What holds for every test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

#: Where figures, journeys and what the night keeps of them lie, by the number of their client.
BY_CLIENT = ("metrics", "journeys", "dips")


@pytest.fixture(scope="module", autouse=True)
def nothing_lies_about() -> Iterator[None]:
    """A test's rows are taken back and their numbers come again; the files of one module's clients go too."""
    yield
    for name in BY_CLIENT:
        shutil.rmtree(Path(settings.DATA) / name, ignore_errors=True)
