"""The engine of forms, by property: conditions, versions, and what is kept as typed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyhand.onboarding.forms.engine import carried, counted, gaps, progress, shown
from steadyhand.onboarding.forms.values import (
    COLUMNS,
    Value,
    cell_name,
    host_of,
    number_of,
    problem,
    stamp,
    typed,
    words,
)
from steadyhand.playbook.content import shipped_content
from steadyhand.playbook.form_questions import TABLES, FieldKind, Form, FormQuestion

FEW = settings(max_examples=60, deadline=None)
SOME_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=30).map(str.strip)


@st.composite
def questions(draw: st.DrawFn, number: int, before: list[dict[str, Any]]) -> dict[str, Any]:
    kind = draw(st.sampled_from(list(FieldKind)))
    question: dict[str, Any] = {"key": f"q{number}", "text": "What?", "kind": kind}
    question["required"] = draw(st.booleans())
    if kind in (FieldKind.CHOICE, FieldKind.SEVERAL):
        question["options"] = ["red", "green", "blue"]
    if before and draw(st.booleans()):
        question["show_if"] = draw(st.sampled_from(before))["key"]
        question["show_when"] = draw(st.sampled_from([[], ["red"], ["yes"], ["red", "no"]]))
    return question


@st.composite
def forms(draw: st.DrawFn) -> Form:
    asked: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 7))):
        asked.append(draw(questions(number, asked)))
    cut = draw(st.integers(1, len(asked)))
    parts = [part for part in (asked[:cut], asked[cut:]) if part]
    sections = [{"key": f"s{n}", "title": "S", "questions": part} for n, part in enumerate(parts)]
    return Form.model_validate({"key": "f", "title": "F", "about": "Ours.", "sections": sections})


ROWS = st.lists(
    st.dictionaries(st.sampled_from(["name", "email", "website"]), SOME_TEXT.filter(bool), min_size=1),
    max_size=3,
)
VALUES: st.SearchStrategy[Value] = st.one_of(
    st.sampled_from(["", "yes", "no", "red", "12", "a@b.example", "shop.example", "2026-12-01"]),
    SOME_TEXT,
    st.lists(st.sampled_from(["red", "green", "mauve"]), unique=True),
    ROWS,
)


@st.composite
def filled(draw: st.DrawFn) -> tuple[Form, dict[str, Value]]:
    form = draw(forms())
    return form, {question.key: draw(VALUES) for question in form.questions if draw(st.booleans())}


@FEW
@given(filled())
def test_a_question_is_asked_exactly_when_its_condition_holds_and_its_question_is_asked(
    case: tuple[Form, dict[str, Value]],
) -> None:
    form, answers = case
    asked = shown(form, answers)
    for question in form.questions:
        before = answers.get(question.show_if, "")
        given_words = [before] if isinstance(before, str) else before
        holds = bool(before) and (not question.show_when or any(w in question.show_when for w in given_words))
        assert (question.key in asked) == (not question.show_if or (question.show_if in asked and holds))


@FEW
@given(filled())
def test_what_is_not_asked_is_never_in_the_way(case: tuple[Form, dict[str, Value]]) -> None:
    form, answers = case
    asked = shown(form, answers)
    assert {gap.question.key for gap in gaps(form, answers)} <= asked
    assert counted(form, answers).keys() <= asked


@FEW
@given(filled())
def test_progress_adds_up_over_the_sections(case: tuple[Form, dict[str, Value]]) -> None:
    form, answers = case
    whole = progress(form, answers)
    parts = [progress(form, answers, section.key) for section in form.sections]
    assert (whole.answered, whole.asked, whole.needed) == (
        sum(p.answered for p in parts),
        sum(p.asked for p in parts),
        sum(p.needed for p in parts),
    )
    assert whole.answered + whole.needed <= whole.asked
    assert whole.is_complete == (not gaps(form, answers))


@FEW
@given(filled(), forms())
def test_a_newer_version_loses_no_word_of_a_question_it_still_asks(
    case: tuple[Form, dict[str, Value]], newer: Form
) -> None:
    form, answers = case
    taken = carried(form, newer, answers)
    assert taken.keys() == {q.key for q in newer.questions if answers.get(q.key) and form.question(q.key)}
    for key, value in taken.items():
        before = form.question(key)
        assert before is not None
        assert _letters(words(before, answers[key])) in _letters(_flat(value)) or value == answers[key]


def _flat(value: Value) -> str:
    if isinstance(value, str):
        return value
    return ", ".join(one if isinstance(one, str) else " · ".join(one.values()) for one in value)


def _letters(text: str) -> str:
    return "".join(text.split())


@FEW
@given(filled())
def test_the_same_version_carries_everything_over_unchanged(case: tuple[Form, dict[str, Value]]) -> None:
    form, answers = case
    assert carried(form, form, answers) == {key: value for key, value in answers.items() if value}


@FEW
@given(filled())
def test_any_answer_has_words_and_at_most_one_problem_in_a_sentence(
    case: tuple[Form, dict[str, Value]],
) -> None:
    form, answers = case
    for question in form.questions:
        value = answers.get(question.key, "")
        if _fits(question, value):
            assert isinstance(words(question, value), str)
            assert not (sentence := problem(question, value)) or sentence.endswith(".")


def _fits(question: FormQuestion, value: Value) -> bool:
    if question.kind in TABLES:
        return not isinstance(value, str)
    return isinstance(value, str) or (
        question.kind is FieldKind.SEVERAL and all(isinstance(v, str) for v in value)
    )


@FEW
@given(st.lists(st.lists(SOME_TEXT, min_size=5, max_size=5), max_size=6))
def test_a_table_comes_back_from_what_a_browser_sends(cells: list[list[str]]) -> None:
    question = FormQuestion(key="who", text="Who?", kind=FieldKind.PEOPLE)
    columns = [column.name for column in COLUMNS[FieldKind.PEOPLE]]
    sent = {
        cell_name("who", n, name): cell
        for n, row in enumerate(cells)
        for name, cell in zip(columns, row, strict=True)
    }
    rows = [{name: cell for name, cell in zip(columns, row, strict=True) if cell} for row in cells]
    assert typed(question, sent, []) == [row for row in rows if row]


@FEW
@given(VALUES, VALUES)
def test_stamps_tell_values_apart(one: Value, other: Value) -> None:
    assert (stamp(one) == stamp(other)) == (one == other)


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        (FieldKind.EMAIL, "maya@halden.test", "maya@"),
        (FieldKind.PHONE, "+44 (0)20 7946 0182 ext 3", "ring me"),
        (FieldKind.WEB, "https://www.halden.test/shop?a=1", "our shop"),
        (FieldKind.NUMBER, "1,200", "some"),
        (FieldKind.MONEY, "£1,500.50", "£-5"),
        (FieldKind.DATE, "2027-02-28", "2027-02-30"),
        (FieldKind.YES_NO, "no", "perhaps"),
    ],
)
def test_each_kind_says_what_is_wrong(kind: FieldKind, right: str, wrong: str) -> None:
    question = FormQuestion(key="q", text="What?", kind=kind)
    assert problem(question, right) == ""
    assert problem(question, wrong).endswith(".")


def test_a_line_of_a_table_says_which_cell_is_wrong() -> None:
    people = FormQuestion(key="q", text="Who?", kind=FieldKind.PEOPLE)
    assert problem(people, [{"name": "Maya"}, {"email": "x@y.example"}]).startswith("Line 2 has no name")
    assert problem(people, [{"name": "Maya", "email": "maya@"}]).startswith("Line 1, e-mail: “maya@”")


@pytest.mark.parametrize(
    ("text", "host"),
    [("HTTPS://WWW.Halden.test:8000/x", "halden.test"), ("halden.test", "halden.test"), ("halden", "")],
)
def test_the_domain_of_an_address(text: str, host: str) -> None:
    assert host_of(text) == host


def test_numbers_are_read_as_people_write_them() -> None:
    assert [str(number_of(text)) for text in ("£1,500", "7 000", "3.5 %", "1,50", "x")] == [
        "1500",
        "7000",
        "3.5",
        "None",
        "None",
    ]


def test_the_shipped_form_asks_which_crm_only_where_there_is_one() -> None:
    form = next(form for form in shipped_content("base").forms if form.key == "onboarding")
    assert "which-crm" in shown(form, {"has-crm": "yes"}) and "leads-today" not in shown(
        form, {"has-crm": "yes"}
    )
    assert "which-crm" not in shown(form, {"has-crm": "no"}) and "leads-today" in shown(
        form, {"has-crm": "no"}
    )
    assert "crm-name" not in shown(form, {"has-crm": "no", "which-crm": "Another one"})
