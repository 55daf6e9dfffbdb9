"""The pipeline: leads in lanes or in a table, and one lead with everything about it (W1 to W4)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q

from steadyhand.clients.models import Client, Contact, EngagementKind
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.money import show
from steadyhand.newbusiness.models import (
    Consultation,
    Deck,
    Lead,
    LeadStage,
    Pairing,
    Pitch,
    PitchTest,
    Proposal,
    Verdict,
)
from steadyhand.newbusiness.models.lead import LeadQuerySet
from steadyhand.newbusiness.pitching import rules

#: How long a decided lead stays on the board, in days.
SHOWN_FOR = 90
#: Cards of a lane; the table has the rest.
MOST = 30
PAGE = 50

OPEN, PITCHING = LeadStage.OPEN, LeadStage.PITCHING
LANES: tuple[tuple[str, str, tuple[LeadStage, ...]], ...] = (
    ("open", "New", (OPEN,)),
    ("pitching", "Pitching", (PITCHING,)),
    ("won", "Won", (LeadStage.WON,)),
    ("gone", "Lost or withdrawn", (LeadStage.LOST, LeadStage.WITHDRAWN)),
)


@dataclass(slots=True)
class Card:
    """A lead with what is known about it, and what is missing before the next step."""

    lead: Lead
    asks: bool
    """Whether the playbook has questions for the pitch test."""
    test: PitchTest | None = None
    consultations: list[Consultation] = field(default_factory=list)
    pairing: Pairing | None = None
    proposals: list[Proposal] = field(default_factory=list)

    @property
    def worth(self) -> str:
        """“£2,400 a month”."""
        return worth(self.lead)

    @property
    def url(self) -> str:
        return self.lead.get_absolute_url()

    @property
    def goes(self) -> bool:
        """Whether somebody decided to pitch."""
        return self.test is not None and self.test.verdict == Verdict.GO

    @property
    def may_pitch(self) -> bool:
        """Whether it can move on without another decision."""
        return self.goes or not self.asks

    @property
    def is_consulted(self) -> bool:
        """Whether client services has said something."""
        return any(row.said_at for row in self.consultations)

    @property
    def gaps(self) -> list[str]:
        """What is missing in a pitch that is under way (W1: a pitch without client services is a gap)."""
        if self.lead.stage != PITCHING:
            return []
        found = []
        if not self.is_consulted:
            asked = self.consultations[0].member.name if self.consultations else ""
            found.append(f"{asked} has not answered yet" if asked else "Client services was not asked")
        if self.pairing is None:
            found.append("Nobody is proposed to look after them")
        if any(not row.has_service_line for row in self.proposals):
            found.append("A proposal without client-services time")
        return found

    @property
    def next_step(self) -> tuple[str, str]:
        """(label, address) of the next click; empty where the next move is theirs."""
        lead = self.lead
        if lead.stage == OPEN and self.asks and self.test is None:
            return "Should we pitch?", f"{self.url}test/"
        if lead.stage != PITCHING:
            return "", ""
        if not self.consultations:
            return "Ask client services", f"{self.url}consultations/"
        if self.pairing is None:
            return "Propose who", f"{self.url}pairing/"
        if not self.proposals:
            return "Draft the proposal", f"{self.url}proposals/"
        return "", ""


@dataclass(slots=True)
class Lane:
    """A stage, or two, with its cards, and what they are worth together."""

    key: str
    label: str
    cards: list[Card]
    total: str
    more: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What one wants to see of the pipeline."""

    q: str = ""
    owner: str = ""
    stage: str = ""
    page: int = 1

    def of(self, rows: LeadQuerySet) -> LeadQuerySet:
        """The rows wished for."""
        if self.q:
            rows = rows.filter(Q(client__name__icontains=self.q) | Q(source__icontains=self.q))
        if self.owner.isdecimal() and len(self.owner) < 10:
            rows = rows.filter(owner=int(self.owner))
        if self.stage in LeadStage.values:
            rows = rows.filter(stage=self.stage)
        return rows


def worth(lead: Lead) -> str:
    """What a lead is worth, in words."""
    amount = show(lead.value, lead.currency)
    return f"{amount} project" if lead.is_project else f"{amount} a month"


def board(actor: Actor, wish: Wish) -> list[Lane]:
    """The pipeline in lanes; decided leads of the last ninety days. Nine queries."""
    since = clock.now() - dt.timedelta(days=SHOWN_FOR)
    rows = wish.of(Lead.objects.visible_to(actor))
    rows = rows.filter(Q(closed_at=None) | Q(closed_at__gte=since))
    cards = cards_of(rows[: MOST * 8])
    lanes = []
    for key, label, stages in LANES:
        found = [card for card in cards if card.lead.stage in stages]
        total = total_words(card.lead for card in found)
        lanes.append(Lane(key, label, found[:MOST], total, len(found) > MOST))
    return lanes


