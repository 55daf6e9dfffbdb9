"""What the figures say before a call: the few that matter, what they mean, what to recommend (S6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from steadyhand.clients.models import Client, Engagement
from steadyhand.reporting.insights.facts import Facts, read_facts
from steadyhand.reporting.metrics import periods, wording
from steadyhand.reporting.metrics.definitions import METRICS, by_service
from steadyhand.reporting.metrics.page import Card
from steadyhand.reporting.models import Insight

#: Figures in a brief at most.
MOST = 4
#: What came of it, the nearest to money first; the first that was measured of each pair.
BROUGHT = (("leads", "conversions", "ad_conversions"), ("revenue", "ad_revenue"))


@dataclass(frozen=True, slots=True)
class CallFigures:
    """Two to four figures of the last whole month. `is_news`: they came in after the last call.

    `means` is the interpretation, `advice` the recommendation, `brought` what came of it, as a sentence.
    """

    period: str
    key: str
    cut_off: dt.datetime
    is_news: bool
    cards: list[Card]
    means: str
    advice: str
    brought: str

    def as_data(self) -> dict[str, Any]:
        """JSON-ready, the figures as the API of figures answers them."""
        return {
            "period": self.key,
            "cut_off": self.cut_off,
            "new_since_last_call": self.is_news,
            "figures": [card.figure.as_json() for card in self.cards],
            "means": self.means,
            "advice": self.advice,
            "brought": self.brought,
        }

    @property
    def lines(self) -> list[str]:
        """Each figure in a line of text: “Conversions: 868, +12% on the month before”."""
        return [_line(card) for card in self.cards]


def call_figures(
    client: Client, running: Sequence[Engagement], prompts: Sequence[Insight], since: dt.datetime | None
) -> CallFigures | None:
    """The figures of a brief; None where nothing is measured. No file of figures: no child process."""
    facts = read_facts(client)
    if facts is None or not facts.figures:
        return None
    channels = [service.channel for engagement in running for service in engagement.services.all()]
    cards = _cards(facts, channels)
    if not cards:
        return None
    cut_off = max(card.figure.cut_off for card in cards)
    return CallFigures(
        period=periods.said(facts.period),
        key=facts.period.key,
        cut_off=cut_off,
        is_news=since is None or cut_off > since,
        cards=cards,
        means=_means(cards, facts),
        advice=_advice(cards, prompts),
        brought=_brought(facts),
    )


def _cards(facts: Facts, channels: Iterable[str]) -> list[Card]:
    """Those that matter to the services they buy; where too few of them are measured, any."""
    wanted = [metric.key for metric in by_service(channels) if metric.key in facts.figures]
    usual = [metric.key for metric in by_service(()) if metric.key in facts.figures]
    keys = list(dict.fromkeys([*wanted, *usual]))[:MOST]
    return [Card(facts.figures[key]) for key in keys]


def _means(cards: Sequence[Card], facts: Facts) -> str:
    """How many are better and worse than a year ago, and which moved most."""
    against = "year" if any(card.figure.year_change for card in cards) else "month"
    changes = [
        (card, card.figure.year_change if against == "year" else card.figure.month_change) for card in cards
    ]
    moved = [(card, share) for card, share in changes if share]
    earlier = periods.year_before if against == "year" else periods.before
    then = periods.said(earlier(facts.period))
    if not moved:
        return f"Nothing moved beside {then}, or there is nothing to compare with."
    tones = [wording.tone(card.metric, share) for card, share in moved]
    counts = [
        f"{tones.count('well')} better" if "well" in tones else "",
        f"{tones.count('act')} worse" if "act" in tones else "",
    ]
    most, share = max(moved, key=lambda pair: abs(pair[1]))
    way = "up" if share > 0 else "down"
    return (
        f"Beside {then}, {' and '.join(part for part in counts if part)} of {len(cards)}. "
        f"{most.metric.label} moved most: {way} {wording.change(share)[1:]}."
    )


def _advice(cards: Sequence[Card], prompts: Sequence[Insight]) -> str:
    """What the strongest prompt advises; without one, what the worst figure asks for."""
    if prompts and prompts[0].advice:
        return prompts[0].advice
    fallen = [card for card in cards if "act" in (card.month[1], card.year[1])]
    if fallen:
        label = fallen[0].metric.label.lower()
        return f"Say yourself what became of {label}, and what we do about it, before they ask."
    return "Nothing asks for a change. Ask whether they see the same in their own books."


def _brought(facts: Facts) -> str:
    """“In October 2026 came 868 conversions and £15,500 of revenue.”; "" where neither is final."""
    parts = []
    for keys in BROUGHT:
        figure = next((found for key in keys if (found := facts.final(key)) is not None), None)
        if figure is None:
            continue
        said = wording.value(figure.metric, figure.value, figure.currency)
        label = METRICS[figure.metric.key].label.lower()
        parts.append(f"{said} of {label}" if figure.metric.money else f"{said} {label}")
    return f"In {periods.said(facts.period)} came {' and '.join(parts)}." if parts else ""


def _line(card: Card) -> str:
    changes = [
        f"{words} on the {what} before"
        for (words, _), what in ((card.month, "month"), (card.year, "year"))
        if words
    ]
    marks = [
        mark
        for mark, is_so in (("provisional", card.figure.provisional), ("sampled", card.figure.sampled))
        if is_so
    ]
    return f"{card.metric.label}: {', '.join([card.said, *changes, *marks])}"
