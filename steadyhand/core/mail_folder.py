"""Mail on an installation without a mail server: each message becomes an .eml file to open and read."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

from steadyhand.core import clock


class EmailBackend(BaseEmailBackend):
    """Writes to `folder`: `20261123-090000-3f2a9c1b.eml`, in the order of sending."""

    def __init__(self, folder: str | Path, **options: Any) -> None:
        super().__init__(**options)
        self.folder = Path(folder)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write each message; a reader never sees half of one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{clock.now():%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:8]}.eml"
            draft = self.folder / f".{name}"
            draft.write_bytes(message.message().as_bytes())
            draft.rename(self.folder / name)
        return len(email_messages)
