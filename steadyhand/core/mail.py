"""Django's mail goes through the outbox: the `default` entry of `settings.MAILERS`."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage, EmailMultiAlternatives

from steadyhand.core import outbox


class OutboxBackend(BaseEmailBackend):
    """Writes a row for each recipient of each message."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Post every message; how many there were."""
        for message in email_messages:
            for recipient in message.recipients():
                outbox.post("mail", recipient, str(message.subject), str(message.body), html_of(message))
        return len(email_messages)


def html_of(message: EmailMessage) -> str:
    """The HTML form of a message, or nothing."""
    alternatives = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    return next((str(content) for content, kind in alternatives if kind == "text/html"), "")
