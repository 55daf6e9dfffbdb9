"""Facts in, promises out: what the playbook asks for one engagement, and why. Pure.

A book of thousands is evaluated at once, so a policy is compiled first: bands become a bisection, and
everything that does not depend on the engagement is worked out once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from steadyhand.core.recurrence import FIRST_WORKING_DAY, LAST_WORKING_DAY, Cadence, on_day
from steadyhand.playbook.bands import Band, band_words, edges, index_in, money
from steadyhand.playbook.departures import departed
from steadyhand.playbook.facts import Facts, ServiceFact
from steadyhand.playbook.feedback_days import feedback_day
from steadyhand.playbook.policy import Policy
from steadyhand.playbook.promises import Promise, with_agreed_time
from steadyhand.playbook.rows import (
    CompiledBand,
    Matrix,
    Row,
    lower,
    plain,
    project_rows,
    repeating,
    retainer_rows,
    row,
    soon_row,
)
from steadyhand.playbook.rules import RULES

ONE_DAY = dt.timedelta(days=1)
LONGEST_MONTH = dt.timedelta(days=31)
LIFT_WORDS = {"room_to_grow": "room to grow", "lifetime_value": "likely lifetime value"}


class CompiledPolicy:
    """A policy prepared for `promises`. Build it once for many engagements."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.currency = policy.currency
        self.retainers = Matrix(
            (band, self._compiled(policy.retainer_matrix, number, retainer_rows(policy, band)))
            for number, band in enumerate(policy.retainer_matrix)
        )
        self.projects = Matrix(
            (band, self._compiled(policy.project_matrix, number, project_rows(band)))
            for number, band in enumerate(policy.project_matrix)
        )
        self.review = row("review", policy.review)
        self.upsell = row("upsell-review", policy.upsell_review) if policy.upsell_review else None
        self.paid_search_edges = edges(policy.paid_search.bands)
        self.paid_search = [
            (
                band_words(policy.paid_search.bands, number, policy.currency),
                repeating("paid-search-report", band.cadence, LAST_WORKING_DAY, policy.paid_search.minutes),
            )
            for number, band in enumerate(policy.paid_search.bands)
        ]
        self.paid_channels = frozenset(plain(channel) for channel in policy.paid_search.channels)
        self.pot_edges = edges(policy.entertainment.bands)
        self.feedback = {
            rule: repeating(rule, policy.feedback.cadence, on_day(policy.feedback.days[0]), minutes)
            for rule, minutes in (
                ("survey", policy.feedback.survey_minutes),
                ("sponsor-call", policy.feedback.sponsor_call_minutes),
            )
        }
        decline = "; the client may decline it" if policy.first_month.client_may_decline else ""
        self.meeting_because = f"weekly meeting of the first month, so that everything gets going{decline}"
        self.meeting_minutes = policy.first_month.meeting_minutes
        self.agreement = soon_row("plan-agreement", policy.plan_agreement.within_working_days, policy)

    def _compiled(self, bands: tuple[Band, ...], number: int, rows: tuple[Row, ...]) -> CompiledBand:
        bespoke = bool(getattr(bands[number], "bespoke", False))
        return CompiledBand(band_words(bands, number, self.currency), bespoke, rows)

    def promises(self, facts: Facts) -> tuple[Promise, ...]:
        """Every promise the playbook makes for these facts, in a fixed order."""
        made = list(self._retainer(facts) if facts.kind == "retainer" else self._project(facts))
        if facts.departures:
            made = list(departed(made, facts))
        if facts.agreed:
            times = {agreed.rule: agreed for agreed in facts.agreed}
            made = [with_agreed_time(p, times[p.rule]) if p.rule in times else p for p in made]
        return tuple(self._apart_from_ratings(made, facts))

    def _retainer(self, facts: Facts) -> Iterator[Promise]:
        band, lifted = self.retainers.band(facts.spend, bool(facts.lift))
        if facts.leading:
            spend = f"they spend {money(facts.spend, self.currency)} a month"
            yield from self._matrix_rows(band, lifted, facts, spend)
            if not band.bespoke:
                yield from self._client_rows(facts)
            yield from self._first_month(facts)
        yield from self._service_setup(facts)
        if not band.bespoke:
            yield from self._paid_search(facts)

    def _project(self, facts: Facts) -> Iterator[Promise]:
        band, lifted = self.projects.band(facts.spend, bool(facts.lift))
        worth = f"the project is worth {money(facts.spend, self.currency)}"
        yield from self._matrix_rows(band, lifted, facts, worth)
        yield from self._service_setup(facts)

    def _matrix_rows(self, band: CompiledBand, lifted: bool, facts: Facts, spend: str) -> Iterator[Promise]:
        if band.bespoke:
            if not facts.departures:
                because = f"plan to be agreed with the client, because {spend} ({band.words} is bespoke)"
                yield self._from(self.agreement, facts, because, start=facts.raised_on)
            return
        cause = f"because {spend} (band {band.words})"
        if lifted:
            cause = f"one band up for {LIFT_WORDS[facts.lift]}: {spend}, and band {band.words} applies"
        source = "lift" if lifted else "playbook"
        for each in band.rows:
            because = f"{lower(each.title)}, {cause}"
            if each.rule.key == "dashboard":
                yield self._from(each, facts, because, source=source, start=self._dashboard_from(facts))
            elif each.rule.key != "closing-report":
                yield self._from(each, facts, because, source=source)
            elif facts.end is not None:
                yield self._from(each, facts, because, source=source, anchor=facts.end)

    def _dashboard_from(self, facts: Facts) -> dt.date:
        """The day a client came by its dashboard: its start, or the day it grew into a band that has one."""
        if facts.changed_on is None or facts.spend_before is None:
            return facts.start
        before, _ = self.retainers.band(facts.spend_before, bool(facts.lift))
        had_one = any(row.rule.key == "dashboard" for row in before.rows)
        return facts.start if had_one else max(facts.start, facts.changed_on)

    def _client_rows(self, facts: Facts) -> Iterator[Promise]:
        policy = self.policy
        often = policy.review.cadence.words
        yield self._from(self.review, facts, f"{often} client review, because every retained client has one")
        if facts.has_sponsor:
            because = "sponsor call, because the client has an executive sponsor, who asks how happy they are"
            yield self._from(self.feedback["sponsor-call"], facts, because)
        else:
            because = "survey, because the client has no executive sponsor to ask how happy they are"
            yield self._from(self.feedback["survey"], facts, because)
        if self.upsell:
            because = (
                f"{self.upsell.cadence.words} look for upsell and cross-sell, because every client has one"
            )
            yield self._from(self.upsell, facts, because)
        yield from self._entertainment(facts)

    def _entertainment(self, facts: Facts) -> Iterator[Promise]:
        entertainment = self.policy.entertainment
        pot = entertainment.bands[index_in(self.pot_edges, facts.spend)].pot(facts.propensity)
        if not pot.amount:
            return
        span = "quarter" if entertainment.months == 3 else "half-year"
        total = money(pot.amount * entertainment.months, self.currency)
        row = Row(
            RULES["entertainment"],
            f"Plan the entertainment for the {span}: {total} in the pot",
            Cadence(entertainment.rollup),
            FIRST_WORKING_DAY,
            entertainment.minutes,
        )
        spends = f"{money(facts.spend, self.currency)} a month and {facts.propensity} propensity to spend"
        each = money(pot.amount, self.currency)
        yield self._from(
            row,
            facts,
            f"{each} a month to entertain them, because of {spends}: {lower(pot.reason).rstrip('.')}",
        )

    def _paid_search(self, facts: Facts) -> Iterator[Promise]:
        if not any(self._is_paid_search(service) for service in facts.services):
            return
        words, row = self.paid_search[index_in(self.paid_search_edges, facts.spend)]
        spend = money(facts.spend, self.currency)
        yield self._from(
            row,
            facts,
            f"{lower(row.title)} with a question on lead quality, because they buy paid search and spend "
            f"{spend} a month (band {words})",
        )

    def _is_paid_search(self, service: ServiceFact) -> bool:
        return plain(service.channel or service.name) in self.paid_channels

    def _first_month(self, facts: Facts) -> Iterator[Promise]:
        rule = RULES["first-month-meeting"]
        months = self.policy.first_month.months
        if facts.start + months * LONGEST_MONTH < facts.raised_on:
            return  # long over; nothing that is past is ever promised
        last = facts.start + relativedelta(months=months) - ONE_DAY
        if facts.end is not None:
            last = min(last, facts.end)
        week = facts.start
        number = 1
        while week <= last:
            until = min(week + 6 * ONE_DAY, last)
            yield Promise(
                rule=rule.key,
                slot=number,
                kind=rule.kind,
                title=f"First-month meeting, week {number}",
                cadence=Cadence.ONCE,
                preference=LAST_WORKING_DAY,
                time=None,
                minutes=self.meeting_minutes,
                responsibility=rule.responsibility,
                internal=rule.internal,
                bounds=(week, until),
                anchor=None,
                because=self.meeting_because,
                source="playbook",
                period=f"first-month-{number}",
            )
            week, number = week + 7 * ONE_DAY, number + 1

    def _service_setup(self, facts: Facts) -> Iterator[Promise]:
        first_month = self.policy.first_month
        rule = RULES["service-setup"]
        last = facts.start + (first_month.setup_within_days - 1) * ONE_DAY
        if facts.end is not None:
            last = min(last, max(facts.end, facts.start))
        for service in facts.services:
            if service.website_build and first_month.except_website_builds:
                continue
            yield Promise(
                rule=rule.key,
                slot=service.number,
                kind=rule.kind,
                title=f"Set up and start {service.name}",
                cadence=Cadence.ONCE,
                preference=LAST_WORKING_DAY,
                time=None,
                minutes=first_month.setup_minutes,
                responsibility=rule.responsibility,
                internal=rule.internal,
                bounds=(facts.start, last),
                anchor=None,
                because=f"{service.name} set up and started, because that happens inside the first "
                f"{first_month.setup_within_days} days",
                source="playbook",
            )

    def _apart_from_ratings(self, made: list[Promise], facts: Facts) -> list[Promise]:
        """Move the feedback of a client out of the week in which its monthly ratings are asked (L1)."""
        fixed = {agreed.rule for agreed in facts.agreed}
        call = next((p for p in made if p.rule == "call"), None)
        if call is None:
            return made
        day = feedback_day(self.policy.feedback.days, call.cadence, call.preference)
        return [
            p._replace(preference=on_day(day))
            if p.rule in self.feedback and p.source != "departure" and p.rule not in fixed
            else p
            for p in made
        ]

    def _from(
        self,
        row: Row,
        facts: Facts,
        because: str,
        *,
        source: str = "playbook",
        start: dt.date | None = None,
        anchor: dt.date | None = None,
    ) -> Promise:
        start = start or facts.start
        end = facts.end
        if row.starts_after:
            start += ONE_DAY
            end = None if end is None or end < start else end
        rule = row.rule
        return Promise(
            rule.key,
            1,
            rule.kind,
            row.title,
            row.cadence,
            row.preference,
            None,
            row.minutes,
            rule.responsibility,
            rule.internal,
            (start, end),
            anchor,
            because,
            source,
        )


