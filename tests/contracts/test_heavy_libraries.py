"""What is large, or runs code of others, stays in child processes: web and worker never import it."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import steadyhand

ROOT = Path(steadyhand.__file__).parent
HEAVY = {"duckdb", "numpy", "vl_convert", "pptx", "sqlglot", "typst", "pyhanko", "pyarrow", "pandas"}

#: Every page, call and piece of background work there is, loaded as web and worker load them.
START = """
import json, sys
import django
django.setup()
from importlib import import_module
from pathlib import Path
from django.apps import apps
from django.conf import settings
from django.urls import get_resolver
get_resolver().url_patterns
for app in apps.get_app_configs():
    for name in ("tasks", "duties", "reactions", "follows", "search"):
        if (Path(app.path) / f"{name}.py").exists():
            import_module(f"{app.name}.{name}")
print(json.dumps(sorted(sys.modules)))
"""


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT.parent)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", START], env=environ, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return set(json.loads(done.stdout.splitlines()[-1]))


def imports_heavy(path: Path) -> bool:
    """Whether a module imports one of them anywhere, also inside a function."""
    for node in ast.walk(ast.parse(path.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names.append(node.module or "")
        if any(name.partition(".")[0] in HEAVY for name in names):
            return True
    return False


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")


def test_web_and_worker_are_really_there(loaded: set[str]) -> None:
    assert {"steadyhand.web.views.figures", "steadyhand.api.metrics", "steadyhand.reporting.duties"} <= loaded


def test_web_and_worker_load_none_of_them(loaded: set[str]) -> None:
    assert not HEAVY & {name.partition(".")[0] for name in loaded}


def test_nor_a_module_that_would_import_one_later(loaded: set[str]) -> None:
    children = {module_of(path) for path in ROOT.rglob("*.py") if imports_heavy(path)}
    assert "steadyhand.reporting.metrics.child" in children
    assert not children & loaded, "only a child process imports these"
