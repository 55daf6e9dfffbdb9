"""Asking the detector: it runs in a short-lived child process, because NumPy and DuckDB are large."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from steadyhand.core.refusals import Refusal

#: Seconds after which a question is given up: the largest is a whole portfolio from the beginning.
PATIENCE = 900

#: Where `steadyhand` itself lies: all that the child finds besides the libraries.
ROOT = Path(__file__).parents[3]


class Unanswered(Refusal):
    """The detector gave no answer."""


def ask(question: Mapping[str, Any]) -> dict[str, Any]:
    """What the detector says to a question; refuses with the child's own sentence where it cannot answer."""
    try:
        done = subprocess.run(  # our own interpreter and module
            [sys.executable, "-P", "-m", "steadyhand.reporting.dips.child"],
            input=json.dumps(question).encode(),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env={"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"},
        )
    except subprocess.TimeoutExpired as error:
        raise Unanswered("Looking for dips took too long.", remedy="Try fewer series.") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Unanswered(f"Looking for dips failed: {said[-1] if said else 'it said nothing'}.")
    answer: dict[str, Any] = json.loads(done.stdout)
    if "refused" in answer:
        sentence, remedy, field = answer["refused"]
        raise Refusal(sentence, remedy=remedy, field=field)
    said_back: dict[str, Any] = answer["answer"]
    return said_back
