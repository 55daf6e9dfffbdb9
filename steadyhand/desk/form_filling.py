"""A form as somebody at the client sees it: the sections open to them, field by field."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import prefetch_related_objects

from steadyhand.clients.models import Contact
from steadyhand.onboarding.forms.engine import Gap, Progress, gaps, progress, shown
from steadyhand.onboarding.forms.reading import answers_of, is_whole_for, open_sections
from steadyhand.onboarding.forms.returning import agreement, terms
from steadyhand.onboarding.forms.terms import Terms
from steadyhand.onboarding.forms.values import (
    COLUMNS,
    Column,
    Value,
    cell_name,
    is_empty,
    problem,
    stamp,
    words,
)
from steadyhand.onboarding.models import (
    AgreedTerms,
    AnswerSource,
    FormFile,
    HandedSection,
    OtherAnswer,
    SentForm,
)
from steadyhand.playbook.form_questions import TABLES, FieldKind, FormQuestion, FormSection

#: Empty lines offered in a table, and the fewest lines of one.
SPARE_LINES, FEWEST_LINES = 2, 3
INPUTS = {
    FieldKind.EMAIL: "email",
    FieldKind.PHONE: "tel",
    FieldKind.DATE: "date",
    FieldKind.WEB: "text",
}
KEYBOARDS = {FieldKind.NUMBER: "decimal", FieldKind.MONEY: "decimal", FieldKind.WEB: "url"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One input of a table."""

    name: str
    column: Column
    value: str


@dataclass(frozen=True, slots=True)
class OtherShown:
    """What somebody else wrote into the same field, in words."""

    pk: int
    by_name: str
    words: str


@dataclass(frozen=True, slots=True)
class Field:
    """A question with what stands in it, `hidden` while it is not asked."""

    question: FormQuestion
    value: Value
    hidden: bool = False
    missing: bool = False
    we_knew: bool = False
    by_name: str = ""
    others: tuple[OtherShown, ...] = ()
    files: tuple[FormFile, ...] = ()

    @property
    def base(self) -> str:
        """What whoever opens the page begins from."""
        return stamp(self.value)

    @property
    def problem(self) -> str:
        """What is wrong with what stands there."""
        if self.missing and is_empty(self.value):
            return "This is still to be answered."
        return problem(self.question, self.value)

    @property
    def words(self) -> str:
        """What stands there, in words."""
        return words(self.question, self.value)

    @property
    def template(self) -> str:
        """How its control is drawn."""
        kind = "table" if self.question.kind in TABLES else self.question.kind
        drawn = {"table", "long_text", "choice", "several", "yes_no", "files"}
        return f"portal/forms/controls/{kind if kind in drawn else 'text'}.html"

    @property
    def is_group(self) -> bool:
        """Whether it has several inputs under one legend."""
        return self.question.kind in TABLES or self.question.kind in (
            FieldKind.SEVERAL,
            FieldKind.YES_NO,
            FieldKind.FILES,
        )

    @property
    def input_type(self) -> str:
        """The type of a one-line input."""
        return INPUTS.get(self.question.kind, "text")

    @property
    def keyboard(self) -> str:
        """Which keys a phone shows."""
        return KEYBOARDS.get(self.question.kind, "")

    @property
    def lines(self) -> list[list[Cell]]:
        """The lines of a table, with empty ones to go on."""
        rows = [row for row in self.value if isinstance(row, dict)]
        count = max(len(rows) + SPARE_LINES, FEWEST_LINES)
        return [self.line(number, rows[number] if number < len(rows) else {}) for number in range(count)]

    @property
    def blank_line(self) -> list[Cell]:
        """A line to be copied; its number is put in for __."""
        return [
            Cell(f"{self.question.key}.__.{column.name}", column, "")
            for column in COLUMNS.get(self.question.kind, ())
        ]

    def line(self, number: int, row: dict[str, str]) -> list[Cell]:
        """One line of a table."""
        return [
            Cell(cell_name(self.question.key, number, column.name), column, row.get(column.name, ""))
            for column in COLUMNS[self.question.kind]
        ]


@dataclass(frozen=True, slots=True)
class Part:
    """A section on the first page of the form."""

    section: FormSection
    progress: Progress
    handed: tuple[HandedSection, ...] = ()


@dataclass(frozen=True)
class Filling:
    """The form for one contact. `whole` when it was sent to them; a colleague has `parts` of it only."""

    sent: SentForm
    contact: Contact
    whole: bool
    parts: list[Part]
    missing: list[Gap] = field(default_factory=list)
    disputed: list[tuple[FormSection, FormQuestion]] = field(default_factory=list)
    terms: Terms | None = None
    agreed: AgreedTerms | None = None
    colleagues: list[Contact] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        """Whether it can be sent back."""
        return not self.missing and not self.disputed and (self.terms is None or self.agreed is not None)

    @property
    def answered(self) -> int:
        """Answers so far, in what is open to them."""
        return sum(part.progress.answered for part in self.parts)

    @property
    def asked(self) -> int:
        """Questions that are asked, in what is open to them."""
        return sum(part.progress.asked for part in self.parts)


def form_for(sent: SentForm, contact: Contact) -> Filling:
    """Its first page: how far each section is, and what is still in the way. A fixed number of queries."""
    prefetch_related_objects([sent], "handed__contact")
    answers = answers_of(sent)
    whole = is_whole_for(sent, contact)
    handed = list(sent.handed.all())
    parts = [
        Part(
            section,
            progress(sent.form, answers, section.key),
            tuple(one for one in handed if whole and one.section_key == section.key),
        )
        for section in open_sections(sent, contact)
    ]
    if not whole:
        return Filling(sent, contact, whole, parts)
    waiting = set(sent.other_answers.filter(settled_at=None).values_list("question_key", flat=True))
    return Filling(
        sent,
        contact,
        whole,
        parts,
        missing=gaps(sent.form, answers),
        disputed=[(part, q) for part in sent.form.sections for q in part.questions if q.key in waiting],
        terms=terms(sent),
        agreed=agreement(sent),
        colleagues=list(
            sent.client.contacts.filter(left_on=None).exclude(pk=contact.pk).exclude(email="")[:50]
        ),
    )


def fields_of(sent: SentForm, section: FormSection, *, check: bool = False) -> list[Field]:
    """The fields of a section as they stand; with `check` what is needed and empty says so. Four queries."""
    answers = answers_of(sent)
    asked = shown(sent.form, answers)
    rows = {row.question_key: row for row in sent.answers.all()}
    others: dict[str, list[OtherAnswer]] = {}
    for other in sent.other_answers.filter(settled_at=None):
        others.setdefault(other.question_key, []).append(other)
    files: dict[str, list[FormFile]] = {}
    for file in sent.files.select_related("file"):
        files.setdefault(file.question_key, []).append(file)
    found = []
    for question in section.questions:
        row = rows.get(question.key)
        found.append(
            Field(
                question,
                answers.get(question.key, ""),
                hidden=question.key not in asked,
                missing=check and question.required,
                we_knew=row is not None and row.source == AnswerSource.KNOWN,
                by_name=row.by_name if row is not None else "",
                others=tuple(
                    OtherShown(one.pk, one.by_name, words(question, one.value))
                    for one in others.get(question.key, ())
                ),
                files=tuple(files.get(question.key, ())),
            )
        )
    return found
