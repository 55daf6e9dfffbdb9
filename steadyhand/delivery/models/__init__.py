"""The tables of delivery."""

from steadyhand.delivery.models.deliverable import Deliverable, DeliverableMove, Timeline
from steadyhand.delivery.models.introduction import Introduction, IntroductionOutcome, Partner
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
    "ChannelLead",
    "Deliverable",
    "DeliverableMove",
    "Introduction",
    "IntroductionOutcome",
    "Partner",
    "ServiceSetup",
    "SetupContact",
    "Showing",
    "SignOff",
    "Strategy",
    "StrategyComment",
    "StrategyTest",
    "StrategyVersion",
    "Task",
    "Term",
    "Timeline",
]
