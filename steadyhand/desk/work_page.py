"""The work shown: done against planned, and what it moved; one reading for every face (R3)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet

from steadyhand.clients.models import Client, Contact
from steadyhand.core import clock
from steadyhand.core.recurrence import Period
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.models import (
    Backlink,
    ContentItem,
    Entry,
    PlannedWork,
    Recommendation,
    RecommendationState,
    SiteScore,
)
from steadyhand.delivery.work.cells import AHEAD, EARLIEST
from steadyhand.delivery.work.planning import Against, done_against_plan
from steadyhand.delivery.work.tables import TABLES
from steadyhand.reporting.metrics import periods, wording
from steadyhand.reporting.metrics.definitions import by_service
from steadyhand.reporting.metrics.reading import figures
from steadyhand.reporting.models import Dashboard, Source, Target

#: Lines of each table on the page; the rest stands in the table's own.
LATEST = 6
#: Scores that are drawn.
DRAWN = 24
#: Figures that stand beside the work.
BESIDE = 2
#: The services whose figures this work moves.
MOVES = ("seo", "content")
WIDTH, HEIGHT = 320, 112
LEFT, RIGHT, TOP, BOTTOM = 26, 8, 8, 8


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure of the client's, in words, with its change on the month before."""

    label: str
    said: str
    change: str
    tone: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the score, and by how much it moved since the score before."""

    word: str
    value: int
    moved: int | None

    @property
    def moved_words(self) -> str:
        """“+8”, “−3”, “as before”, or nothing where it was not measured before."""
        return in_words(self.moved)


@dataclass(frozen=True, slots=True)
class Picture:
    """The scores over time, on a scale from 0 to 100: points as SVG takes them."""

    line: str
    dots: list[tuple[int, int]]
    sentence: str
    size: str = f"0 0 {WIDTH} {HEIGHT}"


@dataclass(frozen=True, slots=True)
class SiteHealth:
    """The latest score, what it is made of, what moved it, and what is still open beside it."""

    latest: SiteScore
    before: SiteScore | None
    parts: list[Part]
    scores: list[SiteScore]
    picture: Picture | None
    settled: int

    @property
    def moved(self) -> int | None:
        """By how much the score moved since the one before."""
        return self.latest.score - self.before.score if self.before else None

    @property
    def moved_words(self) -> str:
        """The same in words."""
        return in_words(self.moved)


@dataclass(slots=True)
class WorkPage:
    """Everything the page says about one month, and the latest of each table."""

    client: Client
    period: Period
    title: str
    earlier: Period
    later: Period | None
    lines: list[Against]
    links: list[Backlink]
    content: list[ContentItem]
    advice: list[Recommendation]
    open_advice: int
    health: SiteHealth | None
    beside: list[Measured]
    counts: dict[str, int]
    plans: list[PlannedWork] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever written down or planned."""
        return not any(self.counts.values()) and not self.lines and not self.plans

    @property
    def planned(self) -> list[Against]:
        """What the month was to bring."""
        return [line for line in self.lines if line.plan]

    @property
    def unplanned(self) -> list[Against]:
        """What was done beside it."""
        return [line for line in self.lines if not line.plan]


def month_named(client: Client, text: str) -> Period:
    """The month that somebody wrote (“2026-10”), else the client's current one. Refuses what is far off."""
    today = clock.today(client.zone)
    if not text:
        return periods.month_of(today)
    period = periods.month_of(periods.parse(text).start)
    if not EARLIEST <= period.start <= today + dt.timedelta(days=AHEAD):
        raise Refusal(f"Nothing is written down for {text[:20]}.", remedy="Choose another month.")
    return period


def shared_with(contact: Contact) -> bool:
    """Whether somebody at the client may see the work: where their figures are shared with them."""
    return Dashboard.objects.shared_with(contact).exists()