def table(actor: Actor, wish: Wish) -> tuple[list[Card], bool]:
    """A page of all leads, the latest change first, and whether there are more. Five queries."""
    rows = wish.of(Lead.objects.visible_to(actor))
    begin = (wish.page - 1) * PAGE
    found = cards_of(rows[begin : begin + PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def cards_of(rows: LeadQuerySet) -> list[Card]:
    """Leads with what their cards show. Five queries."""
    asks = bool(rules().pitch_questions)
    standing: list[Prefetch[Any, Any, Any]] = [
        Prefetch("pitch_tests", PitchTest.objects.filter(until=None), to_attr="standing_tests"),
        Prefetch(
            "consultations",
            Consultation.objects.filter(withdrawn_at=None).select_related("member"),
            to_attr="standing_consultations",
        ),
        Prefetch(
            "pairings",
            Pairing.objects.filter(until=None).select_related("member", "suggested", "contact"),
            to_attr="standing_pairings",
        ),
        Prefetch(
            "proposals",
            Proposal.objects.filter(withdrawn_at=None).select_related("agreed_with", "file"),
            to_attr="standing_proposals",
        ),
    ]
    leads = rows.select_related("client", "owner").prefetch_related(*standing)
    return [_card(lead, asks) for lead in leads]


def _card(lead: Lead, asks: bool) -> Card:
    standing: dict[str, list[object]] = {
        name: getattr(lead, f"standing_{name}")
        for name in ("tests", "consultations", "pairings", "proposals")
    }
    return Card(
        lead,
        asks,
        next(iter(standing["tests"]), None),  # type: ignore[arg-type]
        standing["consultations"],  # type: ignore[arg-type]
        next(iter(standing["pairings"]), None),  # type: ignore[arg-type]
        standing["proposals"],  # type: ignore[arg-type]
    )


def lead_data(card: Card) -> dict[str, Any]:
    """A lead as programs read it, over the API and on the command line."""
    lead, test = card.lead, card.test
    return {
        "id": lead.pk,
        "client": lead.client.ref,
        "name": lead.client.name,
        "stage": lead.stage,
        "kind": lead.kind,
        "value": lead.value,
        "currency": lead.currency,
        "services": lead.services,
        "source": lead.source,
        "owner": lead.owner.email,
        "face_to_face": lead.face_to_face,
        "expected_on": lead.expected_on,
        "added_at": lead.added_at,
        "closed_at": lead.closed_at,
        "closed_because": lead.closed_because,
        "verdict": test.verdict if test else None,
        "score": test.score if test else None,
        "paired": card.pairing.member.email if card.pairing else None,
        "gaps": card.gaps,
    }


def total_words(leads: Iterable[Lead]) -> str:
    """“£5,600 a month, £15,000 in projects”: each currency apart, nothing where there is nothing."""
    sums: dict[tuple[bool, str], Decimal] = defaultdict(Decimal)
    for lead in leads:
        sums[lead.kind == EngagementKind.PROJECT, lead.currency] += lead.value
    return ", ".join(
        f"{show(amount, currency)} {'in projects' if is_project else 'a month'}"
        for (is_project, currency), amount in sorted(sums.items())
    )


@dataclass(slots=True)
class LeadPage:
    """One lead with everything about it."""

    card: Card
    tests: Sequence[PitchTest]
    pairings: Sequence[Pairing]
    pitches: Sequence[Pitch]
    decks: Sequence[Deck]
    contacts: Sequence[Contact]
    sees_client: bool

    @property
    def lead(self) -> Lead:
        return self.card.lead

    @property
    def earlier_tests(self) -> list[PitchTest]:
        return [test for test in self.tests if test.until is not None]

    @property
    def latest_test(self) -> PitchTest | None:
        return next((test for test in self.tests if test.until is None), None)


def lead_page(pk: int, actor: Actor) -> LeadPage | None:
    """One lead as far as one may see it. Thirteen queries."""
    card = next(iter(cards_of(Lead.objects.visible_to(actor).filter(pk=pk))), None)
    if card is None:
        return None
    lead = card.lead
    return LeadPage(
        card,
        list(lead.pitch_tests.prefetch_related("answers")[:10]),
        list(lead.pairings.select_related("member", "suggested").exclude(until=None)[:5]),
        list(lead.pitches.select_related("meeting__led_by").order_by("meeting__starts_at")),
        list(lead.decks.select_related("file")),
        list(lead.client.contacts.filter(left_on=None)[:12]),
        Client.objects.visible_to(actor).filter(pk=lead.client_id).exists(),
    )
