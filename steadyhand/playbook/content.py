"""What a playbook says in words: questions, agendas, letters, talk tracks, checklists (MISSION B13 to B17).

Every entry has a key that outlives versions of the playbook. Entries are frozen; a text may borrow from a
client through merge fields, which are checked when the entry is made. No field is ever null, so that
content writes to TOML and comes back equal.
"""

import difflib
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from steadyhand.playbook.form_questions import Form
from steadyhand.playbook.texts import Entry, Key, MaySay, Minutes, Note, Part, Spoken, Text, noun_of

_SHIPPED = Path(__file__).parent / "shipped" / "content"


class Role(StrEnum):
    """Who in the agency leads, attends or does something (MISSION P1, F1)."""

    ACCOUNT_EXECUTIVE = "account_executive"
    ACCOUNT_MANAGER = "account_manager"
    SENIOR_ACCOUNT_MANAGER = "senior_account_manager"
    ACCOUNT_DIRECTOR = "account_director"
    HEAD_OF_CLIENT_SERVICES = "head_of_client_services"
    EXECUTIVE_SPONSOR = "executive_sponsor"
    MANAGING_DIRECTOR = "managing_director"
    NEW_BUSINESS = "new_business"
    HEAD_OF_STRATEGY = "head_of_strategy"
    HEAD_OF_OPERATIONS = "head_of_operations"
    OPERATIONS_SUPPORT = "operations_support"
    DEPARTMENT_LEAD = "department_lead"
    DELIVERABLE_MANAGER = "deliverable_manager"
    FINANCE = "finance"
    ADMINISTRATOR = "administrator"


class Audience(StrEnum):
    INTERNAL = "internal"
    CLIENT = "client"


class Repeat(StrEnum):
    """How often an expectation is said again while it applies (B13)."""

    ONCE = "once"
    MONTHLY = "monthly"
    EVERY_CALL = "every_call"


class QuestionKind(StrEnum):
    DISCOVERY = "discovery"
    GOALS = "goals"
    COMMERCIAL = "commercial"


