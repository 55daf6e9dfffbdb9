"""The tables of onboarding."""

from steadyhand.onboarding.models.agreement import (
    Agreement,
    AgreementClause,
    AgreementKind,
    AgreementState,
    AgreementVersion,
    ClauseComment,
)
from steadyhand.onboarding.models.agreement_signature import (
    AgreementEvent,
    AgreementSeal,
    AgreementSignature,
    Side,
)
from steadyhand.onboarding.models.answer import AgreedTerms, Answer, AnswerSource, FormFile, OtherAnswer
from steadyhand.onboarding.models.form import FormState, HandedSection, SentForm
from steadyhand.onboarding.models.goal import Goal, GoalState, SuccessWords
from steadyhand.onboarding.models.groundwork import Groundwork, GroundworkKind, GroundworkWaiver
from steadyhand.onboarding.models.handover import Handover
from steadyhand.onboarding.models.kickoff import KickoffWaiver, PitchPromise
from steadyhand.onboarding.models.told import ClientChannel, Competitor, InvoicingDetails, RunBy

__all__ = [
    "AgreedTerms",
    "Agreement",
    "AgreementClause",
    "AgreementEvent",
    "AgreementKind",
    "AgreementSeal",
    "AgreementSignature",
    "AgreementState",
    "AgreementVersion",
    "Answer",
    "AnswerSource",
    "ClauseComment",
    "ClientChannel",
    "Competitor",
    "FormFile",
    "FormState",
    "Goal",
    "GoalState",
    "Groundwork",
    "GroundworkKind",
    "GroundworkWaiver",
    "HandedSection",
    "Handover",
    "InvoicingDetails",
    "KickoffWaiver",
    "OtherAnswer",
    "PitchPromise",
    "RunBy",
    "SentForm",
    "Side",
    "SuccessWords",
]
