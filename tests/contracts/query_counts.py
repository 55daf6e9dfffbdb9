"""How many queries each page makes, checked in: a page that asks more shows up as a difference to read.

`QUERY_COUNTS=write pytest …` writes the numbers down anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

FILE = Path(__file__).with_name("query_counts.json")


def pinned(page: str, count: int) -> None:
    """Fail unless the page makes as many queries as is written down for it."""
    known: dict[str, int] = json.loads(FILE.read_text()) if FILE.exists() else {}
    if os.environ.get("QUERY_COUNTS") == "write":
        known[page] = count
        FILE.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")
    assert known.get(page) == count, f"{page} made {count} queries; {known.get(page)} are written down"
