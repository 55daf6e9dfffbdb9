"""Asking the playbook's questions and keeping what the client answered (B14, G1)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from steadyhand.clients.models import Client, Contact, Discovery
from steadyhand.clients.sources import Source, fields_of
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.playbook.content import Question
from steadyhand.playbook.models import Version

LONGEST = 5000


def questions() -> tuple[Question, ...]:
    """The question bank of the playbook in force; empty where there is none."""
    version = Version.live()
    return version.policy.content.questions if version else ()


def unknown_questions(client: Client) -> list[Question]:
    """What nobody has asked this client yet, or not had answered. One query."""
    answered = set(client.discovery.standing().values_list("question_key", flat=True))
    return [question for question in questions() if question.key not in answered]


@transaction.atomic
def answer_question(
    client: Client,
    key: str,
    answer: str,
    *,
    by: Actor,
    contact: Contact | None = None,
    at: dt.datetime | None = None,
    source: Source | None = None,
) -> Discovery:
    """Keep what the client said. It supersedes an earlier answer, which stays readable.

    `key` must be in the live playbook's question bank. Saying the same again changes nothing.
    """
    client = Client.objects.select_for_update().get(pk=client.pk)
    question = next((question for question in questions() if question.key == key), None)
    if question is None:
        raise Refusal(
            f"“{key}” is not a question of the playbook.",
            remedy="Choose one from its question bank.",
            field="question",
        )
    if not (answer := answer.strip()):
        raise Refusal("Write what they answered.", remedy="A few words are enough.", field="answer")
    if len(answer) > LONGEST:
        raise Refusal(f"That is longer than {LONGEST:,} characters.", remedy="Sum it up.", field="answer")
    if contact is not None and contact.client_id != client.pk:
        raise Refusal(f"{contact.name} is not at {client.name}.", field="contact")
    now = clock.now()
    moment = at or now
    if moment > now:
        raise Refusal("That moment is still to come.", remedy="Say when they answered.", field="at")
    standing = client.discovery.standing().filter(question_key=key).first()
    if standing is not None and standing.answer == answer and contact in (None, standing.contact):
        return standing
    if standing is not None:
        standing.until = now
        standing.save(update_fields=["until"])
    row = Discovery.objects.create(
        client=client,
        question_key=key,
        answer=answer,
        contact=contact,
        by_name=by.name,
        at=moment,
        supersedes=standing,
        **fields_of(source),
    )
    events.record(
        "client.discovered",
        by=by,
        client_id=client.pk,
        subject=row,
        question=question.text,
        again=bool(standing),
    )
    return row


@transaction.atomic
def take_back_answer(answer: Discovery, *, by: Actor) -> None:
    """It was not so: what it superseded stands again, else the question is unknown again."""
    Client.objects.select_for_update().get(pk=answer.client_id)
    answer = Discovery.objects.select_related("supersedes").get(pk=answer.pk)
    if answer.until is not None:
        raise Refusal("This answer was replaced since.", remedy="Look at the newer one.")
    answer.until = clock.now()
    answer.save(update_fields=["until"])
    if answer.supersedes is not None:
        Discovery.objects.filter(pk=answer.supersedes.pk).update(until=None)
    text = next((q.text for q in questions() if q.key == answer.question_key), "")
    events.record(
        "client.discovery_taken_back", by=by, client_id=answer.client_id, subject=answer, question=text
    )


def move_answers(keep: Client, husk: Client) -> None:
    """Part of a merge: of two answers to one question the later stands."""
    ours = {row.question_key: row for row in keep.discovery.standing()}
    for theirs in husk.discovery.standing():
        mine = ours.get(theirs.question_key)
        if mine is not None:
            older = mine if mine.at <= theirs.at else theirs
            older.until = clock.now()
            older.save(update_fields=["until"])
    husk.discovery.update(client=keep)
