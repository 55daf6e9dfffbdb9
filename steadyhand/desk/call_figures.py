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
from steadyhand.reporting.signals import Signal, of_results

#: Figures in a brief at most.
MOST = 4
#: What we decide ourselves is neither better nor worse.
CHOSEN = frozenset({"cost", "emails_sent", "posts", "content_published"})
#: What came of it, the nearest to money first; the first that was measured of each pair.
BROUGHT = (("leads", "conversions", "ad_conversions"), ("revenue", "ad_revenue"))


@dataclass(frozen=True, slots=True)
class CallFigures:
    """Two to four figures of the last whole month. `is_news`: they came in after the last call.

    `means` is the interpretation, `advice` the recommendation, `brought` what came of it, as a sentence;
    `signals` are dips, missed targets and falling revenue.
    """

    period: str
    key: str
    cut_off: dt.datetime
    is_news: bool
    cards: list[Card]
    means: str
    advice: str
    brought: str
    signals: list[Signal]

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
            "signals": [one.as_data() for one in self.signals],
        }

    @property
    def lines(self) -> list[str]:
        """Each figure in a line, “Conversions: 868, +12% on the month before”, then each signal."""
        return [*(_line(card) for card in self.cards), *(one.words for one in self.signals)]


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
    signals = of_results(client, facts)
    cut_off = max(card.figure.cut_off for card in cards)
    return CallFigures(
        period=periods.said(facts.period),
        key=facts.period.key,
        cut_off=cut_off,
        is_news=since is None or cut_off > since,
        cards=cards,
        means=_means(cards, facts),
        advice=_advice(cards, prompts, signals),
        brought=_brought(facts),
        signals=signals,
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
    tones = [wording.tone(card.metric, share) for card, share in moved if card.metric.key not in CHOSEN]
    counts = [f"{tones.count(tone)} {word}" for tone, word in (("well", "better"), ("act", "worse"))]
    told = " and ".join(part for part in counts if not part.startswith("0 ")) or "none better or worse"
    most, share = max(moved, key=lambda pair: abs(pair[1]))
    way = "up" if share > 0 else "down"
    return (
        f"Of {len(cards)} figures, {told} than in {then}. "
        f"{most.metric.label} moved most: {way} {wording.change(share)[1:]}."
    )


def _advice(cards: Sequence[Card], prompts: Sequence[Insight], signals: Sequence[Signal]) -> str:
    """What the strongest prompt advises; else to speak of the worst signal, or of a figure that fell far."""
    if prompts and prompts[0].advice:
        return prompts[0].advice
    if signals:
        return f"Speak of it before they do, and say what we do about it. {signals[0].words}"
    fallen = next((card for card in cards if _fell_far(card)), None)
    if fallen is not None:
        label = fallen.metric.label.lower()
        return f"Say yourself what became of {label}, and what we do about it, before they ask."
    return "Nothing asks for a change. Ask whether they see the same in their own books."


def _fell_far(card: Card) -> bool:
    """Whether it is worse than a month or a year before by what the metric takes for a change."""
    if card.metric.key in CHOSEN:
        return False
    changes = ((card.month, card.figure.month_change), (card.year, card.figure.year_change))
    return any(
        tone == "act" and share and abs(share) >= card.metric.min_effect for (_, tone), share in changes
    )


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
