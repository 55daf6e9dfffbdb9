"""The tables of the room, one file for each aggregate."""

from steadyhand.reporting.models.lead_quality import LeadQuality, Worth
from steadyhand.reporting.models.report import (
    Reading,
    Report,
    ReportApproval,
    ReportKind,
    ReportOpening,
    ReportRecipient,
    ReportState,
    Suggestion,
)
from steadyhand.reporting.models.report_rules import ContactReading, ReportRules
from steadyhand.reporting.models.source import Source

__all__ = [
    "ContactReading",
    "LeadQuality",
    "Reading",
    "Report",
    "ReportApproval",
    "ReportKind",
    "ReportOpening",
    "ReportRecipient",
    "ReportRules",
    "ReportState",
    "Source",
    "Suggestion",
    "Worth",
]
