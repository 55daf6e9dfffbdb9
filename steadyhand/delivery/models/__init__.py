"""The tables of delivery."""

from steadyhand.delivery.models.backlink import Backlink
from steadyhand.delivery.models.bundle import BINDING, Approver, Bundle, Mode, Reminder, Step
from steadyhand.delivery.models.content_item import ContentItem
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
from steadyhand.delivery.models.planned_work import Output, PlannedWork
from steadyhand.delivery.models.recommendation import Recommendation, RecommendationState
from steadyhand.delivery.models.setup import ServiceSetup, SetupContact, Task
from steadyhand.delivery.models.site_score import SiteScore
from steadyhand.delivery.models.strategy import (
    Showing,
    SignOff,
    Strategy,
    StrategyComment,
    StrategyTest,
    StrategyVersion,
)
from steadyhand.delivery.models.term import ChannelLead, Term
from steadyhand.delivery.models.work import Entry, EntryQuerySet
from steadyhand.delivery.models.work_list import WorkList

__all__ = [
    "BINDING",
    "Approver",
    "Backlink",
    "Bundle",
    "ChannelLead",
    "Comment",
    "ContentItem",
    "Decision",
    "Deliverable",
    "DeliverableMove",
    "Entry",
    "EntryQuerySet",
    "Introduction",
    "IntroductionOutcome",
    "Mode",
    "Output",
    "Partner",
    "Piece",
    "PieceKind",
    "PieceVersion",
    "PlannedWork",
    "Posting",
    "Recommendation",
    "RecommendationState",
    "Reminder",
    "ServiceSetup",
    "SetupContact",
    "Showing",
    "SignOff",
    "SiteScore",
    "Step",
    "Strategy",
    "StrategyComment",
    "StrategyTest",
    "StrategyVersion",
    "Task",
    "Term",
    "Timeline",
    "Verdict",
    "WorkList",
]