def compose(client: Client, period: Period) -> WorkPage:
    """The page of a month. Nothing of it is for us alone: the notes are left to the page that shows them."""
    today = clock.today(client.zone)
    later = periods.shifted(period, 1)
    links = Backlink.objects.standing().filter(client=client)
    content = ContentItem.objects.standing().filter(client=client)
    advice = Recommendation.objects.standing().filter(client=client)
    states = dict(advice.order_by().values_list("state").annotate(count=Count("pk")))
    health = _health(client, today)
    return WorkPage(
        client=client,
        period=period,
        title=periods.said(period),
        earlier=periods.before(period),
        later=later if later.start <= today else None,
        lines=done_against_plan(client, period.start, period.end),
        links=list(links[:LATEST]),
        content=list(content[:LATEST]),
        advice=_advice(advice, states),
        open_advice=states.get(RecommendationState.OPEN, 0),
        health=health,
        beside=_beside(client, period),
        counts={
            "links": links.count(),
            "content": content.count(),
            "recommendations": sum(states.values()),
            "scores": len(health.scores) if health else 0,
        },
        plans=list(PlannedWork.objects.filter(client=client)),
    )


def entries(client: Client, table: str, before: str = "", most: int = 100) -> tuple[list[Entry], str]:
    """A table from its newest line on, or from `before` (“2026-11-03.17”); and where it goes on."""
    rows = TABLES[table].rows.standing().filter(client=client).order_by("-day", "-pk")
    day, _, number = before.partition(".")
    if number.isdecimal() and len(number) < 19:
        try:
            last = dt.date.fromisoformat(day)
        except ValueError:
            last = None
        if last is not None:
            rows = rows.filter(day__lt=last) | rows.filter(day=last, pk__lt=int(number))
    found = list(rows[: most + 1])
    more = f"{found[most - 1].day.isoformat()}.{found[most - 1].pk}" if len(found) > most else ""
    return found[:most], more


def in_words(moved: int | None) -> str:
    """A change as it is said."""
    if moved is None:
        return ""
    return f"+{moved}" if moved > 0 else f"−{-moved}" if moved else "as before"


def _advice(rows: QuerySet[Recommendation], states: dict[str, int]) -> list[Recommendation]:
    """The open ones first, then what was settled last."""
    found = list(rows.filter(state=RecommendationState.OPEN)[:LATEST])
    if len(found) < LATEST and sum(states.values()) > len(found):
        settled = rows.exclude(state=RecommendationState.OPEN).order_by("-answered_at", "-pk")
        found += settled[: LATEST - len(found)]
    return found


def _health(client: Client, today: dt.date) -> SiteHealth | None:
    newest = SiteScore.objects.standing().filter(client=client, day__lte=today)[:DRAWN]
    scores = sorted(newest, key=lambda one: one.day)
    if not scores:
        return None
    latest, before = scores[-1], scores[-2] if len(scores) > 1 else None
    parts = [
        Part(word, value, value - before.parts[word] if before and word in before.parts else None)
        for word, value in latest.parts.items()
    ]
    settled = 0
    if before is not None:
        done = Recommendation.objects.standing().filter(client=client, state=RecommendationState.DONE)
        since = clock.midnight(before.day, client.zone)
        until = clock.midnight(latest.day + dt.timedelta(days=1), client.zone)
        settled = done.filter(answered_at__gte=since, answered_at__lt=until).count()
    return SiteHealth(
        latest,
        before,
        sorted(parts, key=lambda one: -abs(one.moved or 0)),
        scores,
        _picture(scores) if before else None,
        settled,
    )


def _picture(scores: list[SiteScore]) -> Picture:
    first, last = scores[0].day, scores[-1].day
    days = max(1, (last - first).days)
    across, down = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    dots = [
        (
            LEFT + round(across * (one.day - first).days / days),
            TOP + round(down * (100 - one.score) / 100),
        )
        for one in scores
    ]
    sentence = (
        f"The score went from {scores[0].score} on {first.day} {first:%B %Y} to {scores[-1].score}"
        f" on {last.day} {last:%B %Y}."
    )
    return Picture(" ".join(f"{x},{y}" for x, y in dots), dots, sentence)


def _beside(client: Client, period: Period) -> list[Measured]:
    """What was agreed with the client, then what such work is to move; none where nothing came in."""
    if not Source.objects.filter(client=client).exists():
        return []
    targets = Target.objects.on(period.start, period.end).filter(client=client)
    agreed = targets.values_list("metric", flat=True)
    keys = dict.fromkeys([*agreed, *(metric.key for metric in by_service(MOVES))])
    measured = [one for one in figures(client, keys, period) if one.value is not None]
    return [
        Measured(
            one.metric.label,
            wording.value(one.metric, one.value, one.currency),
            wording.change(one.month_change),
            wording.tone(one.metric, one.month_change),
        )
        for one in measured[:BESIDE]
    ]
