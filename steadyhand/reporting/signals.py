"""What a client's figures say about the account: signals that can be read and argued with (C1).

Each has its level, since when, its words and where it can be seen. Account health reads them from here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from steadyhand.clients.models import Client
from steadyhand.commitments.kinds import OWED, Kind, State
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock
from steadyhand.reporting.insights.facts import Facts, read_facts
from steadyhand.reporting.metrics import periods, wording
from steadyhand.reporting.metrics.targets import progress
from steadyhand.reporting.models import Incident, Source, Target
from steadyhand.reporting.reports.lead_gap import POOR, LeadGap, lead_gap

#: Days without anything from a connected tool, and from a table that somebody sends each month.
SILENT_TOOL, SILENT_TABLE = 3, 40
#: From so many days on, or so much missing, it is serious.
SERIOUS_SILENCE = 14
SERIOUS_DIP = 0.4
SERIOUS_MISS = Decimal("0.75")
#: Revenue that fell by this on the year is a signal; by the second, a serious one.
FALLEN, FALLEN_FAR = "0.1", "0.25"


class SignalKind(StrEnum):
    """What a signal is about."""

    DIP = "dip"
    REPORT = "report"
    TARGET = "target"
    SOURCE = "source"
    LEADS = "leads"
    REVENUE = "revenue"


class Level(StrEnum):
    """How much it weighs: to be watched, or to be acted on."""

    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that speaks against all being well. `evidence` is the page where it can be seen."""

    kind: SignalKind
    level: Level
    since: dt.date
    words: str
    evidence: str

    @property
    def tone(self) -> str:
        """How a page shows it: “act” or “watch”."""
        return "act" if self.level is Level.RED else "watch"

    def as_data(self) -> dict[str, Any]:
        """For the API."""
        return {
            "kind": str(self.kind),
            "level": str(self.level),
            "since": self.since,
            "words": self.words,
            "evidence": self.evidence,
        }


def signals(client: Client) -> list[Signal]:
    """What the figures of a client say, the serious first, then the oldest. A client without figures has
    no child process; a client with some has one, where nobody has asked before."""
    return gathered(client, read_facts(client), lead_gap(client))


def gathered(client: Client, facts: Facts | None, gap: LeadGap | None) -> list[Signal]:
    """The same of what was read already."""
    found = [*_reports(client), *_sources(client), *_leads(gap)]
    return sorted([*found, *of_results(client, facts)], key=_weight)


def of_results(client: Client, facts: Facts | None) -> list[Signal]:
    """Only those about results: dips, missed targets, falling revenue. Two queries."""
    found = list(_dips(client))
    if facts is not None:
        found += [*_targets(client, facts), *_revenue(client, facts)]
    return sorted(found, key=_weight)


def _weight(one: Signal) -> tuple[bool, dt.date, str]:
    return one.level is not Level.RED, one.since, one.words


def _dips(client: Client) -> Iterator[Signal]:
    for dip in Incident.objects.open().filter(client=client).defer("picture", "drivers"):
        way = "below" if dip.change < 0 else "above"
        yield Signal(
            SignalKind.DIP,
            _level(abs(dip.change) >= SERIOUS_DIP),
            dip.first_day,
            f"{dip.label}: {abs(dip.change):.0%} {way} what was to be expected, and nobody has said why.",
            dip.get_absolute_url(),
        )


def _reports(client: Client) -> Iterator[Signal]:
    rows = Commitment.objects.filter(client=client, kind=Kind.REPORT, state__in=OWED, due_at__lt=clock.now())
    for row in rows.order_by("due_at")[:20]:
        is_missed = row.state == State.MISSED
        words = "was missed" if is_missed else "is late"
        yield Signal(
            SignalKind.REPORT,
            _level(is_missed),
            row.due_on,
            f"{row.title} {words}: it was due on {_day(row.due_on)}.",
            f"/commitments/{row.pk}/",
        )


def _sources(client: Client) -> Iterator[Signal]:
    today = clock.today(client.zone)
    for source in Source.objects.filter(client=client).select_related("connection"):
        limit = SILENT_TOOL if hasattr(source, "connection") else SILENT_TABLE
        last = source.succeeded_at
        if last is None:
            continue
        since = last.astimezone(clock.zone_info(client.zone)).date()
        days = (today - since).days
        if days >= limit:
            serious = limit == SILENT_TOOL and days >= SERIOUS_SILENCE
            why = f" ({source.error})" if source.failing and source.error else ""
            yield Signal(
                SignalKind.SOURCE,
                _level(serious),
                since,
                f"{source.label} has sent nothing for {days} days{why}.",
                f"{client.get_absolute_url()}sources/",
            )


def _leads(gap: LeadGap | None) -> Iterator[Signal]:
    if gap is None:
        return
    poor = [row for row in gap.answers if row.worth in POOR]
    if gap.reasons:
        words = f"Leads in {gap.period}: {'; '.join(gap.reasons)}."
    elif poor:
        words = (
            f"{poor[0].name} says {poor[0].get_worth_display()} of the leads in {gap.period} were worth it."
        )
    else:
        return
    yield Signal(
        SignalKind.LEADS,
        _level(len(poor) * 2 >= len(gap.answers) and bool(poor)),
        gap.answers[0].at.date(),
        words,
        gap.report.get_absolute_url(),
    )


def _targets(client: Client, facts: Facts) -> Iterator[Signal]:
    rows: Iterable[Target] = Target.objects.on(facts.period.start, facts.period.end).filter(client=client)
    for target in rows:
        figure = facts.final(target.metric)
        if figure is None:
            continue
        reached = progress(target, figure)
        if reached.standing != "missed" or reached.share is None:
            continue
        now, agreed = (
            wording.value(figure.metric, amount, figure.currency) for amount in (figure.value, reached.amount)
        )
        yield Signal(
            SignalKind.TARGET,
            _level(reached.share < SERIOUS_MISS),
            facts.period.start,
            f"{figure.metric.label} came to {now} in {periods.said(facts.period)}; the target was {agreed}.",
            _figures(client, facts),
        )


def _revenue(client: Client, facts: Facts) -> Iterator[Signal]:
    move = facts.move("revenue")
    if move is not None and move.down(FALLEN):
        yield Signal(
            SignalKind.REVENUE,
            _level(move.down(FALLEN_FAR)),
            facts.period.start,
            f"Revenue in {periods.said(facts.period)} is {move.percent} below {move.compared}: "
            f"{move.number.now} against {move.number.then}.",
            _figures(client, facts),
        )


def _figures(client: Client, facts: Facts) -> str:
    return f"{client.get_absolute_url()}figures/?period={facts.period.key}"


def _level(serious: bool) -> Level:
    return Level.RED if serious else Level.AMBER


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B}"
