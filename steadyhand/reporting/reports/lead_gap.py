"""Leads as we count them against what the client experiences, side by side (R10).

The rule: there is a gap where their count differs from ours by more than the client's threshold, or where our
leads are up by 5% or more on the month before, or on target, while at least half of those who answered say
that a few or none were worth their time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from steadyhand.clients.models import Client
from steadyhand.core import clock
from steadyhand.reporting.metrics import wording
from steadyhand.reporting.metrics.reading import Figure
from steadyhand.reporting.models import LeadQuality, Report, ReportRules, Worth
from steadyhand.reporting.reports.crm import Crm, crm_of
from steadyhand.reporting.reports.periods import named

POOR = (Worth.FEW, Worth.NONE)
#: What counts as leads in a report, the nearest to a person's name first.
COUNTS = ("leads", "ad_conversions")
#: Answers older than so many days say nothing of today.
RECENT = dt.timedelta(days=120)
#: A longer month alone brings 3 % more.
CLEARLY_UP = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class OurCount:
    """Leads of a report's period as they were frozen: how many, and whether we would call that good."""

    count: int | None
    change: Decimal | None
    on_target: bool

    @property
    def looks_good(self) -> bool:
        """Clearly up on the month before, or on target."""
        return self.on_target or bool(self.change and self.change >= CLEARLY_UP)

    @property
    def note(self) -> str:
        """“+12% on the month before, on target”; "" where nothing is known beside the count."""
        parts = ["on target"] if self.on_target else []
        if self.change is not None:
            words = wording.change(self.change)
            level = "as many as the month before"
            parts.insert(0, level if words == "no change" else f"{words} on the month before")
        return ", ".join(parts)

    @property
    def words(self) -> str:
        """“42 leads, +12% on the month before, on target”."""
        count = f"{self.count} leads" if self.count is not None else "no leads counted"
        return f"{count}, {self.note}" if self.note else count


@dataclass(frozen=True, slots=True)
class LeadGap:
    """One report's leads, ours beside theirs. `reasons` is empty where both see the same."""

    report: Report
    period: str
    ours: OurCount
    answers: list[LeadQuality]
    reasons: list[str]
    crm: Crm

    @property
    def is_gap(self) -> bool:
        """Whether what we count and what they experience differ."""
        return bool(self.reasons)

    @property
    def advice(self) -> str:
        """What follows from a gap, as a sentence; empty without one."""
        advice = self.crm.advice
        return f"{advice[:1].upper()}{advice[1:]}." if self.is_gap else ""

    def as_data(self) -> dict[str, Any]:
        """For the API."""
        return {
            "report": self.report.pk,
            "period": self.report.period,
            "counted": self.ours.count,
            "ours": self.ours.words,
            "answers": [
                {"name": row.name, "worth": row.worth, "seen": row.seen, "gap": row.gap, "at": row.at}
                for row in self.answers
            ],
            "reasons": self.reasons,
            "advice": self.advice,
        }


def lead_gap(client: Client) -> LeadGap | None:
    """The newest report whose leads they judged lately; nothing where nobody was asked or answered."""
    since = clock.now() - RECENT
    rows = LeadQuality.objects.filter(client=client, at__gte=since).select_related("report")
    newest = rows.order_by("-report__last_day", "-at").first()
    if newest is None:
        return None
    report = newest.report
    report.client = client
    answers = list(report.lead_qualities.all())
    ours = our_count(report.content)
    reasons = reasons_of(ours, answers, ReportRules.of(client).lead_gap)
    return LeadGap(report, named(report.first_day, report.last_day), ours, answers, reasons, crm_of(client))


def our_count(content: Mapping[str, Any]) -> OurCount:
    """What a report's frozen figures say of its leads."""
    kept = {one["metric"]: one for one in content.get("figures", [])}
    row = next((kept[key] for key in COUNTS if key in kept), None)
    count = content.get("leads")
    if row is None:
        return OurCount(count, None, False)
    target = row.get("target") or {}
    return OurCount(count, Figure.of_json(row).month_change, bool(target) and target.get("tone") == "well")


def reasons_of(ours: OurCount, answers: Sequence[LeadQuality], threshold: int) -> list[str]:
    """Why there is a gap, in words; none where there is none."""
    reasons = [
        f"{row.name} counts {row.seen}, we count {row.counted}"
        for row in answers
        if is_beyond(row, threshold)
    ]
    poor = sum(row.worth in POOR for row in answers)
    if answers and poor * 2 >= len(answers) and ours.looks_good:
        good = "on target" if ours.on_target else f"{wording.change(ours.change)} on the month before"
        worst = next(row for row in answers if row.worth in POOR)
        reasons.append(f"our leads are {good}, yet {worst.get_worth_display()} were worth their time")
    return reasons


def is_beyond(row: LeadQuality, threshold: int) -> bool:
    """Whether their count differs from ours by more per cent than the client's threshold."""
    return row.gap is not None and row.gap > threshold
