"""What was brought in to see paths, as a table of an export; the touches themselves are files."""

from __future__ import annotations

from steadyhand.exchange.sheets import Sheet, rows_of
from steadyhand.reporting.models import JourneyImport

SHEETS_OF_JOURNEYS = (
    Sheet(
        "journey_imports",
        (
            *("client", "source", "name", "touches", "conversions", "users", "first", "last"),
            *("brought in by", "at"),
        ),
        rows_of(
            lambda by: JourneyImport.objects.visible_to(by),
            *("client__ref", "source", "name", "touches", "conversions", "users", "first_at", "last_at"),
            *("by_name", "made_at"),
        ),
    ),
)
