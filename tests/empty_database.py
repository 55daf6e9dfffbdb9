"""An empty SQLite database with every table, made once for each state of the migrations; tests copy it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAME = "steadyhand.sqlite3"
SETTINGS = "steadyhand.settings"
MAKE = """
import django
django.setup()
from steadyhand.core.first_tables import make_first_tables
make_first_tables()
"""


def lay_out(folder: Path) -> None:
    """Put the database into a data folder, as if `migrate` had just been run in it."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_made(), folder / NAME)


def _made() -> Path:
    sources = [*ROOT.glob("steadyhand/*/migrations/*.py"), ROOT / "steadyhand/core/word_index.py"]
    said = b"".join(path.read_bytes() for path in sorted([*sources, ROOT / "requirements.txt"]))
    kept = ROOT / "build" / f"empty-{hashlib.sha256(said).hexdigest()[:16]}.sqlite3"
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="steadyhand-empty-", dir=kept.parent) as folder:
            environ = {k: v for k, v in os.environ.items() if not k.startswith(("STEADYHAND_", "DJANGO_"))}
            environ |= {"STEADYHAND_DATA": folder, "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": SETTINGS}
            subprocess.run([sys.executable, "-c", MAKE], cwd=ROOT, env=environ, check=True)
            (Path(folder) / NAME).replace(kept)  # of several that make it at once, any will do
    return kept
