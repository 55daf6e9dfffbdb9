"""What this room does when it hears of something below."""

from __future__ import annotations

from steadyhand.core.events import react
from steadyhand.core.models import Event
from steadyhand.exchange.models import ExternalRef


@react("client.merged")
def clients_merged(event: Event) -> None:
    """Whatever a source called the husk is the client that is kept."""
    ExternalRef.objects.filter(kind="client", subject_id=event.data["husk_id"]).update(
        subject_id=event.client_id
    )
