"""The tables of comms."""

from steadyhand.comms.models.action import Action
from steadyhand.comms.models.call import Call, CallNote
from steadyhand.comms.models.chase import Attempt, Chase, Outcome
from steadyhand.comms.models.interaction import Channel, Direction, Interaction
from steadyhand.comms.models.meeting import Answer, Attendee, Meeting
from steadyhand.comms.models.message import Message, MessageState
from steadyhand.comms.models.question import OpenQuestion

__all__ = [
    "Action",
    "Answer",
    "Attempt",
    "Attendee",
    "Call",
    "CallNote",
    "Channel",
    "Chase",
    "Direction",
    "Interaction",
    "Meeting",
    "Message",
    "MessageState",
    "OpenQuestion",
    "Outcome",
]
