"""Phone first: what we need from a client starts as a call and is rung for until it is answered (S7)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

from django.db import transaction

from steadyhand.clients.models import Client, Contact
from steadyhand.commitments import keeping
from steadyhand.commitments.calendars import working_days
from steadyhand.commitments.keeping import NotYours, may_act_for
from steadyhand.commitments.kinds import OWED
from steadyhand.commitments.models import Commitment
from steadyhand.comms.interactions import log_interaction, remove_interactions
from steadyhand.comms.mail.writing import draft_message
from steadyhand.comms.models import Attempt, Channel, Chase, Direction, Message, MessageState, Outcome
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member

#: What the promise to try again is about, and the only evidence that keeps it.
ABOUT = "comms.chase"

#: The playbook's letter that follows a voicemail.
LETTER = "voicemail-follow-up"

#: Why the promise to ring again moves.
NEXT_ATTEMPT = "the next attempt"

#: Working days until the next attempt: ring again soon, give a voicemail or a person time to answer.
NEXT_AFTER = {Outcome.NO_ANSWER: 1, Outcome.VOICEMAIL: 2, Outcome.REACHED: 3}


@transaction.atomic
def ask_client(
    client: Client,
    text: str,
    *,
    by: Actor,
    owner: Member | None = None,
    contact: Contact | None = None,
    ring_on: dt.date | None = None,
    wanted_by: dt.date | None = None,
) -> Chase:
    """Ask a client for something, by telephone first: on `ring_on` (their next working day from today)."""
    _refuse_strangers(client.pk, by)
    if not text.strip():
        raise Refusal("Say what we need from them.", remedy="“the October lead list”", field="text")
    if contact is not None and contact.client_id != client.pk:
        raise Refusal(
            f"{contact.name} belongs to another client.", remedy="Choose their contact.", field="contact"
        )
    today = clock.today(client.zone)
    if wanted_by is not None and wanted_by < today:
        raise Refusal(f"{wanted_by:%d %B %Y} is over.", remedy="Choose a day to come.", field="wanted_by")
    batch = uuid4()
    chase = Chase.objects.create(
        client=client, contact=contact, text=text.strip()[:300], wanted_by=wanted_by, began_at=clock.now()
    )
    chase.commitment = keeping.promise(
        client,
        f"Ring {contact.name if contact else client.name} for {chase.text}"[:200],
        by=by,
        owner=owner,
        due_on=ring_on or working_days(client).next_working(today),
        about=(ABOUT, chase.pk),
        closes_with=ABOUT,
        batch=batch,
    )
    chase.save(update_fields=["commitment"])
    events.record(
        "chase.begun",
        by=by,
        client_id=client.pk,
        subject=chase,
        batch=batch,
        text=chase.text,
        contact_id=contact.pk if contact else None,
    )
    return chase


@transaction.atomic
def tried(
    chase: Chase,
    outcome: Outcome,
    *,
    by: Actor,
    member: Member | None = None,
    at: dt.datetime | None = None,
    note: str = "",
    next_on: dt.date | None = None,
) -> Attempt:
    """We rang, at `at` (now): logged as a call of ours, and the next attempt is dated `next_on`.

    Reaching somebody does not close the chase: their answer does.
    """
    row = _open(chase, by)
    at, batch = at or clock.now(), uuid4()
    if at > clock.now():
        raise Refusal("That is still to come.", remedy="Say how it went once you have rung.", field="at")
    outcome = Outcome(outcome)
    interaction = log_interaction(
        row.client,
        Channel.CALL,
        by=by,
        at=at,
        contact=row.contact,
        member=member,
        direction=Direction.OUT,
        summary=f"{outcome.label.capitalize()}, about {row.text}",
        body=note,
        outcome=str(outcome),
        source="chase",
        batch=batch,
    )
    before = row.commitment.due_on if row.commitment else None
    day = next_on or _next_day(row, outcome)
    _date_next(row.commitment, day, by=by, batch=batch)
    attempt = Attempt.objects.create(
        chase=row,
        member=member,
        at=at,
        outcome=outcome,
        note=note.strip(),
        next_on=day,
        interaction=interaction,
    )
    events.record(
        "chase.tried",
        by=by,
        client_id=row.client_id,
        subject=row,
        batch=batch,
        text=row.text,
        outcome=str(outcome),
        next_on=day,
        before=before,
    )
    return attempt


@transaction.atomic
def untry(attempt: Attempt, *, by: Actor) -> Attempt:
    """The latest attempt was written down by mistake: its call is struck out, the day before is back."""
    row = _open(attempt.chase, by)
    latest = row.attempts.filter(undone_at=None).order_by("at", "pk").last()
    if latest is None or latest.pk != attempt.pk:
        raise Refusal("Only the latest attempt can be taken back.")
    batch = uuid4()
    said, latest.interaction = latest.interaction, None
    made_at = said.made_at if said else latest.at
    latest.undone_at = clock.now()
    latest.save(update_fields=["undone_at", "interaction"])
    if said is not None:
        remove_interactions([said.pk], by=by, batch=batch)
    _undate(row.commitment, latest, made_at, by=by, batch=batch)
    events.record("chase.untried", by=by, client_id=row.client_id, subject=row, batch=batch, text=row.text)
    return latest


@transaction.atomic
def take_answer(
    chase: Chase, answer: str, *, by: Actor, how: Channel, at: dt.datetime | None = None
) -> Chase:
    """They gave us what we needed, at `at` (now): the thread is closed and its promise kept."""
    row = _open(chase, by)
    if not answer.strip():
        raise Refusal("Say what they answered.", remedy="One sentence is enough.", field="answer")
    at, batch = at or clock.now(), uuid4()
    row.answer, row.answered_how, row.answered_at = answer.strip(), Channel(how), at
    row.save(update_fields=["answer", "answered_how", "answered_at"])
    if row.commitment is not None and row.commitment.state in OWED:
        keeping.complete(row.commitment, by=by, at=at, evidence=(ABOUT, row.pk), note=row.answer, batch=batch)
    events.record(
        "chase.answered",
        by=by,
        client_id=row.client_id,
        subject=row,
        batch=batch,
        text=row.text,
        answer=row.answer,
    )
    return row


@transaction.atomic
def drop_chase(chase: Chase, *, by: Actor, reason: str) -> Chase:
    """We no longer need it, for a reason; the promise to ring again is waived with it."""
    row = _open(chase, by)
    if not reason.strip():
        raise Refusal("Say why we no longer need it.", field="reason")
    batch = uuid4()
    row.dropped_at = clock.now()
    row.save(update_fields=["dropped_at"])
    if row.commitment is not None and row.commitment.state in OWED:
        keeping.waive(row.commitment, by=by, reason=reason, batch=batch)
    events.record(
        "chase.dropped",
        by=by,
        client_id=row.client_id,
        subject=row,
        batch=batch,
        text=row.text,
        reason=reason.strip(),
    )
    return row


@transaction.atomic
def reopen_chase(chase: Chase, *, by: Actor) -> Chase:
    """The answer, or giving up, was written down by mistake: it is owed again."""
    row = (
        Chase.objects.select_for_update(of=("self",)).select_related("client", "commitment").get(pk=chase.pk)
    )
    _refuse_strangers(row.client_id, by)
    if row.answered_at is None and row.dropped_at is None:
        raise Refusal("That request is still open.")
    batch = uuid4()
    was_answered = row.answered_at is not None
    row.answer, row.answered_how, row.answered_at, row.dropped_at = "", "", None, None
    row.save(update_fields=["answer", "answered_how", "answered_at", "dropped_at"])
    if row.commitment is not None and row.commitment.state not in OWED:
        (keeping.reopen if was_answered else keeping.unwaive)(row.commitment, by=by, batch=batch)
    events.record("chase.reopened", by=by, client_id=row.client_id, subject=row, batch=batch, text=row.text)
    return row


@transaction.atomic
def draft_letter(chase: Chase, *, by: Actor, member: Member | None) -> Message:
    """The e-mail that says we rang and repeats the request, as a draft; the same one while it is not sent."""
    row = _open(chase, by)
    waiting = Message.objects.filter(about_type=ABOUT, about_id=row.pk, state=MessageState.DRAFT)
    found = waiting.order_by("-pk").first()
    if found is not None:
        return found
    day = row.wanted_by or (row.commitment.due_on if row.commitment else clock.today(row.client.zone))
    return draft_message(
        row.client,
        by=by,
        member=member,
        contact=row.contact,
        template=LETTER,
        about=(ABOUT, row.pk),
        fields={"request.text": row.text, "request.due": f"{day:%A} {day.day} {day:%B}"} | _signed(member),
    )


def _signed(member: Member | None) -> dict[str, str]:
    """Whoever rang signs, also where somebody else leads the client."""
    if member is None:
        return {}
    said = {
        "lead.name": member.name,
        "lead.first_name": member.name.split()[0],
        "lead.role": member.get_role_display(),
        "lead.email": member.email,
    }
    return said | ({"lead.phone": member.phone} if member.phone else {})


def _next_day(chase: Chase, outcome: Outcome) -> dt.date:
    days = working_days(chase.client)
    return days.add_working(clock.today(chase.client.zone), NEXT_AFTER[outcome])


def _date_next(row: Commitment | None, day: dt.date, *, by: Actor, batch: UUID) -> None:
    if row is not None and row.state in OWED and row.due_on != day:
        keeping.move(row, day, by=by, reason=NEXT_ATTEMPT, batch=batch)


def _undate(
    row: Commitment | None, attempt: Attempt, made_at: dt.datetime, *, by: Actor, batch: UUID
) -> None:
    """The day before the attempt is back, unless somebody has moved the promise since."""
    last = row.moves.filter(undone_at=None).first() if row else None
    ours = last is not None and last.note == NEXT_ATTEMPT and last.at >= made_at
    if row is not None and last is not None and ours and last.to_day == attempt.next_on:
        keeping.unmove(row, by=by, batch=batch)


def _open(chase: Chase, by: Actor) -> Chase:
    rows = Chase.objects.select_for_update(of=("self",)).select_related("client", "contact", "commitment")
    row = rows.get(pk=chase.pk)
    _refuse_strangers(row.client_id, by)
    if row.answered_at is not None or row.dropped_at is not None:
        raise Refusal("That request is closed already.", remedy="Open it again first.")
    return row


def _refuse_strangers(client_id: int, by: Actor) -> None:
    if not may_act_for(client_id, by):
        raise NotYours("You are not on that account team.", remedy="Ask their lead to put you on it.")
