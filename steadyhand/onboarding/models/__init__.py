"""The tables of onboarding."""

from steadyhand.onboarding.models.goal import Goal, GoalState, SuccessWords
from steadyhand.onboarding.models.handover import Handover
from steadyhand.onboarding.models.kickoff import KickoffWaiver, PitchPromise

__all__ = [
    "Goal",
    "GoalState",
    "Handover",
    "KickoffWaiver",
    "PitchPromise",
    "SuccessWords",
]
