"""Pages that are written from code say what the code says."""

from __future__ import annotations

from pathlib import Path

from steadyhand.config import settings_page

ROOT = Path(__file__).resolve().parents[2]


def test_the_settings_page_is_the_settings_table():
    assert (ROOT / "docs" / "settings.md").read_text() == settings_page(), (
        "Run bin/steadyhand doctor --write-docs"
    )
