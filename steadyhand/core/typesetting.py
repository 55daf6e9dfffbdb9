"""Setting a paper as PDF, in a short-lived child process: the typesetter is large, and a page cannot hurt us.

The child gets the template and its data on standard input and writes the PDF to standard output. Nothing of
the database or the settings is in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from steadyhand.core import children
from steadyhand.core.refusals import Refusal

#: Seconds after which a paper is given up.
PATIENCE = 30

#: Papers that are set at once in one process would take its memory twice; each child is its own.
CHILD = Path(__file__).with_name("typesetting_child.py")


class Unset(Refusal):
    """The paper could not be set."""


def as_pdf(template: Path, data: Mapping[str, Any]) -> bytes:
    """The PDF (tagged, PDF/UA-1) of a typst template, which reads `data` with `json(bytes(sys.inputs.data))`.

    Refuses, in a sentence, where it cannot be set in time.
    """
    asked = json.dumps({"template": str(template), "data": json.dumps(data)}).encode()
    try:
        pdf = children.run_file(CHILD, asked, patience=PATIENCE)
    except children.TooSlow as error:
        raise Unset(
            "The PDF took too long to set.", remedy="Try again, or print the page instead."
        ) from error
    except children.Failed as error:
        raise Unset(f"The PDF could not be set: {error.said}.", remedy="Print the page instead.") from error
    if not pdf.startswith(b"%PDF"):
        raise Unset("The typesetter made no PDF.", remedy="Print the page instead.")
    return pdf
