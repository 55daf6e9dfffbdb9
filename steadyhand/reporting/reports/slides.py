"""The renewal pack as slides (PPTX), written in a short-lived child process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

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
        done = subprocess.run(  # noqa: S603  # our own interpreter and file
            [sys.executable, "-I", str(CHILD)],
            input=json.dumps(contents(report)).encode(),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired as error:
        raise Refusal("The slides took too long to write.", remedy="Try again in a minute.") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Refusal(f"The slides could not be written: {said[-1] if said else 'no reason was given'}.")
    return done.stdout


def contents(report: Report) -> dict[str, Any]:
    """What the deck says, in plain values: the words and figures of the page."""
    seen = composed(report, Reading.SHORT)
    told = seen.renewal
    return {
        "title": seen.title,
        "agency": seen.agency,
        "client": seen.client,
        "cut_off": seen.cut_off,
        "accent": Agency.get().accent or "#2456a6",
        "goals": told.get("goals", ""),
        "headline": seen.headline,
        "words": told.get("words", []),
        "tables": told.get("tables", []),
        "months": told.get("months", {}),
        "next": told.get("next", []),
        "decision": seen.decision,
    }
