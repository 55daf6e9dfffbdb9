"""Which questions of a form are asked, what is still missing, and what a newer version keeps. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from steadyhand.onboarding.forms.values import Value, is_empty, problem, words
from steadyhand.playbook.form_questions import TABLES, FieldKind, Form, FormQuestion, FormSection

Answers = Mapping[str, Value]
"""Question key → what was typed. A question that was not answered is missing, or empty."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of what is asked is answered soundly; `needed` what the form cannot be returned without."""

    answered: int
    asked: int
    needed: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether nothing that is needed is missing."""
        return not self.needed


@dataclass(frozen=True, slots=True)
class Gap:
    """Why a form cannot be returned yet: a question, where it stands, and what to do in a sentence."""

    section: FormSection
    question: FormQuestion
    sentence: str


def shown(form: Form, answers: Answers) -> frozenset[str]:
    """The keys of the questions that are asked, given these answers.

    What depends on a question that is not asked itself is not asked either.
    """
    asked: set[str] = set()
    for question in form.questions:  # a condition looks back, so one pass is enough
        if not question.show_if or (question.show_if in asked and _holds(question, answers)):
            asked.add(question.key)
    return frozenset(asked)


def _holds(question: FormQuestion, answers: Answers) -> bool:
    value = answers.get(question.show_if, "")
    if is_empty(value):
        return False
    if not question.show_when:
        return True
    given = [value] if isinstance(value, str) else [one for one in value if isinstance(one, str)]
    return any(one in question.show_when for one in given)


def gaps(form: Form, answers: Answers) -> list[Gap]:
    """Everything between these answers and a form that can be returned, in the order of the page.

    A question that is not asked is never in the way, whatever stands in it.
    """
    asked = shown(form, answers)
    found = []
    for section in form.sections:
        for question in section.questions:
            if question.key not in asked:
                continue
            value = answers.get(question.key, "")
            if is_empty(value):
                if question.required:
                    found.append(Gap(section, question, "This is still to be answered."))
            elif sentence := problem(question, value):
                found.append(Gap(section, question, sentence))
    return found


def progress(form: Form, answers: Answers, section: str = "") -> Progress:
    """How far the form, or one of its sections, is."""
    asked = shown(form, answers)
    questions = [
        question
        for part in form.sections
        if section in ("", part.key)
        for question in part.questions
        if question.key in asked
    ]
    missing = {gap.question.key for gap in gaps(form, answers)}
    answered = [
        question
        for question in questions
        if question.key not in missing and not is_empty(answers.get(question.key, ""))
    ]
    return Progress(len(answered), len(questions), len([q for q in questions if q.key in missing]))


def counted(form: Form, answers: Answers) -> dict[str, Value]:
    """The answers that count: to questions that are asked, and not empty."""
    asked = shown(form, answers)
    return {
        question.key: answers[question.key]
        for question in form.questions
        if question.key in asked and not is_empty(answers.get(question.key, ""))
    }


def carried(old: Form, new: Form, answers: Answers) -> dict[str, Value]:
    """The answers as a newer version of the form takes them over, by the question's key.

    An answer keeps its shape where the new question takes it, else it is carried over as words, for its
    author to look at again. Answers to questions that are gone are not in the result.
    """
    taken: dict[str, Value] = {}
    for question in new.questions:
        before = old.question(question.key)
        value = answers.get(question.key, "")
        if before is None or is_empty(value):
            continue
        taken[question.key] = fitted(before, question, value)
    return taken


def fitted(before: FormQuestion, after: FormQuestion, value: Value) -> Value:
    """One answer in the shape that another question takes; words are never dropped."""
    if _shape(before) == _shape(after):
        return value
    text = words(before, value)
    if after.kind in TABLES:
        return [{"name": text[:500]}] if len(text) <= 500 else text
    if after.kind is FieldKind.SEVERAL and isinstance(value, str):
        return [value]
    return text


def _shape(question: FormQuestion) -> str:
    if question.kind in TABLES:
        return str(question.kind)
    return "list" if question.kind is FieldKind.SEVERAL else "text"
