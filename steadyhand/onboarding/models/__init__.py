"""The tables of onboarding."""

from steadyhand.onboarding.models.answer import AgreedTerms, Answer, AnswerSource, FormFile, OtherAnswer
from steadyhand.onboarding.models.form import FormState, HandedSection, SentForm
from steadyhand.onboarding.models.goal import Goal, GoalState, SuccessWords
from steadyhand.onboarding.models.handover import Handover
from steadyhand.onboarding.models.kickoff import KickoffWaiver, PitchPromise
from steadyhand.onboarding.models.told import ClientChannel, Competitor, InvoicingDetails, RunBy

__all__ = [
    "AgreedTerms",
    "Answer",
    "AnswerSource",
    "ClientChannel",
    "Competitor",
    "FormFile",
    "FormState",
    "Goal",
    "GoalState",
    "HandedSection",
    "Handover",
    "InvoicingDetails",
    "KickoffWaiver",
    "OtherAnswer",
    "PitchPromise",
    "RunBy",
    "SentForm",
    "SuccessWords",
]
