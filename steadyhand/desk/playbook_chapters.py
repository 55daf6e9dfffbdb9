"""The playbook chapter by chapter, as people read it: matrices, duties, budgets, letters filled in.

Pure: a policy goes in, what a page shows comes out. `parts` of a chapter are the dotted paths of the
policy that it shows and that its form edits; together the chapters hold all of a playbook.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from steadyhand.playbook.bands import Band, band_words, edges, money
from steadyhand.playbook.content import AdoptionStep, Agenda, Letter, Role, RoutineItem
from steadyhand.playbook.matrices import Once, ProjectBand, Repeated, RetainerBand, Soon
from steadyhand.playbook.merge_fields import MERGE_FIELDS, examples, fields_used
from steadyhand.playbook.new_business import PitchQuestion, TimePrice
from steadyhand.playbook.policy import Policy, Pot, Propensity
from steadyhand.playbook.responsibilities import Responsibility

AGREED = "agreed with each client"
USUAL_DAY = "last working day"
_FIELD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter: its address, its name on the tab, and the parts of the policy it holds."""

    slug: str
    label: str
    parts: tuple[str, ...]
    about: str


CHAPTERS = (
    Chapter(
        "rhythm",
        "Rhythm",
        (
            "retainer_matrix",
            "project_matrix",
            "dashboard",
            "plan_agreement",
            "review",
            "feedback",
            "upsell_review",
        ),
        "How often each client hears from us.",
    ),
    Chapter("tiers", "Tiers", ("tiers", "responsibilities", "role_shares"), "Who leads, and who does what."),
    Chapter(
        "allowances",
        "Allowances",
        ("call_allowance", "entertainment", "surprise_pot", "paid_search"),
        "What spend buys in call time and in attention.",
    ),
    Chapter(
        "first-month",
        "First month",
        ("first_month", "service_levels", "meeting_in_person"),
        "How we start, how quick we are, when we meet.",
    ),
    Chapter(
        "new-business",
        "New business",
        ("new_business",),
        "Whether we pitch, who joins, and what looking after them costs.",
    ),
    Chapter("say", "What we say", ("content.expectations",), "What a client must have heard from us."),
    Chapter(
        "ask",
        "What we ask",
        ("content.questions", "content.rating_questions", "content.call_structure"),
        "Questions for calls, and how a call runs.",
    ),
    Chapter("agendas", "Agendas", ("content.agendas",), "What each meeting goes through."),
    Chapter("letters", "Letters", ("content.letters",), "E-mails we send, with examples filled in."),
    Chapter(
        "talk-tracks",
        "Talk tracks",
        ("content.talk_tracks", "content.checklists"),
        "What to do and say when it gets hard, and what to tick off.",
    ),
    Chapter("forms", "Forms", ("content.forms",), "What a new client is asked to fill in."),
    Chapter("routines", "Routines", ("content.routines",), "What comes back by itself, by role."),
    Chapter(
        "standard",
        "Standard",
        ("content.service_standard", "content.adoption_steps"),
        "What great service looks like, and the steps that get us there.",
    ),
)
BY_SLUG = {chapter.slug: chapter for chapter in CHAPTERS}


class Cell(NamedTuple):
    """A cell of a matrix as `{% bands %}` draws it; `was` is what it replaces, `rows` its height."""

    text: str
    was: str = ""
    rows: int = 0


class Row(NamedTuple):
    """A line of a matrix."""

    label: str
    cells: list[Cell]


class Grid(NamedTuple):
    """A matrix: bands across, subjects down."""

    columns: list[str]
    rows: list[Row]
    caption: str = ""


