"""The tables of clients."""

from steadyhand.clients.models.client import (
    Access,
    Client,
    ClientGroup,
    Level,
    Lift,
    Propensity,
    Stage,
)
from steadyhand.clients.models.contact import Contact
from steadyhand.clients.models.discovery import Discovery
from steadyhand.clients.models.engagement import (
    AgreedTime,
    Departure,
    Engagement,
    EngagementKind,
    Pause,
    Service,
    SpendChange,
)
from steadyhand.clients.models.expectation import ExpectationSaid
from steadyhand.clients.models.file import ClientFile
from steadyhand.clients.models.personal import DetailKind, PersonalDetail
from steadyhand.clients.models.reading import BriefReading
from steadyhand.clients.models.sector import SectorNote, ServiceOffer
from steadyhand.clients.models.team import Assignment, Position
from steadyhand.clients.models.working import Knowledge, MarketingKnowledge, WorkingKind, WorkingNote

__all__ = [
    "Access",
    "AgreedTime",
    "Assignment",
    "BriefReading",
    "Client",
    "ClientFile",
    "ClientGroup",
    "Contact",
    "Departure",
    "DetailKind",
    "Discovery",
    "Engagement",
    "EngagementKind",
    "ExpectationSaid",
    "Knowledge",
    "Level",
    "Lift",
    "MarketingKnowledge",
    "Pause",
    "PersonalDetail",
    "Position",
    "Propensity",
    "SectorNote",
    "Service",
    "ServiceOffer",
    "SpendChange",
    "Stage",
    "WorkingKind",
    "WorkingNote",
]
