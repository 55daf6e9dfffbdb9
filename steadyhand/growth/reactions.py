"""What this room does when it hears of something below."""

from __future__ import annotations

from steadyhand.core.events import react
from steadyhand.core.models import Event
from steadyhand.growth.models import Opportunity, Win


@react("client.merged")
def clients_merged(event: Event) -> None:
    """The husk’s opportunities and wins are those of the client that is kept."""
    for table in (Opportunity, Win):
        table.objects.filter(client_id=event.data["husk_id"]).update(client_id=event.client_id)
