"""Asking the detector: it runs in a short-lived child process, because NumPy and DuckDB are large."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from steadyhand.core import children
from steadyhand.core.refusals import Refusal

#: Seconds after which a question is given up: the largest is a whole portfolio from the beginning.
PATIENCE = 900

CHILD = "steadyhand.reporting.dips.child"


class Unanswered(Refusal):
    """The detector gave no answer."""


def ask(question: Mapping[str, Any]) -> dict[str, Any]:
    """What the detector says to a question; refuses with the child's own sentence where it cannot answer."""
    given = json.dumps(question).encode()
    try:
        answer: dict[str, Any] = json.loads(children.run_module(CHILD, given, patience=PATIENCE))
    except children.TooSlow as error:
        raise Unanswered("Looking for dips took too long.", remedy="Try fewer series.") from error
    except children.Failed as error:
        raise Unanswered(f"Looking for dips failed: {error.said}.", remedy="Try again later.") from error
    if "refused" in answer:
        sentence, remedy, field = answer["refused"]
        raise Refusal(sentence, remedy=remedy, field=field)
    said_back: dict[str, Any] = answer["answer"]
    return said_back
