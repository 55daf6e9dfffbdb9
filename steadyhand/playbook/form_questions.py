"""The forms a client fills in: sections, questions, conditions, and where each answer goes (MISSION O1, O2).

A question's key outlives versions of the playbook: a newer version of a form finds the answers to the older
one by it. Which answers are sound is decided in `onboarding.forms`; here stands what is asked.
"""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from steadyhand.playbook.texts import Entry, Key, MaySay, Note, Part, Spoken, Text


class FieldKind(StrEnum):
    """What sort of answer a question takes."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    SEVERAL = "several"
    YES_NO = "yes_no"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    EMAIL = "email"
    PHONE = "phone"
    WEB = "web"
    PEOPLE = "people"
    CHANNELS = "channels"
    COMPETITORS = "competitors"
    FILES = "files"


class Readers(StrEnum):
    """Who at the agency reads the answers of a form."""

    TEAM = "team"
    FINANCE = "finance"


#: Kinds with choices.
WITH_OPTIONS = frozenset({FieldKind.CHOICE, FieldKind.SEVERAL})
#: Kinds whose answer is rows with columns.
TABLES = frozenset({FieldKind.PEOPLE, FieldKind.CHANNELS, FieldKind.COMPETITORS})

#: Where an answer goes once the account manager takes it over; `discovery.` goes on with a question's key.
CLIENT_FIELDS = ("domain", "website", "phone", "industry", "business", "goals")
PERSONAL_KINDS = ("interest", "speaking", "deciding", "bad_news", "other")
INVOICING_FIELDS = (
    "legal_name",
    "company_number",
    "vat_number",
    "address",
    "email",
    "contact_name",
    "phone",
    "purchase_orders",
    "payment",
    "notes",
)
TARGETS = frozenset(
    [
        *(kind.value for kind in TABLES),
        "crm.exists",
        "crm.name",
        *(f"client.{name}" for name in CLIENT_FIELDS),
        *(f"personal.{name}" for name in PERSONAL_KINDS),
        *(f"invoicing.{name}" for name in INVOICING_FIELDS),
    ]
)
Target = Annotated[str, StringConstraints(pattern=r"^([a-z_]+(\.[a-z0-9_-]+)?)?$", max_length=80)]


class FormQuestion(Part):
    """One question. It is shown when `show_if`, another question of the form, is answered: with one of
    `show_when` where that names answers, else with anything. `maps_to` is where the answer goes."""

    key: Key
    text: Spoken
    kind: FieldKind = FieldKind.TEXT
    hint: MaySay = ""
    required: bool = False
    options: tuple[Text, ...] = ()
    show_if: Note = ""
    show_when: tuple[Text, ...] = ()
    maps_to: Target = ""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.kind in WITH_OPTIONS and len(self.options) < 2:
            raise ValueError(f'Question "{self.key}" needs at least two options to choose from.')
        if self.kind not in WITH_OPTIONS and self.options:
            raise ValueError(
                f'Question "{self.key}" has options but takes {self.kind}. Make it a choice, or drop them.'
            )
        if len(set(self.options)) < len(self.options):
            raise ValueError(f'Question "{self.key}" has the same option twice.')
        if self.show_when and not self.show_if:
            raise ValueError(f'Question "{self.key}" says show_when without show_if. Name the question.')
        is_known = self.maps_to in TARGETS or self.maps_to.startswith("discovery.") or not self.maps_to
        if not is_known:
            raise ValueError(f'Question "{self.key}" maps to "{self.maps_to}", which no record has.')
        if (self.kind in TABLES or self.maps_to in TABLES) and self.maps_to not in ("", self.kind):
            raise ValueError(f'Question "{self.key}" takes {self.kind} and cannot map to "{self.maps_to}".')
        return self

    @property
    def is_personal(self) -> bool:
        """Whether the answer says how a person likes to be dealt with: for the account team alone (S6)."""
        return self.maps_to.startswith("personal.")


class FormSection(Part):
    """A part of a form that one person fills in at a sitting, and that can be handed to a colleague."""

    key: Key
    title: Text
    about: MaySay = ""
    questions: tuple[FormQuestion, ...] = Field(min_length=1)


class Form(Entry):
    """A form for a client. `readers` says who here reads the answers; `agrees_terms` that whoever returns it
    has agreed to how we work together (turnaround, sign-off, working hours, response times)."""

    title: Text
    about: Spoken
    readers: Readers = Readers.TEAM
    agrees_terms: bool = False
    sections: tuple[FormSection, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _questions_find_each_other(self) -> Self:
        if len({section.key for section in self.sections}) < len(self.sections):
            raise ValueError(f'Form "{self.key}" has two sections with one key. Rename one.')
        before: dict[str, FormQuestion] = {}
        for question in self.questions:
            if question.key in before:
                raise ValueError(
                    f'Form "{self.key}" asks "{question.key}" twice. Take one out, or give it another key.'
                )
            if question.show_if and question.show_if not in before:
                raise ValueError(
                    f'Form "{self.key}", question "{question.key}" depends on "{question.show_if}", '
                    "which is not asked before it."
                )
            if self.readers is Readers.FINANCE and question.kind is FieldKind.FILES:
                raise ValueError(
                    f'Form "{self.key}", question "{question.key}": files are seen by the account team, so a '
                    "form for finance takes none. Ask for words."
                )
            before[question.key] = question
        return self

    @property
    def questions(self) -> tuple[FormQuestion, ...]:
        """All of them, in the order of the page."""
        return tuple(question for section in self.sections for question in section.questions)

    def section(self, key: str) -> FormSection | None:
        """The section with this key, or None."""
        return next((section for section in self.sections if section.key == key), None)

    def question(self, key: str) -> FormQuestion | None:
        """The question with this key, or None."""
        return next((question for question in self.questions if question.key == key), None)
