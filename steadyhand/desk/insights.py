"""What a client's figures say, on one page: questions to ask, signals, leads on both sides (R8, R10, C1)."""

from __future__ import annotations

from dataclasses import dataclass

from steadyhand.clients.models import Client
from steadyhand.core.actor import Actor
from steadyhand.reporting.insights.catalogue import every_rule
from steadyhand.reporting.insights.facts import last_month, read_facts
from steadyhand.reporting.insights.rules import Rule
from steadyhand.reporting.metrics import periods
from steadyhand.reporting.models import Insight
from steadyhand.reporting.reports.lead_gap import LeadGap, lead_gap
from steadyhand.reporting.signals import Signal, gathered

MOST_SETTLED = 12


@dataclass(frozen=True, slots=True)
class InsightsPage:
    """Everything on it. `period` is the month that the rules read, in words."""

    client: Client
    period: str
    has_figures: bool
    standing: list[Insight]
    settled: list[Insight]
    signals: list[Signal]
    gap: LeadGap | None
    rules: list[Rule]


def insights_page(client: Client, actor: Actor) -> InsightsPage:
    """The page of a client the actor sees; one child run at most."""
    facts, gap = read_facts(client), lead_gap(client)
    rows = Insight.objects.visible_to(actor).filter(client=client).select_related("client")
    return InsightsPage(
        client=client,
        period=periods.said(last_month(client)),
        has_figures=facts is not None,
        standing=list(rows.standing()),
        settled=list(rows.settled()[:MOST_SETTLED]),
        signals=gathered(client, facts, gap),
        gap=gap,
        rules=every_rule(),
    )
