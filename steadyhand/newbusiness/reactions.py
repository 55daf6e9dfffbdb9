"""What this room does when it hears of something below."""

from __future__ import annotations

from steadyhand.core import clock
from steadyhand.core.events import react
from steadyhand.core.models import Event
from steadyhand.newbusiness.models import Lead, LeadStage


@react("client.merged")
def clients_merged(event: Event) -> None:
    """The husk’s leads are those of the client that is kept; of two that run, the husk’s ends."""
    theirs = Lead.objects.filter(client_id=event.data["husk_id"])
    kept = event.client_id or 0
    if Lead.objects.filter(client_id=kept).running().exists():
        now = clock.now()
        theirs.running().update(
            stage=LeadStage.WITHDRAWN,
            closed_at=now,
            changed_at=now,
            closed_because="The two records were merged; the other lead goes on.",
        )
    theirs.update(client_id=kept)
