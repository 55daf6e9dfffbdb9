"""What this room does when it hears of something below."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from steadyhand.core.events import react
from steadyhand.core.models import Event
from steadyhand.reporting.attribution.importing import drop as drop_journeys
from steadyhand.reporting.dips.closing import merge as merge_dips
from steadyhand.reporting.insights.merging import merge as merge_insights
from steadyhand.reporting.metrics import store
from steadyhand.reporting.metrics.merging import move_figures
from steadyhand.reporting.models import JourneyImport
from steadyhand.reporting.reports.merging import merge as merge_reports


@react("client.merged")
def journeys_merged(event: Event) -> None:
    """Touches and conversions that were brought in go along; the newest import of both counts."""
    JourneyImport.objects.filter(client_id=event.data["husk_id"]).update(client_id=event.client_id)


@react("client.removed")
def journeys_removed(event: Event) -> None:
    """Nothing of a removed client's touches stays on disk."""
    for digest in JourneyImport.objects.filter(client=event.client_id).values_list("digest", flat=True):
        transaction.on_commit(partial(drop_journeys, digest))


@react("client.merged")
def dips_merged(event: Event) -> None:
    """Dips go along; of two that are open for the same metric the survivor's stays."""
    merge_dips(event.data["husk_id"], event.client_id or 0)


@react("client.merged")
def insights_merged(event: Event) -> None:
    """Prompts go along, with what became of them."""
    merge_insights(event.data["husk_id"], event.client_id or 0)


@react("client.merged")
def reports_merged(event: Event) -> None:
    """Reports go along, with how the client is reported to."""
    merge_reports(event.data["husk_id"], event.client_id or 0)


@react("client.merged")
def figures_merged(event: Event) -> None:
    """Figures, and what is said and agreed about them, go along."""
    move_figures(husk=event.data["husk_id"], kept=event.client_id or 0)


@react("client.removed")
def figures_removed(event: Event) -> None:
    """Nothing of a removed client's figures stays on disk."""
    transaction.on_commit(partial(store.drop, event.client_id or 0))
