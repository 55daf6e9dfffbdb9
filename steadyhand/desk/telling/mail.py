"""Messages, reviews and mailboxes in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Told = tuple[str, str, str]

OF_MAIL: dict[str, Callable[[dict[str, Any]], Told]] = {
    "dropbox.renewed": lambda _: ("Address for copies made anew", "", "Mail to the earlier one is refused."),
    "mailbox.connected": lambda d: ("Mailbox connected", str(d.get("address", "")), str(d.get("how", ""))),
    "mailbox.disconnected": lambda d: ("Mailbox disconnected", str(d.get("address", "")), ""),
    "mailbox.failing": lambda d: (
        "Mailbox cannot be read",
        str(d.get("address", "")),
        str(d.get("error", "")),
    ),
    "contact.bounced": lambda d: (
        f"Mail to {d.get('name', 'a contact')} did not arrive",
        str(d.get("address", "")),
        str(d.get("said", "")),
    ),
    "bounce.cleared": lambda d: (
        f"Mail to {d.get('name', 'a contact')} arrives again",
        str(d.get("address", "")),
        "",
    ),
    "message.dismissed": lambda d: ("Mail dismissed", str(d.get("sender", "")), ""),
    "message.undismissed": lambda d: ("Mail no longer dismissed", str(d.get("sender", "")), ""),
}
