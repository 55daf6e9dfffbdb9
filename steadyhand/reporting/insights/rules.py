"""What a rule is, and when it may speak (R8). The rules themselves stand in `catalogue.py`.

A rule is asked only where each figure it leans on is final and there is enough of it (`least`): noise says
nothing. Counts must also have moved by more than two and a half deviations of chance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from steadyhand.reporting.insights.facts import Against, Facts, Move, Number
from steadyhand.reporting.metrics.definitions import METRICS

#: Deviations of pure chance that a change must exceed.
CLEAR = Decimal("2.5")
SAMPLED = " Some of it is counted from samples."


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule has to say: `says` what the figures do, `question` to ask, `advice` what we would do."""

    says: str
    question: str
    advice: str
    weight: Decimal
    numbers: tuple[Number, ...]
    rule: str = ""
    period: str = ""
    page: str = ""
    service: str = ""


type Moves = Mapping[str, Move]


@dataclass(frozen=True, slots=True)
class Rule:
    """`when` is its condition in words, `least` how much of a metric there is at least, now or then."""

    key: str
    title: str
    when: str
    find: Callable[[Facts, Moves], Found | None]
    least: Mapping[str, int] = field(default_factory=dict)
    uses: tuple[str, ...] = ()
    against: Against = "year"
    page: str = "figures/"

    def ask(self, facts: Facts) -> Found | None:
        """What it finds in these facts, if there is enough of everything it leans on."""
        moves: dict[str, Move] = {}
        for key in dict.fromkeys((*self.uses, *self.least)):
            move = facts.move(key, self.against)
            if move is None:
                return None
            moves[key] = move
        if any(max(moves[key].now, moves[key].then) < least for key, least in self.least.items()):
            return None
        found = self.find(facts, moves)
        if found is None:
            return None
        sampled = any(number.sampled for number in found.numbers)
        page = f"figures/?period={facts.period.key}" if self.page == "figures/" else self.page
        return replace(
            found,
            rule=self.key,
            period=facts.period.key,
            page=page,
            says=found.says + (SAMPLED if sampled else ""),
        )

    @property
    def floor(self) -> str:
        """“at least 5,000 search impressions and 30 conversions”, as the page and the docs state it."""
        parts = [f"{least:,} {METRICS[key].label.lower()}" for key, least in self.least.items()]
        return f"at least {' and '.join(parts)}" if parts else ""


RULES: dict[str, Rule] = {}


def rule(
    key: str,
    title: str,
    when: str,
    *uses: str,
    least: Mapping[str, int] | None = None,
    against: Against = "year",
    page: str = "figures/",
) -> Callable[[Callable[[Facts, Moves], Found | None]], Callable[[Facts, Moves], Found | None]]:
    """Register a rule under a name that stays the same for ever: what was dismissed is known by it."""

    def register(find: Callable[[Facts, Moves], Found | None]) -> Callable[[Facts, Moves], Found | None]:
        RULES[key] = Rule(key, title, when, find, least or {}, uses, against, page)
        return find

    return register


def is_clear(now: Decimal, then: Decimal) -> bool:
    """Whether two counts differ by more than chance, as counts vary."""
    return abs(now - then) >= CLEAR * (now + then).sqrt()


def rate_is_clear(won: Move, tried: Move) -> bool:
    """Whether two rates differ by more than chance, given what they are made of."""
    trials = tried.now + tried.then
    pooled = (won.now + won.then) / trials if trials else Decimal(0)
    if not 0 < pooled < 1 or not tried.now or not tried.then:
        return False
    deviation = (pooled * (1 - pooled) * (1 / tried.now + 1 / tried.then)).sqrt()
    return abs(won.now / tried.now - won.then / tried.then) >= CLEAR * deviation