def compose(slug: str, policy: Policy, before: Policy | None = None) -> dict[str, Any]:
    """What the chapter's page shows beside the policy itself; `before` marks what a draft changes."""
    parts: dict[str, Callable[[], dict[str, Any]]] = {
        "rhythm": lambda: {
            "retainers": retainers(policy, before),
            "projects": projects(policy, before),
            "others": others(policy),
        },
        "tiers": lambda: {"tiers": tiers(policy), "duties": duties(policy), "shares": shares(policy)},
        "allowances": lambda: {
            "call_time": call_time(policy),
            "entertainment": entertainment(policy),
            "paid_search": paid_search(policy),
        },
        "first-month": lambda: {
            "in_person_from": money(policy.meeting_in_person.from_spend, policy.currency)
        },
        "new-business": lambda: {
            "weights": pitch_weights(policy),
            "prices": time_prices(policy),
            "join_from": money(policy.new_business.join_pitch_from, policy.currency),
            "join_from_project": money(policy.new_business.join_pitch_from_project, policy.currency),
        },
        "ask": lambda: {"questions": _grouped(policy.content.questions, lambda q: (q.kind.value, q.group))},
        "agendas": lambda: {"agendas": [(agenda, who_attends(agenda)) for agenda in policy.content.agendas]},
        "letters": lambda: {"letters": [letter_shown(letter) for letter in policy.content.letters]},
        "routines": lambda: {"rhythms": _grouped(routines(policy), lambda pair: pair[0].rhythm.value)},
        "standard": lambda: {"steps": adoption_steps(policy)},
    }
    return parts.get(slug, dict)()


def retainers(policy: Policy, before: Policy | None = None) -> Grid:
    """Calls, reports and dashboard by monthly spend (B2)."""
    lines: list[tuple[str, Callable[[RetainerBand], str]]] = [
        ("Calls", lambda band: repeated_words(band.call)),
        ("Reports", lambda band: repeated_words(band.report)),
        ("Live dashboard", lambda band: "yes" if band.dashboard else ""),
    ]
    old = before.retainer_matrix if before else None
    return _matrix(policy.retainer_matrix, old, lines, policy.currency)


def projects(policy: Policy, before: Policy | None = None) -> Grid:
    """What a project gets, by its value (B3)."""
    lines: list[tuple[str, Callable[[ProjectBand], str]]] = [
        ("Opening call", lambda band: once_words(band.opening_call)),
        ("Set-up", lambda band: once_words(band.setup)),
        ("Calls", lambda band: repeated_words(band.call)),
        ("Closing report", lambda band: once_words(band.closing_report)),
    ]
    old = before.project_matrix if before else None
    return _matrix(policy.project_matrix, old, lines, policy.currency)


def _matrix[B: (RetainerBand, ProjectBand)](
    bands: Sequence[B],
    before: Sequence[B] | None,
    lines: list[tuple[str, Callable[[B], str]]],
    currency: str,
) -> Grid:
    """Where the bands are the same as before, a changed cell shows both."""
    old = before if before is not None and edges(before) == edges(bands) else bands
    rows = []
    for number, (label, words) in enumerate(lines):
        cells = []
        for band, was in zip(bands, old, strict=True):
            if band.bespoke and was.bespoke:
                if number == 0:
                    cells.append(Cell(AGREED, rows=len(lines)))
                continue
            cells.append(_cell(_said(band, words), _said(was, words)))
        rows.append(Row(label, cells))
    columns = [band_words(bands, number, currency) for number in range(len(bands))]
    return Grid(columns, rows, f"Due on the {USUAL_DAY} of each period, where no other day is named.")


def _said[B: (RetainerBand, ProjectBand)](band: B, words: Callable[[B], str]) -> str:
    return AGREED if band.bespoke else words(band)


def _cell(text: str, was: str) -> Cell:
    return Cell(text) if text == was else Cell(text or "none", was or "none")


def repeated_words(item: Repeated | None) -> str:
    """“weekly, 30 min”; the day too where it is not the usual one."""
    if item is None:
        return ""
    day = "" if item.on == USUAL_DAY else f", {item.on}"
    return f"{item.cadence.words}{day}, {item.minutes}\u00a0min"


def once_words(item: Once | None) -> str:
    """“within 5 working days, 60 min”."""
    if item is None:
        return ""
    when = f"within {_days(item.within_working_days)}, " if isinstance(item, Soon) else "on the last day, "
    return f"{when}{item.minutes}\u00a0min"


