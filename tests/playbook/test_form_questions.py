"""The forms of a playbook hold together, or say what does not."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from steadyhand.playbook.content import Content, shipped_content
from steadyhand.playbook.form_questions import FieldKind, Form, Readers


def form(*questions: dict[str, Any]) -> dict[str, Any]:
    section = {"key": "one", "title": "One", "questions": questions}
    return {"key": "f", "title": "F", "about": "Ours.", "sections": [section]}


@pytest.mark.parametrize("name", ["base", "framework", "concierge"])
def test_three_forms_ship_and_finance_reads_one_of_them(name: str) -> None:
    forms = {form.key: form.readers for form in shipped_content(name).forms}
    assert forms == {"onboarding": Readers.TEAM, "project": Readers.TEAM, "finance": Readers.FINANCE}


def test_the_onboarding_form_asks_what_o1_names() -> None:
    shipped = next(form for form in shipped_content("base").forms if form.key == "onboarding")
    targets = {question.maps_to for question in shipped.questions}
    assert {"client.domain", "people", "client.goals", "competitors", "channels"} <= targets
    assert shipped.agrees_terms and shipped.question("has-crm") is not None
    assert len(shipped.questions) > 2 * len(
        next(f for f in shipped_content("base").forms if f.key == "project").questions
    )


@pytest.mark.parametrize(
    ("questions", "sentence"),
    [
        ([{"key": "a", "text": "A?", "kind": "choice"}], "at least two options"),
        ([{"key": "a", "text": "A?", "options": ["x", "y"]}], "has options but takes text"),
        ([{"key": "a", "text": "A?", "kind": "choice", "options": ["x", "x"]}], "same option twice"),
        ([{"key": "a", "text": "A?", "show_when": ["x"]}], "show_when without show_if"),
        ([{"key": "a", "text": "A?", "show_if": "b"}], "not asked before it"),
        ([{"key": "a", "text": "A?"}, {"key": "a", "text": "B?"}], 'asks "a" twice'),
        ([{"key": "a", "text": "A?", "maps_to": "client.tier"}], "which no record has"),
        ([{"key": "a", "text": "A?", "maps_to": "people"}], "cannot map"),
        ([{"key": "a", "text": "Say I don't know?"}], "Promise to find out"),
    ],
)
def test_a_question_that_does_not_hold_is_refused_in_a_sentence(
    questions: list[dict[str, Any]], sentence: str
) -> None:
    with pytest.raises(ValidationError, match=sentence):
        Form.model_validate(form(*questions))


def test_an_answer_for_the_question_bank_needs_its_question() -> None:
    asks = form({"key": "a", "text": "A?", "maps_to": "discovery.nowhere"})
    with pytest.raises(ValidationError, match="not in the question bank"):
        Content.model_validate({"forms": [asks]})


def test_every_kind_can_be_asked() -> None:
    options = {"choice": ["x", "y"], "several": ["x", "y"]}
    questions = [
        {"key": kind.value.replace("_", "-"), "text": "What?", "kind": kind, "options": options.get(kind, [])}
        for kind in FieldKind
    ]
    assert len(Form.model_validate(form(*questions)).questions) == 15
