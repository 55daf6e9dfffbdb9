"""What we know about a client: their people, their answers, what they have heard, their sector (S6, S22)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from steadyhand.clients.discovery import questions
from steadyhand.clients.expectations import ExpectationDue, expectations_due
from steadyhand.clients.models import (
    Assignment,
    Client,
    Contact,
    DetailKind,
    Discovery,
    Knowledge,
    MarketingKnowledge,
    PersonalDetail,
    SectorNote,
    Service,
    ServiceOffer,
    WorkingKind,
    WorkingNote,
)
from steadyhand.clients.personal import keeps_details
from steadyhand.clients.sectors import offers_of, sector_note_of
from steadyhand.clients.sources import Source
from steadyhand.clients.working import ADVICE, CHECK
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.desk.saying import words_for
from steadyhand.playbook.content import Question

MOST_CONTACTS = 50
#: A birthday or a journey this near is worth a mark.
SOON = dt.timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Detail:
    """A personal detail as a page shows it; `soon` is “in 9 days” or “away until …”, where that is near."""

    row: PersonalDetail
    soon: str = ""


@dataclass(slots=True)
class Person:
    """A contact, and what we know of them. `details` is empty for whoever is not on the account team."""

    contact: Contact
    details: list[Detail] = field(default_factory=list)
    knowledge: MarketingKnowledge | None = None
    notes: list[WorkingNote] = field(default_factory=list)

    @property
    def missing(self) -> list[DetailKind]:
        """What nobody has noted yet, and what there is always more of."""
        known = {detail.row.kind for detail in self.details} - {DetailKind.AWAY, DetailKind.OTHER}
        return [kind for kind in DetailKind if kind not in known]

    @property
    def advice(self) -> str:
        """How to speak to them."""
        return ADVICE[Knowledge(self.knowledge.level)] if self.knowledge else ""

    @property
    def check(self) -> str:
        """What to do after each message."""
        return CHECK if self.knowledge or self.notes else ""

    def of_kind(self, kind: WorkingKind) -> list[WorkingNote]:
        """The notes of one kind, newest first."""
        return [note for note in self.notes if note.kind == kind]

    @property
    def notes_by_kind(self) -> list[tuple[WorkingKind, list[WorkingNote]]]:
        """Only kinds that have notes."""
        return [(kind, notes) for kind in WorkingKind if (notes := self.of_kind(kind))]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the bank, the standing answer if there is one, and those before it, newest first."""

    question: Question
    answer: Discovery | None = None
    earlier: list[Discovery] = field(default_factory=list)


@dataclass(slots=True)
class DiscoveryPart:
    """The question bank against what was answered."""

    groups: list[tuple[str, list[Asked]]]

    @property
    def total(self) -> int:
        """How many questions there are."""
        return sum(len(asked) for _, asked in self.groups)

    @property
    def known(self) -> int:
        """How many are answered."""
        return sum(one.answer is not None for _, asked in self.groups for one in asked)


@dataclass(frozen=True, slots=True)
class ToSay:
    """An expectation that applies now, with the words to say it in for this client."""

    due: ExpectationDue
    words: str


@dataclass(slots=True)
class SectorPart:
    """What holds for their industry, and the services they buy in our own words."""

    note: SectorNote | None
    offers: list[ServiceOffer]


def people(client: Client, actor: Actor, *, only: Contact | None = None) -> list[Person]:
    """The contacts who are still there (or one), with what we know. Five queries."""
    contacts = [only] if only else list(client.contacts.filter(left_on=None)[:MOST_CONTACTS])
    found = {contact.pk: Person(contact) for contact in contacts}
    today = clock.today(client.zone)
    if keeps_details(client.pk, actor):
        for row in _sorted(PersonalDetail.objects.standing().filter(contact__in=found)):
            if row.until_on is None or row.until_on >= today:
                found[row.contact_id].details.append(Detail(row, _soon(row, today)))
    for level in MarketingKnowledge.objects.standing().filter(contact__in=found):
        found[level.contact_id].knowledge = level
    for note in WorkingNote.objects.standing().filter(contact__in=found):
        found[note.contact_id].notes.append(note)
    return list(found.values())


def _sorted(rows: Iterable[PersonalDetail]) -> list[PersonalDetail]:
    order = {kind: number for number, kind in enumerate(DetailKind)}
    return sorted(rows, key=lambda row: (order[DetailKind(row.kind)], row.from_on or dt.date.min, row.pk))


def _soon(row: PersonalDetail, today: dt.date) -> str:
    birthday = row.next_birthday(today)
    if birthday is not None and birthday - today <= SOON:
        return _in_days((birthday - today).days)
    if row.from_on is None or row.until_on is None:
        return ""
    if row.from_on <= today:
        return "away now"
    return _in_days((row.from_on - today).days) if row.from_on - today <= SOON else ""


def _in_days(days: int) -> str:
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


def discovery(client: Client) -> DiscoveryPart:
    """Every question of the live playbook with its answers. One query."""
    answers: dict[str, list[Discovery]] = defaultdict(list)
    for row in client.discovery.select_related("contact").order_by("-at", "-pk"):
        answers[row.question_key].append(row)
    asked = [_asked(question, answers[question.key]) for question in questions()]
    grouped = groupby(asked, lambda one: one.question.group)
    return DiscoveryPart([(name, list(group)) for name, group in grouped])


def _asked(question: Question, answers: list[Discovery]) -> Asked:
    standing = next((row for row in answers if row.stands), None)
    superseded = _chain(standing, answers)
    return Asked(question, standing, superseded)


def _chain(standing: Discovery | None, answers: list[Discovery]) -> list[Discovery]:
    """What the standing answer superseded, and so on; answers taken back are not told again."""
    by_pk = {row.pk: row for row in answers}
    found: list[Discovery] = []
    row = standing
    while row is not None and (row := by_pk.get(row.supersedes_id or 0)) is not None:
        found.append(row)
    return found


def to_say(client: Client, at: dt.datetime | None = None, *, source: Source | None = None) -> list[ToSay]:
    """The expectations that apply now, those due first, each with its words for this client."""
    due = expectations_due(client, at, source=source)
    words = words_for(client, [one.expectation.say for one in due])
    return [ToSay(one, text) for one, text in zip(due, words, strict=True)]


def sector(client: Client) -> SectorPart:
    """The note on the client's industry and the offers they buy today. At most three queries."""
    running = client.engagements.running(clock.today(client.zone))
    services = list(Service.objects.filter(engagement__in=running).order_by("engagement", "number"))
    return SectorPart(sector_note_of(client), offers_of(services) if services else [])


def team_names(client: Client) -> list[str]:
    """Who is on the account team, each once."""
    places = Assignment.objects.filter(client=client, until=None).select_related("member")
    return list(dict.fromkeys(place.member.name for place in places))
