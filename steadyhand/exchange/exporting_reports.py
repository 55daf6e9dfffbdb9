"""Reports to clients, whom they went to and what was said of leads, as tables of an export."""

from __future__ import annotations

from steadyhand.clients.models import Client
from steadyhand.core.actor import Actor
from steadyhand.exchange.sheets import Rows, Sheet, rows_of
from steadyhand.reporting.models import (
    ContactReading,
    LeadQuality,
    Report,
    ReportApproval,
    ReportOpening,
    ReportRecipient,
    ReportRules,
    Suggestion,
)


def _figures(by: Actor) -> Rows:
    """One row a figure, as it was frozen."""
    names = (
        "metric",
        "from",
        "to",
        "value",
        "month_before",
        "year_before",
        "currency",
        "source",
        "cut_off",
        "zone",
    )
    for report in Report.objects.visible_to(by).select_related("client").order_by("pk").iterator(200):
        for kept in report.figures:
            yield report.client.ref, report.pk, *(kept.get(name) for name in names)


def _seen(by: Actor) -> dict[str, object]:
    return {"report__client__in": Client.objects.visible_to(by).values("pk")}


SHEETS_OF_REPORTS = (
    Sheet(
        "reports",
        (
            *(
                "client",
                "id",
                "title",
                "kind",
                "period",
                "first day",
                "last day",
                "cut-off",
                "state",
                "owner",
            ),
            *("commentary", "decision", "notes", "made", "sent", "sent by"),
        ),
        rows_of(
            lambda by: Report.objects.visible_to(by),
            *("client__ref", "pk", "title", "kind", "period", "first_day", "last_day", "cut_off", "state"),
            *("owner__email", "commentary", "decision", "notes", "made_at", "sent_at", "sent_by"),
        ),
    ),
    Sheet(
        "report_figures",
        (
            *("client", "report", "metric", "from", "to", "value", "month before", "year before"),
            *("currency", "source", "cut-off", "zone"),
        ),
        _figures,
    ),
    Sheet(
        "report_suggestions",
        ("client", "report", "text", "why", "accepted", "accepted by", "dropped"),
        rows_of(
            lambda by: Suggestion.objects.filter(**_seen(by)),
            *("report__client__ref", "report", "text", "why", "accepted_at", "accepted_by", "dropped_at"),
        ),
    ),
    Sheet(
        "report_approvals",
        ("client", "report", "by", "note", "at", "undone"),
        rows_of(
            lambda by: ReportApproval.objects.filter(**_seen(by)),
            *("report__client__ref", "report", "name", "note", "at", "undone_at"),
        ),
    ),
    Sheet(
        "report_recipients",
        ("client", "report", "contact", "address", "reading", "pdf"),
        rows_of(
            lambda by: ReportRecipient.objects.filter(**_seen(by)),
            *("report__client__ref", "report", "name", "email", "reading", "pdf_digest"),
        ),
    ),
    Sheet(
        "report_openings",
        ("client", "report", "contact", "first opened"),
        rows_of(
            lambda by: ReportOpening.objects.filter(**_seen(by)),
            "report__client__ref",
            "report",
            "name",
            "at",
        ),
    ),
    Sheet(
        "lead_quality",
        ("client", "report", "contact", "worth", "seen", "counted", "at"),
        rows_of(
            lambda by: LeadQuality.objects.visible_to(by),
            *("client__ref", "report", "name", "worth", "seen", "counted", "at"),
        ),
    ),
    Sheet(
        "report_rules",
        ("client", "asks approval", "activity weekday", "expected return", "lead gap"),
        rows_of(
            lambda by: ReportRules.objects.visible_to(by),
            *("client__ref", "asks_approval", "activity_weekday", "expected_return", "lead_gap"),
        ),
    ),
    Sheet(
        "contact_readings",
        ("client", "contact", "reading"),
        rows_of(
            lambda by: ContactReading.objects.visible_to(by),
            *("contact__client__ref", "contact__email", "reading"),
        ),
    ),
)
