"""Taking a mail in: once, however often and by whichever way it comes."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from steadyhand.clients.models import Client, Contact
from steadyhand.comms.interactions import log_interaction
from steadyhand.comms.mail.receiving.attached import LeftOut, sort_out
from steadyhand.comms.mail.receiving.automatic import is_ours_coming_back, why_dropped
from steadyhand.comms.mail.receiving.bounces import Report, note_bounces, report_in
from steadyhand.comms.mail.receiving.letter import Letter, Unreadable, read
from steadyhand.comms.mail.receiving.placing import Place, place_of
from steadyhand.comms.mail.receiving.quoting import fresh
from steadyhand.comms.meetings.itip import take_reply
from steadyhand.comms.models import (
    Arrival,
    Attachment,
    Channel,
    Direction,
    Fate,
    Interaction,
    Mailbox,
    Message,
    MessageState,
    Reason,
)
from steadyhand.core import clock, files
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal

#: Where an interaction is known from when a mail that was received is filed.
SOURCE = "mail"

#: How long we remember mail that was dropped or left alone.
REMEMBERED = dt.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class _Stored:
    """A file that was kept, before its row is written."""

    name: str
    digest: str
    size: int
    mime_type: str


def receive(
    raw: bytes, *, by: Actor, envelope_to: Sequence[str] = (), mailbox: Mailbox | None = None
) -> Message | None:
    """Take a mail in; the message, where it stands with a client or waits to be filed, else None.

    `envelope_to` are the addresses it was delivered to, `mailbox` the one it was read from. A mail that
    came before changes nothing. What becomes of every mail is an `Arrival`, written with it at once; all
    that takes long comes before the transaction.
    """
    try:
        letter = read(raw)
    except Unreadable:
        _arrived(hashlib.sha256(raw).hexdigest(), Fate.DROPPED, mailbox, reason=Reason.BROKEN)
        return None
    known = _came_before(letter)
    if known is not None:
        return known.message
    try:
        return _taken_in(letter, [address.lower() for address in envelope_to], mailbox, by=by)
    except IntegrityError:
        known = _came_before(letter)  # another process was faster
        if known is None:
            raise
        return known.message


def _came_before(letter: Letter) -> Arrival | None:
    return Arrival.objects.filter(key=letter.key).select_related("message").first()


def _taken_in(
    letter: Letter, envelope_to: list[str], mailbox: Mailbox | None, *, by: Actor
) -> Message | None:
    if not is_ours_coming_back(letter) and (report := report_in(letter)) is not None:
        _reported(letter, report, mailbox, by=by)
        return None
    if letter.calendars and _answered(letter, mailbox, by=by):
        return None
    place = place_of(letter, envelope_to, mailbox)
    if not place.is_wanted:
        _leave_alone(letter, mailbox)
        return None
    if reason := why_dropped(letter, is_known=place.is_known):
        _arrived(letter.key, Fate.DROPPED, mailbox, reason=reason, sender=letter.sender)
        return None
    kept, left = sort_out(letter.parts)
    stored = [_Stored(f.name, files.put(f.content), len(f.content), f.mime_type) for f in kept]
    return _kept(letter, place, stored, left, mailbox, by=by)


@transaction.atomic
def _reported(letter: Letter, report: Report, mailbox: Mailbox | None, *, by: Actor) -> None:
    """It says that a mail of ours did not arrive, or not yet."""
    note_bounces(report, by=by)
    if report.is_final:
        _arrived(letter.key, Fate.BOUNCE, mailbox)
    else:
        _arrived(letter.key, Fate.DROPPED, mailbox, reason=Reason.AUTOMATIC)


@transaction.atomic
def _answered(letter: Letter, mailbox: Mailbox | None, *, by: Actor) -> bool:
    """Whether it answers an invitation of ours: then it stands at the meeting, and nowhere else."""
    for calendar in letter.calendars:
        try:
            if take_reply(calendar, letter.sender, by=by):
                _arrived(letter.key, Fate.ANSWER, mailbox, sender=letter.sender)
                return True
        except Refusal:
            continue  # no answer to us: it is mail like any other
    return False


def _leave_alone(letter: Letter, mailbox: Mailbox | None) -> None:
    """It concerns no client: of private mail we keep nothing but that we have seen it."""
    if mailbox is not None and mailbox.member_id is not None:
        _arrived(letter.key, Fate.LEFT, mailbox)
    else:
        _arrived(letter.key, Fate.DROPPED, mailbox, reason=Reason.UNWANTED, sender=letter.sender)


@transaction.atomic
def _kept(
    letter: Letter,
    place: Place,
    stored: list[_Stored],
    left: list[LeftOut],
    mailbox: Mailbox | None,
    *,
    by: Actor,
) -> Message:
    now = clock.now()
    answers = place.thread.answers if place.thread else None
    message = Message.objects.create(
        client=place.client,
        contact=place.contact,
        member=place.member or (answers.member if answers else None),
        direction=place.direction,
        state=_state(place),
        from_address=letter.sender,
        to=letter.to,
        copies=letter.copies,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        message_id=letter.message_id,
        in_reply_to=letter.in_reply_to,
        thread=place.thread.root if place.thread else (letter.references or [letter.message_id])[0],
        about_type=answers.about_type if answers else "",
        about_id=answers.about_id if answers else None,
        made_at=now,
        changed_at=now,
        at=letter.date,
    )
    Attachment.objects.bulk_create(
        Attachment(message=message, name=f.name, digest=f.digest, size=f.size, mime_type=f.mime_type)
        for f in stored
    )
    _arrived(
        letter.key,
        Fate.FILED if place.client else Fate.TRIAGE,
        mailbox,
        sender=letter.sender,
        sender_name=letter.sender_name,
        pictures=letter.pictures,
        left_out=[[f.name, f.why] for f in left],
        message=message,
    )
    if place.client is not None:
        message.interaction = logged(message, place.client, place.contact, by=by)
        message.save(update_fields=["interaction"])
    return message


def _state(place: Place) -> MessageState:
    if place.client is None:
        return MessageState.TRIAGE
    return MessageState.RECEIVED if place.direction == Direction.IN else MessageState.SENT


def logged(message: Message, client: Client, contact: Contact | None, *, by: Actor) -> Interaction:
    """The one interaction of a mail that is filed: on the day it was written, with what was new in it."""
    return log_interaction(
        client,
        Channel.EMAIL,
        by=by,
        at=message.at or clock.now(),
        contact=contact,
        member=message.member,
        direction=Direction(message.direction),
        summary=message.subject or "(no subject)",
        body=fresh(message.text),
        source=SOURCE,
    )


def _arrived(
    key: str,
    fate: Fate,
    mailbox: Mailbox | None,
    *,
    reason: Reason = Reason.NONE,
    sender: str = "",
    sender_name: str = "",
    pictures: int = 0,
    left_out: Sequence[Sequence[str]] = (),
    message: Message | None = None,
) -> Arrival:
    """Write down what became of a mail; of one that came twice at once, the database lets in the first."""
    values = {"at": clock.now(), "fate": fate, "reason": reason, "sender": sender, "sender_name": sender_name}
    values |= {"pictures": pictures, "left_out": list(left_out), "mailbox": mailbox, "message": message}
    if message is not None:
        return Arrival.objects.create(key=key, **values)
    return Arrival.objects.get_or_create(key=key, defaults=values)[0]


def forget_old_arrivals() -> int:
    """Forget what was dropped or left alone a quarter ago; how many. Mail that was kept stays known."""
    old = Arrival.objects.filter(message=None, at__lt=clock.now() - REMEMBERED)
    return old.delete()[0]
