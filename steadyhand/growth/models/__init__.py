"""The tables of growth."""

from steadyhand.growth.models.opportunity import Opportunity, OpportunityKind

__all__ = ["Opportunity", "OpportunityKind"]
