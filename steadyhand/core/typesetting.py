"""Setting a paper as PDF, in a short-lived child process: the typesetter is large, and a page cannot hurt us.

The child gets the template and its data on standard input and writes the PDF to standard output. Nothing of
the database or the settings is in it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

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
        done = subprocess.run(  # noqa: S603  # our own interpreter and file
            [sys.executable, "-I", str(CHILD)],
            input=asked,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired as error:
        raise Unset(
            "The PDF took too long to set.", remedy="Try again, or print the page instead."
        ) from error
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Unset(
            f"The PDF could not be set: {said[-1] if said else 'the typesetter said nothing'}.",
            remedy="Print the page instead.",
        )
    return done.stdout
