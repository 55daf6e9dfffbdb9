"""“Let me find out”: a question we could not answer becomes a promise that closes with the answer (S10)."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

from django.db import transaction

from steadyhand.clients.models import Client, Contact
from steadyhand.commitments import keeping
from steadyhand.commitments.calendars import working_days
from steadyhand.commitments.keeping import NotYours, may_act_for
from steadyhand.commitments.kinds import OWED
from steadyhand.comms.models import Call, Channel, Meeting, OpenQuestion
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member
from steadyhand.playbook.texts import shrugs

#: What the promise is about, and the only evidence that keeps it.
ABOUT = "comms.openquestion"

#: Working days until the answer is due where nobody says another day.
ANSWER_WITHIN = 2


@transaction.atomic
def find_out(
    client: Client,
    text: str,
    *,
    by: Actor,
    owner: Member | None = None,
    due_on: dt.date | None = None,
    contact: Contact | None = None,
    call: Call | None = None,
    meeting: Meeting | None = None,
) -> OpenQuestion:
    """Promise to come back with an answer, by `due_on` (two working days on) in the client's zone."""
    _refuse_strangers(client.pk, by)
    if not text.strip():
        raise Refusal("Say what they asked.", remedy="Their question, in a line.", field="text")
    if contact is not None and contact.client_id != client.pk:
        raise Refusal(
            f"{contact.name} belongs to another client.", remedy="Choose their contact.", field="contact"
        )
    batch = uuid4()
    question = OpenQuestion.objects.create(
        client=client,
        contact=contact,
        text=text.strip()[:500],
        call=call,
        meeting=meeting,
        asked_at=clock.now(),
    )
    question.commitment = keeping.promise(
        client,
        f"Answer: {question.text}"[:200],
        by=by,
        owner=owner,
        due_on=due_on or working_days(client).add_working(clock.today(client.zone), ANSWER_WITHIN),
        about=(ABOUT, question.pk),
        closes_with=ABOUT,
        batch=batch,
    )
    question.save(update_fields=["commitment"])
    events.record(
        "question.asked",
        by=by,
        client_id=client.pk,
        subject=question,
        batch=batch,
        text=question.text,
        contact_id=contact.pk if contact else None,
    )
    return question


@transaction.atomic
def give_answer(
    question: OpenQuestion, answer: str, *, by: Actor, how: Channel, at: dt.datetime | None = None
) -> OpenQuestion:
    """They have heard it, at `at` (now); the promise is kept by it."""
    row = OpenQuestion.objects.select_for_update(of=("self",)).get(pk=question.pk)
    _refuse_strangers(row.client_id, by)
    if row.answered_at is not None or row.dropped_at is not None:
        raise Refusal("That question is closed already.")
    if not answer.strip():
        raise Refusal("Say what the answer was.", remedy="One sentence is enough.", field="answer")
    if shrugs(answer):
        raise Refusal("“I don’t know” is no answer.", remedy="Keep it open and move the day.", field="answer")
    at = at or clock.now()
    batch = uuid4()
    row.answer, row.answered_how, row.answered_at = answer.strip(), Channel(how), at
    row.save(update_fields=["answer", "answered_how", "answered_at"])
    if row.commitment is not None and row.commitment.state in OWED:
        keeping.complete(row.commitment, by=by, at=at, evidence=(ABOUT, row.pk), note=row.answer, batch=batch)
    events.record(
        "question.answered",
        by=by,
        client_id=row.client_id,
        subject=row,
        batch=batch,
        text=row.text,
        answer=row.answer,
    )
    return row


@transaction.atomic
def take_back_answer(question: OpenQuestion, *, by: Actor) -> OpenQuestion:
    """The answer was written down by mistake: the question is open and owed again."""
    row = OpenQuestion.objects.select_for_update(of=("self",)).get(pk=question.pk)
    _refuse_strangers(row.client_id, by)
    if row.answered_at is None:
        raise Refusal("That question has no answer yet.")
    batch = uuid4()
    row.answer, row.answered_how, row.answered_at = "", "", None
    row.save(update_fields=["answer", "answered_how", "answered_at"])
    if row.commitment is not None and row.commitment.state not in OWED:
        keeping.reopen(row.commitment, by=by, batch=batch)
    events.record(
        "question.reopened", by=by, client_id=row.client_id, subject=row, batch=batch, text=row.text
    )
    return row


@transaction.atomic
def drop_question(question: OpenQuestion, *, by: Actor, reason: str) -> OpenQuestion:
    """They no longer need to know, for a reason; the promise is waived with it."""
    row = OpenQuestion.objects.select_for_update(of=("self",)).get(pk=question.pk)
    _refuse_strangers(row.client_id, by)
    if row.answered_at is not None or row.dropped_at is not None:
        raise Refusal("That question is closed already.")
    batch = uuid4()
    row.dropped_at = clock.now()
    row.save(update_fields=["dropped_at"])
    if row.commitment is not None and row.commitment.state in OWED:
        keeping.waive(row.commitment, by=by, reason=reason, batch=batch)
    events.record(
        "question.dropped",
        by=by,
        client_id=row.client_id,
        subject=row,
        batch=batch,
        text=row.text,
        reason=reason.strip(),
    )
    return row


def _refuse_strangers(client_id: int, by: Actor) -> None:
    if not may_act_for(client_id, by):
        raise NotYours("You are not on that account team.", remedy="Ask their lead to put you on it.")
