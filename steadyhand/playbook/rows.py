"""Rows of a playbook before they belong to an engagement: what does not depend on one, worked out once."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from steadyhand.core.recurrence import LAST_WORKING_DAY, Cadence, DayChoice, Preference
from steadyhand.playbook.bands import Band, edges, index_in
from steadyhand.playbook.matrices import Once, ProjectBand, Repeated, RetainerBand, Soon
from steadyhand.playbook.policy import Policy
from steadyhand.playbook.rules import RULES, Rule


class Row(NamedTuple):
    """A promise before it belongs to an engagement."""

    rule: Rule
    title: str
    cadence: Cadence
    preference: Preference
    minutes: int
    starts_after: bool = False
    """Whether the count of working days begins the day after the start."""


class CompiledBand(NamedTuple):
    words: str
    bespoke: bool
    rows: tuple[Row, ...]


class Matrix:
    """A reporting matrix, ready to be asked for thousands of amounts."""

    def __init__(self, bands: Iterable[tuple[Band, CompiledBand]]) -> None:
        pairs = list(bands)
        self.bands = [compiled for _, compiled in pairs]
        self._edges = edges([band for band, _ in pairs])
        ordinary = [number for number, band in enumerate(self.bands) if not band.bespoke]
        self._highest = ordinary[-1] if ordinary else 0

    def band(self, spend: Decimal, lifted: bool) -> tuple[CompiledBand, bool]:
        """The band of that spend, one higher when lifted, and whether the lift took effect.

        A lift never reaches a bespoke band: there is nothing above the highest ordinary one to lift to.
        """
        index = index_in(self._edges, spend)
        if lifted and index < self._highest:
            return self.bands[index + 1], True
        return self.bands[index], False


def fitting(preference: Preference, cadence: Cadence) -> Preference:
    too_short = cadence in (Cadence.WEEKLY, Cadence.FORTNIGHTLY) and preference.needs_months
    return LAST_WORKING_DAY if too_short else preference


def retainer_rows(policy: Policy, band: RetainerBand) -> tuple[Row, ...]:
    rows = []
    if band.call:
        rows.append(row("call", band.call))
    if band.report:
        rows.append(row("report", band.report))
    if band.dashboard:
        rows.append(soon_row("dashboard", policy.dashboard.within_working_days, policy))
    return tuple(rows)


def project_rows(band: ProjectBand) -> tuple[Row, ...]:
    once: tuple[tuple[str, Once | None], ...] = (
        ("opening-call", band.opening_call),
        ("project-setup", band.setup),
        ("closing-report", band.closing_report),
    )
    rows = [_once_row(rule, item) for rule, item in once if item]
    if band.call:
        rows.append(row("project-call", band.call))
    return tuple(rows)


def _once_row(rule: str, item: Once) -> Row:
    days = item.within_working_days if isinstance(item, Soon) else 0
    preference = Preference(DayChoice.NTH_WORKING, days) if days else LAST_WORKING_DAY
    return Row(RULES[rule], title(RULES[rule], Cadence.ONCE), Cadence.ONCE, preference, item.minutes)


def soon_row(rule: str, working_days: int, policy: Policy) -> Row:
    """Once, so many working days after a day, that day not counting."""
    minutes = policy.dashboard.minutes if rule == "dashboard" else policy.plan_agreement.minutes
    preference = Preference(DayChoice.NTH_WORKING, working_days)
    title = "Agree the plan with the client" if rule == "plan-agreement" else "Set up the live dashboard"
    return Row(RULES[rule], title, Cadence.ONCE, preference, minutes, starts_after=True)


def row(rule: str, repeated: Repeated) -> Row:
    return repeating(rule, repeated.cadence, repeated.preference, repeated.minutes)


def repeating(rule: str, cadence: Cadence, preference: Preference, minutes: int) -> Row:
    found = RULES[rule]
    return Row(found, title(found, cadence), cadence, fitting(preference, cadence), minutes)


def title(rule: Rule, cadence: Cadence) -> str:
    if rule.once or cadence is Cadence.ONCE:
        return rule.noun.capitalize()
    return f"{cadence.words} {rule.noun}".capitalize()


def lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def plain(name: str) -> str:
    return "-".join(name.lower().replace("_", " ").replace("-", " ").split())
