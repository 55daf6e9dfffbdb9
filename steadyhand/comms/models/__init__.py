"""The tables of comms."""

from steadyhand.comms.models.action import Action
from steadyhand.comms.models.arrival import Arrival, Attachment, Bounce, Fate, Reason, UnwantedSender
from steadyhand.comms.models.call import Call, CallNote, NoteTyping
from steadyhand.comms.models.chase import Attempt, Chase, Outcome
from steadyhand.comms.models.interaction import Channel, Direction, Interaction
from steadyhand.comms.models.mailbox import Dropbox, Mailbox, MailboxKind, Security
from steadyhand.comms.models.meeting import Answer, Attendee, Host, Meeting, TimeProposal
from steadyhand.comms.models.message import Message, MessageState
from steadyhand.comms.models.minutes import AgendaItem, Circulation, Decision, MinutesEntry
from steadyhand.comms.models.notification import Notification
from steadyhand.comms.models.preparation import Booking, BookingKind, Preparation, ReportRequest, Step
from steadyhand.comms.models.question import OpenQuestion
from steadyhand.comms.models.review import MailRules, Review, Supervision, Verdict
from steadyhand.comms.models.series import Discussed, Filling, Occurrence, Series

__all__ = [
    "Action",
    "AgendaItem",
    "Answer",
    "Arrival",
    "Attachment",
    "Attempt",
    "Attendee",
    "Booking",
    "BookingKind",
    "Bounce",
    "Call",
    "CallNote",
    "Channel",
    "Chase",
    "Circulation",
    "Decision",
    "Direction",
    "Discussed",
    "Dropbox",
    "Fate",
    "Filling",
    "Host",
    "Interaction",
    "MailRules",
    "Mailbox",
    "MailboxKind",
    "Meeting",
    "Message",
    "MessageState",
    "MinutesEntry",
    "NoteTyping",
    "Notification",
    "Occurrence",
    "OpenQuestion",
    "Outcome",
    "Preparation",
    "Reason",
    "ReportRequest",
    "Review",
    "Security",
    "Series",
    "Step",
    "Supervision",
    "TimeProposal",
    "UnwantedSender",
    "Verdict",
]
