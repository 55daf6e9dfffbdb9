"""What the worker has sent, as its reader finds it: every mail is a file of the installation's folder."""

from __future__ import annotations

import email
import re
import time
from email import policy
from pathlib import Path

from tests.journeys.conftest import Server


def mailed(server: Server, recipient: str, pattern: str) -> str:
    """What the latest mail to somebody says, once the worker has sent it."""
    folder = Path(server.environ["STEADYHAND_DATA"]) / "mail"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for file in sorted(folder.glob("*.eml"), reverse=True):
            message = email.message_from_bytes(file.read_bytes(), policy=policy.default)
            text = "\n".join(message.get_body(("plain",)).get_content().splitlines())
            is_theirs = recipient in message["To"]
            if is_theirs and (found := re.search(pattern, text, re.MULTILINE)):
                return found[1]
        time.sleep(0.2)
    raise AssertionError(f"No mail to {recipient} says {pattern}.")
