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
from steadyhand.clients.models.engagement import (
    AgreedTime,
    Departure,
    Engagement,
    EngagementKind,
    Pause,
    Service,
    SpendChange,
)
from steadyhand.clients.models.reading import BriefReading
from steadyhand.clients.models.team import Assignment, Position

__all__ = [
    "Access",
    "AgreedTime",
    "Assignment",
    "BriefReading",
    "Client",
    "ClientGroup",
    "Contact",
    "Departure",
    "Engagement",
    "EngagementKind",
    "Level",
    "Lift",
    "Pause",
    "Position",
    "Propensity",
    "Service",
    "SpendChange",
    "Stage",
]
