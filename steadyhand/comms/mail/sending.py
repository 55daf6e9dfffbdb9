"""Putting a message into the outbox: who it is from, where answers go, and when it leaves (S8)."""

from __future__ import annotations

import datetime as dt
from email.utils import parseaddr

from django.conf import settings

from steadyhand.comms.mail.addresses import reply_address
from steadyhand.comms.mail.mailboxes import sending_mailbox
from steadyhand.comms.mail.rendering import as_text
from steadyhand.comms.models import MailRules, Message, MessageState
from steadyhand.core import clock, outbox
from steadyhand.core.mail_text import one_line
from steadyhand.core.models import Agency, MailState
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member

#: What the outbox names as the cause of a message's mail.
ABOUT = "comms.message"

#: A moment chosen while the page was open may be this long over.
GRACE = dt.timedelta(minutes=2)


def leaves_at(send_at: dt.datetime | None, *, at_once: bool = False) -> dt.datetime:
    """When a mail may leave; refuses a moment that is over."""
    now = clock.now()
    if send_at is None:
        return now if at_once else now + dt.timedelta(seconds=MailRules.current().delay_seconds)
    if send_at < now - GRACE:
        raise Refusal("That moment is over.", remedy="Choose one to come, or send it now.", field="send_at")
    return max(send_at, now)


def post(row: Message, html: str, at: dt.datetime) -> None:
    """Put a locked message into the outbox, to leave at `at`; within the caller's transaction."""
    refs = [known for known in dict.fromkeys([row.thread, row.in_reply_to]) if known]
    mailbox = sending_mailbox(row.member)
    posted = outbox.post(
        "message",
        row.to[0],
        row.subject,
        as_text(row.text, row.member),
        html,
        sender=_named(row.member.name, mailbox.address) if mailbox and row.member else sender_of(row.member),
        # Answers to one's own mailbox are read there; any other way they would miss the timeline.
        reply_to="" if mailbox else answers_to(row),
        route=mailbox.route if mailbox else "",
        copies=[*row.to[1:], *row.copies],
        in_reply_to=row.in_reply_to,
        references=refs,
        client_id=row.client_id,
        about=(ABOUT, row.pk),
        not_before=at,
        automatic=False,
    )
    if posted.state == MailState.FAILED:
        raise Refusal(posted.last_error or "This mail cannot be written.", field="to")
    row.outbox, row.message_id, row.from_address = posted, posted.message_id, posted.sender[:320]
    row.html, row.thread = html, row.thread or posted.message_id
    row.state, row.send_at, row.changed_at = MessageState.QUEUED, at, clock.now()
    row.save()


def sender_of(member: Member | None) -> str:
    """Whom a mail is from: the member's own address where the agency's mail may be sent from it, else the
    agency's address under the member's name."""
    if member is None:
        return ""
    if MailRules.current().allows(member.email):
        return _named(member.name, member.email)
    return _named(f"{member.name}, {Agency.get().name}", parseaddr(settings.DEFAULT_FROM_EMAIL)[1])


def answers_to(message: Message) -> str:
    """Where an answer goes: to the client's timeline where mail is received, else to the member."""
    member = message.member
    reply = reply_address(message.client, member) if message.client else ""
    if reply:
        return reply
    return _named(member.name, member.email) if member else ""


def _named(name: str, address: str) -> str:
    """One address under a name, whatever the name holds."""
    plain = one_line(name).replace("<", "").replace(">", "")
    return f"{plain} <{address}>" if plain else address
