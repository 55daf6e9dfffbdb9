"""Which mail of ours, or of theirs, a mail answers."""

from __future__ import annotations

from dataclasses import dataclass

from steadyhand.clients.models import Client
from steadyhand.comms.mail.receiving.letter import Letter
from steadyhand.comms.models import Direction, Message
from steadyhand.core.models import OutboxMessage


@dataclass(frozen=True, slots=True)
class Thread:
    """What a mail continues: the message it answers, or only the client another mail of ours went to."""

    client: Client
    root: str
    answers: Message | None = None


def thread_of(letter: Letter) -> Thread | None:
    """By In-Reply-To and References alone; a subject that looks alike proves nothing."""
    ancestors = letter.ancestors
    if not ancestors:
        return None
    return _of_messages(ancestors) or _of_outbox(ancestors)


def _of_messages(ancestors: list[str]) -> Thread | None:
    """The nearest ancestor we know; three look-ups, each by an index."""
    rows = Message.objects.filter(client__isnull=False).select_related("client", "member")
    found = [
        *rows.filter(outbox__message_id__in=ancestors),
        *rows.filter(direction=Direction.IN, message_id__in=ancestors).exclude(message_id=""),
    ] or list(rows.filter(thread__in=ancestors).order_by("-made_at")[:1])
    if not found:
        return None
    place = {message_id: number for number, message_id in enumerate(ancestors)}
    nearest = min(found, key=lambda row: (place.get(row.message_id, len(place)), -row.pk))
    assert nearest.client is not None  # noqa: S101
    return Thread(nearest.client, nearest.thread or nearest.message_id or ancestors[-1], nearest)


def _of_outbox(ancestors: list[str]) -> Thread | None:
    """Minutes, invitations, reports: mail of ours that nobody wrote as a message."""
    mail = OutboxMessage.objects.filter(message_id__in=ancestors, client_id__isnull=False).first()
    client = Client.objects.filter(pk=mail.client_id or 0).first() if mail else None
    return Thread(client, ancestors[-1]) if client else None
