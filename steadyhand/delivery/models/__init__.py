"""The tables of delivery."""

from steadyhand.delivery.models.bundle import BINDING, Approver, Bundle, Mode, Reminder, Step
from steadyhand.delivery.models.deliverable import Deliverable, DeliverableMove, Timeline
from steadyhand.delivery.models.introduction import Introduction, IntroductionOutcome, Partner
from steadyhand.delivery.models.piece import (
    Comment,
    Decision,
    Piece,
    PieceKind,
    PieceVersion,
    Posting,
    Verdict,
)
from steadyhand.delivery.models.setup import ServiceSetup, SetupContact, Task
from steadyhand.delivery.models.strategy import (
    Showing,
    SignOff,
    Strategy,
    StrategyComment,
    StrategyTest,
    StrategyVersion,
)
from steadyhand.delivery.models.term import ChannelLead, Term

__all__ = [
    "BINDING",
    "Approver",
    "Bundle",
    "ChannelLead",
    "Comment",
    "Decision",
    "Deliverable",
    "DeliverableMove",
    "Introduction",
    "IntroductionOutcome",
    "Mode",
    "Partner",
    "Piece",
    "PieceKind",
    "PieceVersion",
    "Posting",
    "Reminder",
    "ServiceSetup",
    "SetupContact",
    "Showing",
    "SignOff",
    "Step",
    "Strategy",
    "StrategyComment",
    "StrategyTest",
    "StrategyVersion",
    "Task",
    "Term",
    "Timeline",
    "Verdict",
]
