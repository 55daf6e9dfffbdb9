"""The work shown, as tables of an export."""

from __future__ import annotations

from steadyhand.delivery.models import Backlink, ContentItem, PlannedWork, Recommendation, SiteScore
from steadyhand.exchange.sheets import Sheet, rows_of

SHEETS_OF_WORK = (
    Sheet(
        "links",
        (
            *("client", "date", "domain", "type", "status", "anchor", "url", "authority", "done on"),
            *("note", "by", "changed", "taken out"),
        ),
        rows_of(
            lambda by: Backlink.objects.visible_to(by),
            *("client__ref", "day", "domain", "type", "status", "anchor", "url", "authority", "done_on"),
            *("note", "by_name", "changed_at", "dropped_at"),
        ),
    ),
    Sheet(
        "content",
        (
            *("client", "date", "title", "type", "status", "url", "words", "done on"),
            *("note", "by", "changed", "taken out"),
        ),
        rows_of(
            lambda by: ContentItem.objects.visible_to(by),
            *("client__ref", "day", "title", "type", "status", "url", "words", "done_on"),
            *("note", "by_name", "changed_at", "dropped_at"),
        ),
    ),
    Sheet(
        "recommendations",
        (
            *("client", "date", "url", "issue", "action", "state", "answer", "answered by", "answered"),
            *("note", "by", "changed", "taken out"),
        ),
        rows_of(
            lambda by: Recommendation.objects.visible_to(by),
            *("client__ref", "day", "url", "issue", "action", "state", "answer", "answered_by"),
            *("answered_at", "note", "by_name", "changed_at", "dropped_at"),
        ),
    ),
    Sheet(
        "website_health",
        (
            *("client", "date", "score", "parts", "measured with", "mean of parts"),
            *("note", "by", "changed", "taken out"),
        ),
        rows_of(
            lambda by: SiteScore.objects.visible_to(by),
            *("client__ref", "day", "score", "parts", "tool", "from_parts"),
            *("note", "by_name", "changed_at", "dropped_at"),
        ),
    ),
    Sheet(
        "planned_work",
        ("client", "what", "type", "count", "month", "until changed", "by", "at"),
        rows_of(
            lambda by: PlannedWork.objects.visible_to(by),
            *("client__ref", "output", "type", "count", "month", "lasting", "by_name", "at"),
        ),
    ),
)
