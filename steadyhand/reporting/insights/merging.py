"""Two records are one client: prompts go along."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from steadyhand.reporting.models import Insight


def merge(husk: int, kept: int) -> None:
    """The husk's prompts are the kept client's; of two of a rule and period the kept client's stands."""
    twin = Insight.objects.filter(client_id=kept, rule=OuterRef("rule"), period=OuterRef("period"))
    Insight.objects.filter(Exists(twin), client_id=husk).delete()
    Insight.objects.filter(client_id=husk).update(client_id=kept)
