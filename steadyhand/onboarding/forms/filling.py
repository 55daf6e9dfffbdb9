"""Filling a form in, by several people at once: what anybody typed is kept (O1)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from steadyhand.clients.files import DOCUMENTS, FONTS, PICTURES, drop_file, keep_file
from steadyhand.clients.models import ClientFile, Contact
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.onboarding.forms.reading import (
    NotTheirs,
    audience_of,
    demand_open,
    locked_open,
    open_sections,
    writer,
)
from steadyhand.onboarding.forms.values import Value, is_empty, stamp
from steadyhand.onboarding.models import Answer, AnswerSource, FormFile, FormState, OtherAnswer, SentForm
from steadyhand.playbook.form_questions import FieldKind, FormQuestion

KINDS = DOCUMENTS | PICTURES | FONTS
MOST_FILES = 40
#: A page names itself with a random word of at most so many letters.
PAGE_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of typing: the standing value, and what waits beside it to be picked from."""

    value: Value
    others: tuple[OtherAnswer, ...] = ()


@transaction.atomic
def save_answer(sent: SentForm, key: str, value: Value, *, by: Actor, base: str, page: str = "") -> Saved:
    """Keep what a contact typed into one field, sound or not. `base` is the stamp of what they began from.

    Where somebody else wrote in the meantime both values stay, until one of them is picked. The same page
    (`page`) goes on with what it wrote itself. No event is recorded until the form is begun or returned.
    """
    row = locked_open(sent)
    contact = writer(row, by)
    question = _question(row, key, contact)
    if question.kind is FieldKind.FILES:
        raise Refusal("Files are added, not typed.", remedy="Choose a file.", field=key)
    standing = row.answers.filter(question_key=key).first()
    before: Value = standing.value if standing else ""
    if is_empty(before) and is_empty(value):
        return _saved(row, key, before)
    is_ours = standing is None or stamp(before) == base or bool(page and page == standing.page)
    if value == before:
        return _saved(row, key, before)
    if not is_ours and not is_empty(before):
        if not is_empty(value):
            _put_beside(row, question, value, page, contact)
        return _saved(row, key, before)
    _write(row, question, value, page, contact)
    _begin(row, by)
    return _saved(row, key, value)


@transaction.atomic
def pick_answer(other: OtherAnswer, *, by: Actor, keep_standing: bool = False) -> Saved:
    """Of two values in one field, let this one stand, or what stands; the other is kept as not picked."""
    row = locked_open(other.form)
    contact = writer(row, by)
    _question(row, other.question_key, contact)
    other = OtherAnswer.objects.select_for_update().get(pk=other.pk)
    if other.settled_at is not None:
        return _saved(row, other.question_key, _standing(row, other.question_key))
    if not keep_standing:
        standing = row.answers.get(question_key=other.question_key)
        picked, other.value = other.value, standing.value
        mine = (standing.page, standing.by_id, standing.by_name, standing.at)
        standing.value, standing.page = picked, other.page
        standing.by_id, standing.by_name, standing.at = other.by_id, other.by_name, other.at
        standing.source = AnswerSource.TYPED
        standing.save()
        other.page, other.by_id, other.by_name, other.at = mine
    other.settled_at, other.settled_by = clock.now(), contact.name
    other.save()
    events.record(
        "form.picked",
        by=by,
        client_id=row.client_id,
        subject=row,
        audience=audience_of(row),
        title=row.title,
    )
    return _saved(row, other.question_key, _standing(row, other.question_key))


def add_file(sent: SentForm, key: str, name: str, content: bytes, *, by: Actor) -> FormFile:
    """Add a brand file to an answer. Refuses, naming it, what is no document, picture or font.

    Call it outside a transaction: a scanner may be asked.
    """
    _demand_files(sent, key, writer(sent, by))
    kept = keep_file(sent.client, name, content, by=by, kinds=KINDS)
    try:
        return _put_in(sent, key, kept, by)
    except Refusal:
        drop_file(kept, by=by)
        raise


@transaction.atomic
def _put_in(sent: SentForm, key: str, kept: ClientFile, by: Actor) -> FormFile:
    row = locked_open(sent)
    contact = writer(row, by)
    _demand_files(row, key, contact)
    if row.files.filter(question_key=key).count() >= MOST_FILES:
        raise Refusal(f"There are {MOST_FILES} files here already.", remedy="Take one out first.")
    file = FormFile.objects.create(
        form=row, question_key=key, file=kept, at=clock.now(), by_name=contact.name
    )
    _begin(row, by)
    return file


@transaction.atomic
def remove_file(file: FormFile, *, by: Actor) -> None:
    """Take a file out again."""
    row = locked_open(file.form)
    _question(row, file.question_key, writer(row, by))
    drop_file(file.file, by=by)


def _demand_files(sent: SentForm, key: str, contact: Contact) -> None:
    demand_open(sent)
    if _question(sent, key, contact).kind is not FieldKind.FILES:
        raise Refusal("This question takes no files.", field=key)


def _question(sent: SentForm, key: str, contact: Contact) -> FormQuestion:
    for section in open_sections(sent, contact):
        for question in section.questions:
            if question.key == key:
                return question
    raise NotTheirs("That part of the form is not yours.", remedy="Ask whoever has it.", field=key)


def _write(row: SentForm, question: FormQuestion, value: Value, page: str, contact: Contact) -> None:
    Answer.objects.update_or_create(
        form=row,
        question_key=question.key,
        defaults={
            "value": value,
            "personal": question.is_personal,
            "source": AnswerSource.TYPED,
            "page": page[:PAGE_LENGTH],
            "at": clock.now(),
            "by_id": contact.pk,
            "by_name": contact.name,
        },
    )


def _put_beside(row: SentForm, question: FormQuestion, value: Value, page: str, contact: Contact) -> None:
    """One value waits for each page; the same value never twice."""
    waiting = row.other_answers.filter(question_key=question.key, settled_at=None)
    if any(other.value == value for other in waiting):
        return
    own = waiting.filter(page=page[:PAGE_LENGTH]).first() if page else None
    other = own or OtherAnswer(form=row, question_key=question.key, page=page[:PAGE_LENGTH])
    other.personal = question.is_personal
    other.value, other.at, other.by_id, other.by_name = value, clock.now(), contact.pk, contact.name
    other.save()


def _begin(row: SentForm, by: Actor) -> None:
    if row.state != FormState.SENT:
        return
    row.state, row.begun_at = FormState.BEGUN, clock.now()
    row.save(update_fields=["state", "begun_at"])
    events.record(
        "form.begun",
        by=by,
        client_id=row.client_id,
        subject=row,
        audience=audience_of(row),
        title=row.title,
    )


def _standing(row: SentForm, key: str) -> Value:
    found = row.answers.filter(question_key=key).first()
    return found.value if found else ""


def _saved(row: SentForm, key: str, value: Value) -> Saved:
    others = row.other_answers.filter(question_key=key, settled_at=None)
    return Saved(value, tuple(others))
