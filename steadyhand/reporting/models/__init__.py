"""The tables of the room, one file for each aggregate."""

from steadyhand.reporting.models.connection import Connection, RawAnswer
from steadyhand.reporting.models.dashboard import Annotation, AnnotationKind, Commentary, Dashboard
from steadyhand.reporting.models.incident import Cause, Incident, IncidentState, Shock
from steadyhand.reporting.models.insight import Insight, InsightState
from steadyhand.reporting.models.journeys import JourneyImport, JourneySource
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
from steadyhand.reporting.models.target import Target, TrackingAgreement

__all__ = [
    "Annotation",
    "AnnotationKind",
    "Cause",
    "Commentary",
    "Connection",
    "ContactReading",
    "Dashboard",
    "Incident",
    "IncidentState",
    "Insight",
    "InsightState",
    "JourneyImport",
    "JourneySource",
    "LeadQuality",
    "RawAnswer",
    "Reading",
    "Report",
    "ReportApproval",
    "ReportKind",
    "ReportOpening",
    "ReportRecipient",
    "ReportRules",
    "ReportState",
    "Shock",
    "Source",
    "Suggestion",
    "Target",
    "TrackingAgreement",
    "Worth",
]