def _days(count: int) -> str:
    return "1 working day" if count == 1 else f"{count} working days"


def others(policy: Policy) -> list[tuple[str, str]]:
    """Everything else that comes back or is due once, in a sentence each."""
    feedback, review, upsell = policy.feedback, policy.review, policy.upsell_review
    days = ", then ".join(str(day) for day in feedback.days)
    return [
        (
            "Live dashboard",
            f"It stands within {_days(policy.dashboard.within_working_days)} of the start "
            f"({policy.dashboard.minutes} min).",
        ),
        (
            "Bespoke plan",
            f"Agreed within {_days(policy.plan_agreement.within_working_days)} of being asked for "
            f"({policy.plan_agreement.minutes} min).",
        ),
        ("Client review", f"{review.cadence.words.capitalize()}, {review.on}, {review.minutes} min."),
        (
            "Feedback",
            f"{feedback.cadence.words.capitalize()}: a survey ({feedback.survey_minutes} min), or the "
            f"sponsor's call where the client has a sponsor ({feedback.sponsor_call_minutes} min). "
            f"On day {days} of the month: the first of these outside the week of the monthly ratings.",
        ),
        (
            "Look for upsell and cross-sell",
            f"{upsell.cadence.words.capitalize()}, {upsell.on}, {upsell.minutes} min. Clients never see it."
            if upsell
            else "Not asked for.",
        ),
    ]


def role_words(role: Role | str) -> str:
    """“Account manager”."""
    return Role(role).value.replace("_", " ").capitalize()


def roles_words(roles: Iterable[Role]) -> str:
    """“Account manager, account director”."""
    return ", ".join(role_words(role).lower() for role in roles).capitalize()


def tiers(policy: Policy) -> list[dict[str, str]]:
    """Each tier with its spend, who leads and who may sponsor (B7)."""
    rows = []
    for number, tier in enumerate(policy.tiers):
        low = money(tier.at_least, policy.currency)
        high = money(policy.tiers[number - 1].at_least, policy.currency) if number else ""
        spend = f"{low} to under {high}" if high else f"{low} and more"
        rows.append(
            {
                "title": tier.title,
                "spend": spend if tier.at_least or not high else f"under {high}",
                "lead": role_words(tier.lead),
                "sponsors": roles_words(tier.sponsors) or "Nobody in particular",
            }
        )
    return rows


def duties(policy: Policy) -> Grid:
    """Who is responsible for what (P1): “first” is whom of the account team it falls to."""
    held = policy.responsibilities
    roles = list(held.roles)
    rows = []
    for duty in Responsibility:
        cells = [Cell(_held_as(policy, role, duty)) for role in roles]
        if any(cell.text for cell in cells):
            rows.append(Row(duty.label, cells))
    return Grid(
        [role_words(role) for role in roles],
        rows,
        "It falls to the first of the account team, else to the second, and so on.",
    )


def _held_as(policy: Policy, role: Role, duty: Responsibility) -> str:
    owners = policy.responsibilities.owners.get(duty, ())
    if role in owners:
        return ("first", "second", "third", "fourth", "fifth")[min(owners.index(role), 4)]
    return "yes" if policy.responsibilities.holds(role, duty) else ""


def shares(policy: Policy) -> list[tuple[str, int, int, int]]:
    """How each role's time divides, in percent."""
    return [
        (role_words(role), share.accounts, share.senior_relations, share.people)
        for role, share in policy.role_shares.items()
    ]


def call_time(policy: Policy) -> list[tuple[str, int]]:
    """Minutes of calls a month at a few amounts of spend (B4)."""
    step = policy.call_allowance.step
    amounts = [step * part for part in (Decimal("0.5"), 1, 2, 4)]
    return [(money(amount, policy.currency), policy.call_allowance.minutes_for(amount)) for amount in amounts]


