"""The tables of newbusiness."""

from steadyhand.newbusiness.models.lead import GIVEN_UP, RUNNING, Lead, LeadStage, SeenWithLead
from steadyhand.newbusiness.models.pairing import Pairing, Pitch
from steadyhand.newbusiness.models.pitch import Consultation, PitchAnswer, PitchTest, Verdict
from steadyhand.newbusiness.models.proposal import Deck, Proposal
from steadyhand.newbusiness.models.style import Style

__all__ = [
    "GIVEN_UP",
    "RUNNING",
    "Consultation",
    "Deck",
    "Lead",
    "LeadStage",
    "Pairing",
    "Pitch",
    "PitchAnswer",
    "PitchTest",
    "Proposal",
    "SeenWithLead",
    "Style",
    "Verdict",
]
