"""What this room does when it hears of something below."""

from __future__ import annotations

from steadyhand.comms.following import follow_outbox
from steadyhand.comms.models import Action, Call, Chase, Interaction, Meeting, Message, OpenQuestion
from steadyhand.core.events import react
from steadyhand.core.models import Event


@react("client.merged")
def clients_merged(event: Event) -> None:
    """What was said to the husk was said to the client that is kept."""
    for table in (Interaction, Call, Chase, Meeting, Action, OpenQuestion, Message):
        table.objects.filter(client_id=event.data["husk_id"]).update(client_id=event.client_id)


@react("mail.sent", "mail.failed", "mail.uncertain", "mail.cancelled", "mail.repeated")
def mail_moved(event: Event) -> None:
    """The outbox says what became of a mail: its message says the same, and a sent one was said."""
    follow_outbox(event)
