"""How many queries each page makes, checked in: a page that asks more shows up as a difference to read.

`QUERY_COUNTS=write pytest …` writes the numbers down anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

FILE = Path(__file__).with_name("query_counts.json")


def pinned(page: str, count: int) -> None:
    """Fail unless the page makes as many queries as is written down for it."""
    all_pinned({page: count})


def all_pinned(counts: Mapping[str, int]) -> None:
    """Fail unless each page makes as many queries as is written down for it; all that differ are told."""
    known: dict[str, int] = json.loads(FILE.read_text()) if FILE.exists() else {}
    if os.environ.get("QUERY_COUNTS") == "write":
        known |= counts
        FILE.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")
    wrong = {page: (count, known.get(page)) for page, count in counts.items() if known.get(page) != count}
    assert not wrong, "\n".join(
        f"{page} made {made} queries; {written} are written down" for page, (made, written) in wrong.items()
    )
