"""The tables of commitments."""

from steadyhand.commitments.models.acts import Completion, Handover, Move, Wait, Waiver
from steadyhand.commitments.models.commitment import Commitment
from steadyhand.commitments.models.plan import ClientPlan, PlanState

__all__ = [
    "ClientPlan",
    "Commitment",
    "Completion",
    "Handover",
    "Move",
    "PlanState",
    "Wait",
    "Waiver",
]
