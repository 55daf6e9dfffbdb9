"""The page about roles says what the catalogue says."""

from __future__ import annotations

import os
from pathlib import Path

from steadyhand.people.roles import CAPABILITY_WORDS, Role
from steadyhand.people.roles_page import roles_page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "roles.md"


def test_the_page_is_the_catalogue() -> None:
    if os.environ.get("WRITE_DOCS"):
        PAGE.write_text(roles_page())
    assert PAGE.read_text() == roles_page(), (
        "Run  WRITE_DOCS=1 .venv/bin/pytest tests/people/test_roles_page.py"
    )


def test_it_names_every_role_and_capability() -> None:
    page = roles_page()
    assert all(role.label in page for role in Role)
    assert all(words in page for words in CAPABILITY_WORDS.values())
