"""The order of the rooms holds: in imports (also function-local ones) and in the tables' relations."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]

# From the ground up; rooms of one number do not know each other.
FLOORS = {
    "core": 0,
    "ui": 1,
    "playbook": 1,
    "people": 2,
    "clients": 3,
    "commitments": 4,
    "comms": 5,
    "newbusiness": 6,
    "delivery": 6,
    "onboarding": 7,
    "reporting": 8,
    "growth": 9,
    "care": 10,
    "desk": 11,
    "integrations": 12,
    "exchange": 13,
    "web": 14,
    "portal": 14,
    "api": 14,
    "cli": 14,
}


def room_of(module: str) -> str:
    """The room a dotted name of ours belongs to, or "" for what stands outside the rooms."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "steadyhand" and parts[1] in FLOORS else ""


def may_know(upper: str, lower: str) -> bool:
    """Whether a room may name another one."""
    if upper == lower:
        return True
    if lower == "ui":
        return upper in ("web", "portal")
    if upper == "ui":
        return lower == "core"
    return FLOORS[lower] < FLOORS[upper]


def test_every_room_has_a_floor():
    folders = {path.parent.name for path in (ROOT / "steadyhand").glob("*/__init__.py")}
    assert folders == set(FLOORS)


def test_imports_go_downward():
    result = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout[-4000:]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "steadyhand").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT))
)
def test_a_function_local_import_dodges_nothing(path):
    """What a function imports obeys the same order, and strings that name a module do too."""
    here = room_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            there = room_of(name)
            if here and there:
                assert may_know(here, there), f"{path.name}:{node.lineno} {here} imports {name}"


def test_no_table_points_upward():
    for model in apps.get_models(include_auto_created=True):
        here = room_of(model.__module__)
        if not here:
            continue
        for field in model._meta.get_fields(include_hidden=True):
            # A reverse relation belongs to the table at its other end.
            if field.is_relation and field.related_model and not field.auto_created:
                there = room_of(field.related_model.__module__)
                if there:
                    assert may_know(here, there), f"{model._meta.label}.{field.name} points up to {there}"


def test_faces_and_desk_have_no_tables():
    for room in ("ui", "desk", "web", "api", "cli"):
        assert not list(apps.get_app_config(room).get_models()), f"{room} has tables"
