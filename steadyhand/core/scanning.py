"""The agency's own virus scanner, asked before a file is kept."""

from __future__ import annotations

import shlex
import subprocess

from django.conf import settings

from steadyhand.core.refusals import Refusal

PATIENCE = 60


def refuse_infected(content: bytes, name: str) -> None:
    """Give the bytes to the command of STEADYHAND_SCANNER; refuse unless it ends with 0."""
    if not settings.SCANNER:
        return
    try:
        done = subprocess.run(  # noqa: S603  # the command is the host's own setting
            shlex.split(settings.SCANNER), input=content, capture_output=True, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Refusal(
            f"“{name}” could not be scanned for viruses, so it was not kept.",
            remedy="Try again; if it stays so, tell the agency that its scanner does not answer.",
        ) from error
    if done.returncode:
        raise Refusal(
            f"The virus scanner does not let “{name}” pass, so it was not kept.",
            remedy="Send another copy of it.",
        )
