"""Merge fields: the words in double braces that a text borrows from a client (MISSION B14).

Filling in is pure substitution. There are no filters, no conditions and no code; a value that itself
contains braces is copied as it stands. Text comes back unescaped: whoever puts it into HTML escapes it.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from steadyhand.core.refusals import Refusal

_FIELD = re.compile(r"\{\{(?P<name>[^{}]*)\}\}")
_STRAY = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")


@dataclass(frozen=True, slots=True)
class MergeField:
    name: str
    description: str
    example: str

    @property
    def tag(self) -> str:
        return f"{{{{ {self.name} }}}}"


@dataclass(frozen=True, slots=True)
class UnknownField:
    """A merge field that nobody can fill in. `name` is empty for braces that do not make a pair;
    `position` counts characters from 0; `nearest` is a known name, or empty when none is close."""

    name: str
    position: int
    nearest: str

    @property
    def sentence(self) -> str:
        if not self.name:
            return (
                f"There are stray braces at character {self.position + 1}; "
                "a merge field is written {{ client.name }}, with two braces on each side."
            )
        said = f"{{{{ {self.name} }}}} is not a merge field"
        if not self.nearest:
            return f"{said}; choose one from the list of merge fields or write the words out."
        return f"{said}; did you mean {{{{ {self.nearest} }}}}?"


class UnfilledText(Refusal):
    """A text cannot be filled in; the message says which fields and what to do."""


def _catalogue(*fields: tuple[str, str, str]) -> Mapping[str, MergeField]:
    return {name: MergeField(name, description, example) for name, description, example in fields}


MERGE_FIELDS: Mapping[str, MergeField] = _catalogue(
    ("contact.first_name", "First name of the person you are writing to.", "Priya"),
    ("contact.full_name", "Full name of the person you are writing to.", "Priya Raman"),
    ("contact.role", "What that person does at the client.", "Head of Marketing"),
    ("previous_contact.first_name", "First name of the contact who has handed over.", "Marcus"),
    ("client.name", "The client as you call them.", "Harrow & Finch"),
    ("client.industry", "The industry the client works in.", "garden furniture"),
    ("lead.first_name", "First name of the member who leads the client.", "Imogen"),
    ("lead.name", "Full name of the member who leads the client.", "Imogen Clarke"),
    ("lead.role", "That member's role, in words.", "Account Manager"),
    ("lead.phone", "That member's direct line.", "020 7946 0182"),
    ("lead.email", "That member's e-mail address.", "imogen@northfold.example"),
    ("winner.first_name", "First name of the member who won the client.", "Tom"),
    ("winner.name", "Full name of the member who won the client.", "Tom Adeyemi"),
    ("winner.role", "That member's role, in words.", "New Business Director"),
    ("winner.phone", "That member's direct line.", "020 7946 0117"),
    ("head.name", "The head of client services.", "Ruth Okafor"),
    ("head.phone", "The head of client services' direct line.", "020 7946 0103"),
    ("sponsor.name", "The client's executive sponsor.", "Daniel Voss"),
    ("sponsor.role", "The sponsor's role, in words.", "Managing Director"),
    ("sponsor.phone", "The sponsor's direct line.", "020 7946 0101"),
    ("agency.name", "Your agency.", "Northfold"),
    ("agency.address", "Where visitors find you.", "4 Tanner Street, London SE1"),
    ("engagement.start", "First day of the engagement.", "Tuesday 1 December 2026"),
    ("engagement.objective", "The written objective of the engagement.", "40 trade enquiries a month"),
    ("engagement.services", "The services bought, in words.", "SEO and paid search"),
    ("engagement.spend", "What the client invests, with its period.", "£2,400 a month"),
    ("plan.calls", "The calls the plan promises.", "a call every Tuesday at 10:00"),
    ("plan.reports", "The reports the plan promises.", "a report on the last working day of the month"),
    ("call_time.allowance", "Call time that goes with the spend each month (B4).", "1 hour 36 minutes"),
    ("call_time.used", "Call time used so far this month.", "50 minutes"),
    ("call_time.left", "Call time left this month.", "46 minutes"),
    ("call.date", "Day and time of the call in question.", "Tuesday 8 December, 10:00"),
    ("call.held", "Day of the call that has just been held.", "Tuesday 1 December 2026"),
    (
        "call.agreed",
        "What was agreed in that call, with owner and date, one a line.",
        "- Imogen: set up tracking, by Friday 4 December 2026\n"
        "- Priya: brand files, by Monday 7 December 2026",
    ),
    ("call.next", "When you speak again, as a sentence.", "We speak again on Tuesday 8 December, 10:00."),
    ("call.link", "Link or number for the call.", "https://meet.example/harrow"),
    (
        "kickoff.choices",
        "Dates offered for the client kickoff, one a line.",
        "Wed 2 December, 10:00\nThu 3 December, 14:00\nMon 7 December, 11:30",
    ),
    ("kickoff.date", "Day and time of the client kickoff.", "Wednesday 2 December, 10:00"),
    ("meeting.title", "What the meeting is called.", "Quarterly review"),
    ("meeting.date", "Day and time of the meeting.", "Thursday 14 January, 14:00"),
    ("meeting.place", "Where the meeting is, or its link.", "4 Tanner Street"),
    (
        "meeting.agreed",
        "What was agreed in the meeting, one point a line.",
        "Report on the last working day\nCalls by video",
    ),
    (
        "meeting.actions",
        "Actions with owner and date, one a line.",
        "Imogen: set up tracking, 4 December\nPriya: brand files, 7 December",
    ),
    ("request.text", "What you need from the client.", "the login for your website host"),
    ("request.due", "The day you need it by.", "Thursday 3 December"),
    ("question.text", "The question you promised to answer.", "why branded clicks fell in May"),
    ("question.due", "The day you promised the answer for.", "Friday 4 December"),
    (
        "escalation.path",
        "Who to turn to, in order, with response times.",
        "1. Imogen Clarke, same day\n2. Ruth Okafor, same day\n3. Daniel Voss, next day",
    ),
    ("sla.response_time", "How soon you answer a message (B11).", "within 4 working hours"),
    ("sla.turnaround", "How long usual work takes (B11).", "3 working days"),
    ("sla.sign_off", "How long the client has for a sign-off (B11).", "2 working days"),
    ("sla.working_hours", "When you can be reached (B11).", "Monday to Friday, 9:00 to 17:30"),
    ("agreement.begins", "The day the agreement begins to hold.", "Tuesday 1 December 2026"),
    ("agreement.term", "How long it holds, after “this agreement”.", "ends on Tuesday 30 November 2027"),
    ("agreement.notice", "How long ahead either side gives notice.", "30 days"),
    ("agreement.link", "Link to the draft agreement.", "https://northfold.example/a/7Q2"),
    ("onboarding_form.link", "Link to the onboarding form.", "https://northfold.example/f/3KD"),
    ("finance_form.link", "Link to the finance form.", "https://northfold.example/f/9TX"),
    ("value.invested", "What the client has invested over the period.", "£28,800 this year"),
    ("value.brought", "What that investment has brought.", "412 trade enquiries"),
    ("result.headline", "The result worth celebrating, in one line.", "enquiries are up 34% on May"),
)


def unknown_fields(text: str) -> list[UnknownField]:
    """Every merge field in `text` that is not in the catalogue, and every stray brace, in order of place."""
    unknown = []
    for match in _FIELD.finditer(text):
        name = match["name"].strip()
        if name not in MERGE_FIELDS:
            unknown.append(UnknownField(name, match.start(), _nearest(name)))
    blanked = _FIELD.sub(lambda match: " " * len(match[0]), text)
    unknown += [UnknownField("", match.start(), "") for match in _STRAY.finditer(blanked)]
    return sorted(unknown, key=lambda field: field.position)


def fields_used(text: str) -> tuple[str, ...]:
    """Names of the merge fields in `text`, each once, in order of first use."""
    return tuple(dict.fromkeys(match["name"].strip() for match in _FIELD.finditer(text)))


def render(text: str, values: Mapping[str, str]) -> str:
    """`text` with each merge field replaced by its value.

    Raises UnfilledText when a field is unknown, or has no value or a blank one.
    """
    if unknown := unknown_fields(text):
        raise UnfilledText(unknown[0].sentence)
    missing = [name for name in fields_used(text) if not values.get(name, "").strip()]
    if missing:
        wanted = ", ".join(MERGE_FIELDS[name].tag for name in missing)
        raise UnfilledText(
            f"There is nothing to put in for {wanted}.", remedy="Fill it in, or take it out of the text."
        )
    return _FIELD.sub(lambda match: values[match["name"].strip()], text)


def examples() -> dict[str, str]:
    """A value for every field, for showing a text before there is a client to write to."""
    return {field.name: field.example for field in MERGE_FIELDS.values()}


def _nearest(name: str) -> str:
    close = difflib.get_close_matches(name.lower(), MERGE_FIELDS, n=1, cutoff=0.5)
    return close[0] if close else ""
