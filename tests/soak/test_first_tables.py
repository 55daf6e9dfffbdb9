"""A new installation's tables, made straight from the models, are those that every migration makes.

The checks hold models and migrations against each other at each run; here both are carried out.
"""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import empty_database

pytestmark = pytest.mark.soak
ROOT = Path(__file__).resolve().parents[2]


def migrated(folder: Path) -> sqlite3.Connection:
    environ = {key: value for key, value in os.environ.items() if not key.startswith("DJANGO_")}
    environ |= {"STEADYHAND_DATA": str(folder), "DATABASE_URL": ""}
    command = [sys.executable, "manage.py", "migrate", "-v", "0"]
    subprocess.run(command, cwd=ROOT, env=environ, check=True)
    return sqlite3.connect(folder / empty_database.NAME)


def laid_out(folder: Path) -> sqlite3.Connection:
    empty_database.lay_out(folder)
    return sqlite3.connect(folder / empty_database.NAME)


def shape(database: sqlite3.Connection) -> dict[str, Any]:
    """Of each table its columns, checks, references and indexes; of the whole its triggers."""
    said = database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    found: dict[str, Any] = {}
    for kind, name, table, sql in said.fetchall():
        if kind == "table" and not sql.upper().startswith("CREATE VIRTUAL"):
            found[name] = {
                "columns": sorted(row[1:] for row in database.execute(f'PRAGMA table_info("{name}")')),
                "references": sorted(
                    row[2:] for row in database.execute(f'PRAGMA foreign_key_list("{name}")')
                ),
                "constraints": sorted(re.findall(r'CONSTRAINT "(\w+)" (?:CHECK|UNIQUE)', sql)),
                "is_counted": "AUTOINCREMENT" in sql.upper(),
            }
        else:
            found[f"{kind} {name} on {table}"] = sql
    return found


def contents(database: sqlite3.Connection) -> dict[str, list[Any]]:
    """What stands in the tables before anybody has done anything."""
    asked = {
        "migrations": "SELECT app, name FROM django_migrations",
        "types": "SELECT app_label, model FROM django_content_type",
        "permissions": "SELECT codename, name, app_label, model FROM auth_permission"
        " JOIN django_content_type ON django_content_type.id = content_type_id",
    }
    return {name: sorted(database.execute(sql).fetchall()) for name, sql in asked.items()}


def test_they_are_those_of_the_migrations(tmp_path: Path) -> None:
    first, every = laid_out(tmp_path / "laid"), migrated(tmp_path)
    ours, theirs = shape(first), shape(every)
    assert len(ours) > 200
    assert ours.keys() == theirs.keys()
    for name in ours:
        assert ours[name] == theirs[name], name
    assert contents(first) == contents(every)
