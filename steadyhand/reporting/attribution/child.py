"""The child process of `asking`: one question as JSON on standard input, its answer as JSON on standard
output.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from steadyhand.core.refusals import Refusal
from steadyhand.reporting.attribution.answering import answer
from steadyhand.reporting.attribution.questions import Question


def main() -> None:
    """Answer, or say why not."""
    asked = json.load(sys.stdin)
    try:
        said: dict[str, Any] = {"answer": answer(Question(**asked))}
    except Refusal as refusal:
        said = {"refused": [refusal.sentence, refusal.remedy, refusal.field]}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