@lru_cache(maxsize=32)
def compiled(policy: Policy) -> CompiledPolicy:
    """The policy prepared for many evaluations; cached by its digest."""
    return CompiledPolicy(policy)


def promises(policy: Policy, facts: Facts) -> tuple[Promise, ...]:
    """Every promise the playbook makes for these facts. For many engagements use `compiled(policy)`."""
    return compiled(policy).promises(facts)


def agency_promises(policy: Policy) -> tuple[Promise, ...]:
    """What the agency owes itself, without a client: the monthly vote on the surprise pot (B9)."""
    pot = policy.surprise_pot
    rule = RULES["surprise-vote"]
    amount = money(pot.monthly_amount, policy.currency)
    if not pot.monthly_amount:
        return ()
    return (
        Promise(
            rule=rule.key,
            slot=1,
            kind=rule.kind,
            title=f"Vote on this month's surprise: {amount} for one client",
            cadence=Cadence.MONTHLY,
            preference=LAST_WORKING_DAY,
            time=None,
            minutes=pot.minutes,
            responsibility=rule.responsibility,
            internal=True,
            bounds=(dt.date(1970, 1, 1), None),
            anchor=None,
            because=f"surprise-and-delight vote, because the team gives {amount} a month to one client",
            source="playbook",
        ),
    )
