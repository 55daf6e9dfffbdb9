"""The tables of growth."""

from steadyhand.growth.models.opportunity import Opportunity, OpportunityKind
from steadyhand.growth.models.win import Win, WinSource

__all__ = ["Opportunity", "OpportunityKind", "Win", "WinSource"]
