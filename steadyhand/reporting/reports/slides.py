"""The renewal pack as slides (PPTX), written in a short-lived child process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from steadyhand.core import children
from steadyhand.core.models import Agency
from steadyhand.core.refusals import Refusal
from steadyhand.reporting.models import Reading, Report
from steadyhand.reporting.reports.composing import composed

#: Seconds after which a deck is given up.
PATIENCE = 30
CHILD = Path(__file__).with_name("slides_child.py")
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def slides_of(report: Report) -> bytes:
    """The deck. Takes a process; never called inside a transaction. Refuses where it fails."""
    try:
        return children.run_file(CHILD, json.dumps(contents(report)).encode(), patience=PATIENCE)
    except children.TooSlow as error:
        raise Refusal("The slides took too long to write.", remedy="Try again in a minute.") from error
    except children.Failed as error:
        raise Refusal(
            f"The slides could not be written: {error.said}.", remedy="Send the PDF instead."
        ) from error


def contents(report: Report) -> dict[str, Any]:
    """What the deck says, in plain values: the words and figures of the page."""
    seen = composed(report, Reading.SHORT)
    told = seen.renewal
    return {
        "title": seen.title,
        "agency": seen.agency,
        "client": seen.client,
        "cut_off": seen.cut_off,
        "at": report.cut_off.isoformat(),
        "accent": Agency.get().accent or "#2456a6",
        "goals": told.get("goals", ""),
        "headline": seen.headline,
        "words": told.get("words", []),
        "tables": told.get("tables", []),
        "months": told.get("months", {}),
        "next": told.get("next", []),
        "decision": seen.decision,
    }
