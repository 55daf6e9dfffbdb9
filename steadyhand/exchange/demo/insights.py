"""What the demo's figures and words suggest to ask: by the night's own rules, some of it settled."""

from __future__ import annotations

from steadyhand.clients.models import Client
from steadyhand.core import clock
from steadyhand.exchange.demo.world import World, lead_of
from steadyhand.reporting.insights import saying
from steadyhand.reporting.insights.making import make_for
from steadyhand.reporting.models import Insight

#: Whose strongest prompt is meant for the next call, and whose is not worth saying.
PLANNED, DISMISSED = "Castellan Hotels", "Marlow Instruments"
WHY = "They tried it in spring and want to see the guide finished first."


def tell(world: World) -> None:
    """The night's look at every client of the demo, and what their leads made of it this morning."""
    with clock.standing_at(world.now):
        for client in Client.objects.live().filter(pk__in=[one.pk for one in world.clients.values()]):
            make_for(client)
        if row := _strongest(world.clients[PLANNED]):
            saying.plan_insight(row, by=lead_of(row.client).actor)
        rows = list(Insight.objects.filter(client=world.clients[DISMISSED]).standing())
        if len(rows) > 1:
            saying.dismiss_insight(rows[-1], WHY, by=lead_of(rows[-1].client).actor)


def _strongest(client: Client) -> Insight | None:
    return Insight.objects.filter(client=client).standing().select_related("client").first()
