"""The tables of comms."""

from steadyhand.comms.models.action import Action
from steadyhand.comms.models.arrival import Arrival, Attachment, Bounce, Fate, Reason, UnwantedSender
from steadyhand.comms.models.call import Call, CallNote, NoteTyping
from steadyhand.comms.models.chase import Attempt, Chase, Outcome
from steadyhand.comms.models.interaction import Channel, Direction, Interaction
from steadyhand.comms.models.mailbox import Dropbox, Mailbox, MailboxKind, Security
from steadyhand.comms.models.meeting import Answer, Attendee, Meeting
from steadyhand.comms.models.message import Message, MessageState
from steadyhand.comms.models.question import OpenQuestion
from steadyhand.comms.models.review import MailRules, Review, Supervision, Verdict

__all__ = [
    "Action",
    "Answer",
    "Arrival",
    "Attachment",
    "Attempt",
    "Attendee",
    "Bounce",
    "Call",
    "CallNote",
    "Channel",
    "Chase",
    "Direction",
    "Dropbox",
    "Fate",
    "Interaction",
    "MailRules",
    "Mailbox",
    "MailboxKind",
    "Meeting",
    "Message",
    "MessageState",
    "NoteTyping",
    "OpenQuestion",
    "Outcome",
    "Reason",
    "Review",
    "Security",
    "Supervision",
    "UnwantedSender",
    "Verdict",
]
