"""The child process of `asking`: one question as JSON on standard input, its answer on standard output."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

from steadyhand.core.refusals import Refusal
from steadyhand.reporting.dips.detector import Detector
from steadyhand.reporting.dips.incidents import Found
from steadyhand.reporting.dips.night import night
from steadyhand.reporting.dips.observations import read
from steadyhand.reporting.dips.panel import Kind, Panel


def of_table(asked: dict[str, Any]) -> dict[str, Any]:
    """The incidents of a plain table: `file`, `today`, `as_of` (or null)."""
    as_of = dt.date.fromisoformat(asked["as_of"]) if asked["as_of"] else None
    panel, remarks = read(Path(asked["file"]), today=dt.date.fromisoformat(asked["today"]), as_of=as_of)
    detector = Detector.of(panel)
    detector.catch_up(panel)
    return {"incidents": [told(panel, found) for found in detector.incidents()], "remarks": remarks}


def told(panel: Panel, found: Found) -> dict[str, Any]:
    """An incident as it is answered: amounts are sums over its days; a ratio's or a rank's are the mean."""
    averaged = panel.kinds[found.series] not in (Kind.COUNT, Kind.MONEY)
    share = max(found.weight, 1e-9) if averaged else 1.0
    return {
        "series": panel.names[found.series],
        "first_day": _day(panel, found.first),
        "expected": found.expected / share,
        "observed": found.observed / share,
        "score": round(found.score, 3),
        "p": found.p,
        "noticed_on": _day(panel, found.noticed),
        "last_day": None if found.last is None else _day(panel, found.last),
    }


def _day(panel: Panel, row: int) -> str:
    return (panel.start + dt.timedelta(days=row)).isoformat()


WORK = {"table": of_table, "night": night}


def main() -> None:
    """Answer, or say why not."""
    asked = json.load(sys.stdin)
    try:
        said: dict[str, Any] = {"answer": WORK[asked["do"]](asked)}
    except Refusal as refusal:
        said = {"refused": [refusal.sentence, refusal.remedy, refusal.field]}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