def entertainment(policy: Policy) -> Grid:
    """Budgets a month by spend and by how likely the client is to spend more (B8)."""
    bands = policy.entertainment.bands
    return Grid(
        _columns(bands, policy.currency),
        [
            Row(
                f"{propensity.value.capitalize()} propensity",
                [Cell(_pot(band.pot(propensity), policy.currency)) for band in bands],
            )
            for propensity in Propensity
        ],
        "A month, with the commercial reason. Nothing is a decision too.",
    )


def _pot(pot: Pot, currency: str) -> str:
    return f"{money(pot.amount, currency) if pot.amount else 'Nothing'}. {pot.reason}"


def paid_search(policy: Policy) -> Grid:
    """How often a client hears about paid search (B5)."""
    bands = policy.paid_search.bands
    cells = [Cell(f"{band.cadence.words}, {policy.paid_search.minutes}\u00a0min") for band in bands]
    return Grid(_columns(bands, policy.currency), [Row("Paid-search report", cells)])


def pitch_weights(policy: Policy) -> list[tuple[PitchQuestion, int]]:
    """The pitch test's questions, each with its share of the score in percent (W1)."""
    questions = policy.new_business.pitch_questions
    whole = sum(question.weight for question in questions) or 1
    return [(question, round(100 * question.weight / whole)) for question in questions]


def time_prices(policy: Policy) -> list[tuple[TimePrice, Grid]]:
    """Client-services time and its fee, a line of the pricing matrix each (B6)."""
    return [(line, _time_price(line, policy.currency)) for line in policy.new_business.client_services]


def _time_price(line: TimePrice, currency: str) -> Grid:
    rows = [
        Row("Time a month", [Cell(f"{band.minutes / 60:g}\u00a0h") for band in line.bands]),
        Row("Fee a month", [Cell(money(band.fee, currency)) for band in line.bands]),
    ]
    return Grid(_columns(line.bands, currency), rows)


def _columns(bands: Sequence[Band], currency: str) -> list[str]:
    return [band_words(bands, number, currency) for number in range(len(bands))]


def who_attends(agenda: Agenda) -> str:
    """“Led by the account manager, with account director”."""
    led = f"Led by the {role_words(agenda.led_by).lower()}"
    return f"{led}, with {roles_words(agenda.attends).lower()}" if agenda.attends else led


class Span(NamedTuple):
    """A stretch of a letter; `field` names the merge field that filled it in."""

    text: str
    field: str = ""


class ShownLetter(NamedTuple):
    """A letter, who sends it, and the merge fields that it fills in."""

    letter: Letter
    sender: str
    fields: list[tuple[str, str]]


def letter_shown(letter: Letter) -> ShownLetter:
    """A letter with what a reader needs to know about it."""
    used = dict.fromkeys((*fields_used(letter.subject), *fields_used(letter.body)))
    return ShownLetter(
        letter,
        role_words(letter.sent_by),
        [(MERGE_FIELDS[name].tag, MERGE_FIELDS[name].description) for name in used],
    )


def filled(text: str) -> list[Span]:
    """The text with examples for its merge fields, each a stretch of its own."""
    values = examples()
    pieces = _FIELD.split(text)
    return [
        Span(values.get(piece, piece), piece) if number % 2 else Span(piece)
        for number, piece in enumerate(pieces)
        if piece
    ]


def routines(policy: Policy) -> list[tuple[RoutineItem, str]]:
    """Duties that come back by themselves, with whose they are (S12)."""
    return [(item, roles_words(item.roles)) for item in policy.content.routines]


def adoption_steps(policy: Policy) -> list[tuple[AdoptionStep, str]]:
    """The steps of adoption, each with the titles of those that come first (B15)."""
    steps = policy.content.adoption_steps
    titles = {step.key: step.title for step in steps}
    return [(step, ", ".join(titles[key] for key in step.after)) for step in steps]


def _grouped[T](items: Iterable[T], key: Callable[[T], Any]) -> list[tuple[Any, list[T]]]:
    """Items side by side that share a key, in their order."""
    return [(name, list(group)) for name, group in groupby(items, key)]