class Rhythm(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Evidence(StrEnum):
    """Where the product shows that the service standard was kept (B17: R7, S6, S18)."""

    DIPS = "dips"
    PERSONAL_DETAILS = "personal_details"
    INTRODUCTIONS = "introductions"
    INSIGHTS = "insights"


class Expectation(Entry):
    """Something a client must have heard from us, and when (B13). Months count from the engagement's
    start, the first being 1; `until_month` 0 means for as long as the engagement runs. `channel` limits it to
    clients who buy that channel."""

    title: Text
    say: Spoken
    when: Text
    repeat: Repeat
    from_month: Annotated[int, Field(ge=1)] = 1
    until_month: Annotated[int, Field(ge=0)] = 0
    channel: Note = ""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until_month and self.until_month < self.from_month:
            raise ValueError(
                f'Expectation "{self.key}" ends in month {self.until_month}, before month {self.from_month} '
                "in which it begins. Make until_month later, or 0 for no end."
            )
        return self

    def applies_in(self, month: int) -> bool:
        """Whether it is due to be said in this month of the engagement, the first being 1."""
        return self.from_month <= month and (not self.until_month or month <= self.until_month)


class Question(Entry):
    """A question of the bank (G2), with why we ask it."""

    kind: QuestionKind
    group: Text
    text: Spoken
    purpose: Text


class RatingQuestion(Entry):
    """One of the monthly questions answered from 1 (poor) to 5 (excellent) (L2)."""

    label: Text
    question: Spoken


class CallPart(Entry):
    """One part of the call structure (S5)."""

    title: Text
    aim: Text
    prompts: tuple[Text, ...] = Field(min_length=1)


class AgendaItem(Part):
    """`notes` are for whoever leads, also on an agenda for a client, who is shown titles and minutes only."""

    title: Text
    notes: Text
    minutes: Minutes = 0


class Agenda(Entry):
    title: Text
    purpose: Text
    led_by: Role
    attends: tuple[Role, ...] = ()
    audience: Audience
    items: tuple[AgendaItem, ...] = Field(min_length=1)

    @property
    def minutes(self) -> int:
        return sum(item.minutes for item in self.items)


class Letter(Entry):
    """An e-mail template. Letters of one `family` answer the same moment; `variant` tells them apart."""

    title: Text
    family: Key
    variant: Note = ""
    audience: Audience
    sent_by: Role
    subject: Spoken
    body: Spoken


class TalkStep(Part):
    """A step of a talk track: what to do, and words to do it with where words help."""

    title: Text
    notes: Text
    say: MaySay = ""


class PromptGroup(Part):
    """Things to name aloud, such as the trades that jog a memory (G7)."""

    title: Text
    prompts: tuple[Text, ...] = Field(min_length=1)


class TalkTrack(Entry):
    title: Text
    use_when: Text
    steps: tuple[TalkStep, ...] = Field(min_length=1)
    prompt_groups: tuple[PromptGroup, ...] = ()


class Checklist(Entry):
    title: Text
    use_when: Text
    items: tuple[Text, ...] = Field(min_length=1)


class ServiceStandardExample(Entry):
    """What great service looks like, and where the product shows that it happened (B17)."""

    title: Text
    text: Text
    evidence: Evidence


class AdoptionStep(Entry):
    """A step by which an agency takes the framework on (B15). `after` names steps to finish first."""

    number: Annotated[int, Field(ge=1)]
    title: Text
    done_when: Text
    after: tuple[Key, ...] = ()


class RoutineItem(Entry):
    """A duty that comes back by itself, by role (S12)."""

    title: Text
    rhythm: Rhythm
    roles: tuple[Role, ...] = Field(min_length=1)
    notes: Text
    steps: tuple[Text, ...] = ()


class Content(Part):
    """All the words of one playbook. Keys are unique within each section; order is the order of pages."""

    expectations: tuple[Expectation, ...] = ()
    questions: tuple[Question, ...] = ()
    rating_questions: tuple[RatingQuestion, ...] = ()
    call_structure: tuple[CallPart, ...] = ()
    agendas: tuple[Agenda, ...] = ()
    letters: tuple[Letter, ...] = ()
    talk_tracks: tuple[TalkTrack, ...] = ()
    checklists: tuple[Checklist, ...] = ()
    service_standard: tuple[ServiceStandardExample, ...] = ()
    adoption_steps: tuple[AdoptionStep, ...] = ()
    routines: tuple[RoutineItem, ...] = ()
    forms: tuple[Form, ...] = ()

    @model_validator(mode="after")
    def _keys_are_unique(self) -> Self:
        for section in SECTIONS:
            seen = set()
            for entry in getattr(self, section):
                if entry.key in seen:
                    noun = noun_of(type(entry)).lower()
                    raise ValueError(
                        f'Two entries of {section} share the key "{entry.key}". Rename one {noun}.'
                    )
                seen.add(entry.key)
        return self

    @model_validator(mode="after")
    def _steps_follow_known_steps(self) -> Self:
        known = {step.key for step in self.adoption_steps}
        for step in self.adoption_steps:
            for key in step.after:
                if key not in known:
                    raise ValueError(f'Adoption step "{step.key}" follows "{key}", which is not a step.')
        return self

    @model_validator(mode="after")
    def _forms_fill_known_questions(self) -> Self:
        known = {question.key for question in self.questions}
        for form in self.forms:
            for question in form.questions:
                room, _, key = question.maps_to.partition(".")
                if room == "discovery" and key not in known:
                    raise ValueError(
                        f'Form "{form.key}", question "{question.key}" answers "{key}", which is not in the '
                        "question bank. Add it there, or clear maps_to."
                    )
        return self

    def entry(self, section: str, key: str) -> Entry:
        """The entry with this key. Raises KeyError when the section or the key is unknown."""
        return _keyed(self, section)[key]


SECTIONS: tuple[str, ...] = tuple(Content.model_fields)


class ContentPatch(Content):
    """What an extending playbook says about its base's content. An entry whose key the base has replaces
    it whole, where it stands; another is appended. `remove` drops entries, each named "section.key"."""

    remove: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _steps_follow_known_steps(self) -> Self:
        return self  # the base may hold the step that is followed; `merge` checks the result

    @model_validator(mode="after")
    def _forms_fill_known_questions(self) -> Self:
        return self  # likewise the question that is answered


def merge(base: Content, patch: ContentPatch | Mapping[str, Any]) -> Content:
    """`base` with `patch` laid over it.

    Raises ValueError (pydantic's ValidationError is one) with a sentence for what cannot be: removing what
    is not there, removing and replacing one entry, unsound entries.
    """
    if not isinstance(patch, ContentPatch):
        patch = ContentPatch.model_validate(patch)
    sections = {section: _keyed(base, section) for section in SECTIONS}
    for name in patch.remove:
        section, _, key = name.partition(".")
        if section not in sections or key not in sections[section]:
            raise ValueError(
                f'"{name}" cannot be removed: the base has no such entry.{_hint(name, sections)}'
            )
        if key in _keyed(patch, section):
            raise ValueError(f'"{name}" is both removed and replaced. Keep one of the two.')
        del sections[section][key]
    for section, entries in sections.items():
        entries.update(_keyed(patch, section))
    return Content.model_validate({section: tuple(entries.values()) for section, entries in sections.items()})


@lru_cache
def shipped_content(name: str) -> Content:
    """The content that ships with a playbook: "base", "framework" or "concierge"."""
    base = Content.model_validate(_read("base"))
    return base if name == "base" else merge(base, _read(name))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_SHIPPED / f"{name}.toml").read_text(encoding="utf-8"))


def _keyed(content: Content, section: str) -> dict[str, Entry]:
    if section not in SECTIONS:
        raise KeyError(section)
    return {entry.key: entry for entry in getattr(content, section)}


def _hint(name: str, sections: Mapping[str, Mapping[str, Entry]]) -> str:
    known = [f"{section}.{key}" for section, entries in sections.items() for key in entries]
    close = difflib.get_close_matches(name, known, n=1)
    return f' Did you mean "{close[0]}"?' if close else ' Write it as "section.key".'
