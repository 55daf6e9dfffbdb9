"""Mail that nobody wrote to us: automatic answers, newsletters, our own coming back, a sender gone wild."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parseaddr

from django.conf import settings

from steadyhand.comms.mail import addresses
from steadyhand.comms.mail.receiving.letter import Letter
from steadyhand.comms.models import Arrival, Reason
from steadyhand.core import clock
from steadyhand.core.models import OutboxMessage

#: From one sender in an hour: beyond it two machines are talking.
MOST_IN_AN_HOUR = 60

#: What mail programs put before the subject of an absence note that carries no header of its own.
ABSENCE = re.compile(
    r"(?:automatic reply|automatische antwort|auto[- ]?reply|autoreply|out of (?:the )?office|abwesenheit"
    r"|réponse automatique|respuesta automática|risposta automatica)\b",
    re.IGNORECASE,
)


def is_ours_coming_back(letter: Letter) -> bool:
    """Our own mail, or mail from one of our own addresses: to take it in would begin a loop."""
    _, agency = parseaddr(settings.DEFAULT_FROM_EMAIL)
    if letter.sender and (letter.sender == agency.lower() or addresses.is_ours(letter.sender)):
        return True
    return bool(letter.message_id) and OutboxMessage.objects.filter(message_id=letter.message_id).exists()


def is_automatic(letter: Letter) -> bool:
    """Whether a machine answered (RFC 3834, and what others do instead)."""
    header = letter.headers
    if header.get("auto-submitted", "no").split(";")[0].strip().lower() not in {"no", ""}:
        return True
    if header.get("return-path", "").strip() == "<>" or header.get("precedence", "").lower() == "auto_reply":
        return True
    if header.get("x-autoreply") or header.get("x-autorespond"):
        return True
    suppressed = {part.strip().lower() for part in header.get("x-auto-response-suppress", "").split(",")}
    return bool(suppressed & {"all", "autoreply", "oof"}) or bool(ABSENCE.match(letter.subject))


def is_list(letter: Letter) -> bool:
    """Whether it went to many at once."""
    header = letter.headers
    is_bulk = header.get("precedence", "").strip().lower() in {"bulk", "junk", "list"}
    return is_bulk or bool(header.get("list-id") or header.get("list-unsubscribe"))


def comes_too_often(letter: Letter) -> bool:
    """Whether this sender has sent more in the last hour than people do."""
    since = clock.now() - dt.timedelta(hours=1)
    recent = Arrival.objects.filter(sender=letter.sender, at__gt=since)
    return recent.count() >= MOST_IN_AN_HOUR


def why_dropped(letter: Letter, *, is_known: bool) -> Reason:
    """Why this mail is not taken in, if it is not. Newsletters of people we know are read."""
    if is_ours_coming_back(letter):
        return Reason.OURS
    if is_automatic(letter):
        return Reason.AUTOMATIC
    if not is_known and is_list(letter):
        return Reason.LIST
    if not letter.sender:
        return Reason.BROKEN
    return Reason.LOOP if comes_too_often(letter) else Reason.NONE
