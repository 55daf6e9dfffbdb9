"""Agreeing a client's plan, with what only the playbook knows: which rules there are, and whose hour is free.

The clients room keeps what was agreed; here it is checked against the playbook and the owner's other calls,
before anything is kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from django.db import transaction

from steadyhand.clients import plans
from steadyhand.clients.models import Departure, Engagement
from steadyhand.commitments import keeping
from steadyhand.commitments.drafting import Draft, drafts_of
from steadyhand.commitments.facts import ClientFacts, load_clients
from steadyhand.commitments.ground import Ground
from steadyhand.commitments.kinds import TIMED, Kind, State
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.timing import length
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.core.recurrence import Cadence
from steadyhand.core.refusals import Refusal
from steadyhand.playbook.evaluation import promises
from steadyhand.playbook.facts import Agreed
from steadyhand.playbook.promises import Promise
from steadyhand.playbook.rules import DEPARTABLE, RULES, Rule

#: A free time is looked for at every quarter of an hour.
STEP = dt.timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bespoke plan: what is promised, how often, for how long (None: the rule's own)."""

    rule: str
    cadence: str
    minutes: int | None = None


@transaction.atomic
def agree_time(
    engagement: Engagement,
    rule: str,
    *,
    by: Actor,
    weekday: int | None = None,
    day_of_month: int | None = None,
    time: dt.time | None = None,
    revision: int | None = None,
    batch: UUID | None = None,
) -> None:
    """Settle on a day and time for one rule (S1); nothing given takes it back.

    Refuses a rule this client does not get, a day its cadence does not have, and an hour at which the owner
    already has a call.
    """
    if weekday is not None or day_of_month is not None or time is not None:
        promise = _promised(engagement, rule)
        _check_day(promise, weekday, day_of_month)
        if time is not None:
            check_agreed_time(engagement, rule, weekday=weekday, day_of_month=day_of_month, time=time)
    plans.agree_time(
        engagement,
        rule,
        by=by,
        weekday=weekday,
        day_of_month=day_of_month,
        time=time,
        revision=revision,
        batch=batch,
    )


@transaction.atomic
def depart(
    engagement: Engagement,
    rule: str,
    *,
    by: Actor,
    cadence: str,
    reason: str,
    minutes: int | None = None,
    revision: int | None = None,
    batch: UUID | None = None,
) -> Departure:
    """Give this client something else than the playbook says. No cadence: not at all."""
    known = check_rule(rule)
    return plans.depart(
        engagement,
        rule,
        by=by,
        cadence=_check_cadence(known, cadence),
        reason=reason,
        minutes=minutes,
        revision=revision,
        batch=batch,
    )


@transaction.atomic
def agree_bespoke(
    engagement: Engagement, lines: Iterable[Line], *, by: Actor, reason: str, revision: int | None = None
) -> UUID:
    """Agree the plan of a client above the top band: its lines are the plan, and the promise to agree it is
    kept. The acts share a batch, which is returned.
    """
    wanted = list(lines)
    if not wanted:
        raise Refusal(
            "A plan needs at least one line.", remedy="Say how often you call or report.", field="lines"
        )
    batch = uuid4()
    asked = Commitment.objects.filter(
        engagement=engagement, kind=Kind.PLAN_AGREEMENT, state__in=[State.OPEN, State.MISSED]
    ).first()
    for line in wanted:
        depart(
            engagement,
            line.rule,
            by=by,
            cadence=line.cadence,
            minutes=line.minutes,
            reason=reason,
            revision=revision,
            batch=batch,
        )
        revision = None if revision is None else revision + 1
    if asked is not None:
        keeping.complete(asked, by=by, note="The plan was agreed.", batch=batch)
    return batch


def check_rule(rule: str) -> Rule:
    """The rule of that key; refuses one that a client's own plan cannot name."""
    if rule not in DEPARTABLE:
        nouns = ", ".join(RULES[key].noun for key in DEPARTABLE)
        raise Refusal(
            f"“{rule}” is nothing a plan can name.", remedy=f"Choose one of: {nouns}.", field="rule"
        )
    return RULES[rule]


def _check_cadence(rule: Rule, cadence: str) -> str:
    """The cadence as it is kept; empty is not at all."""
    if not cadence:
        return ""
    try:
        wanted = Cadence(cadence)
    except ValueError as error:
        known = ", ".join(c.words for c in Cadence if c is not Cadence.ONCE)
        raise Refusal(
            f"“{cadence}” is not how often something can happen.",
            remedy=f"Choose one of: {known}.",
            field="cadence",
        ) from error
    if rule.once != (wanted is Cadence.ONCE):
        often = "once" if rule.once else "more than once"
        raise Refusal(
            f"The {rule.noun} happens {often}, so it cannot be {wanted.words}.",
            remedy="Leave its cadence as it is, or take it out.",
            field="cadence",
        )
    return str(wanted)


def _check_day(promise: Promise, weekday: int | None, day_of_month: int | None) -> None:
    noun, cadence = RULES[promise.rule].noun, promise.cadence
    if cadence is Cadence.ONCE and promise.period == "once" and (weekday or day_of_month) is not None:
        raise Refusal(
            f"The {noun} happens once; its day follows from the start.",
            remedy="Move the promise itself instead.",
            field="weekday",
        )
    in_weeks = cadence in (Cadence.WEEKLY, Cadence.FORTNIGHTLY, Cadence.ONCE)
    if in_weeks and day_of_month is not None:
        raise Refusal(
            f"A {cadence.words} {noun} has no day of the month.",
            remedy="Choose a weekday.",
            field="day_of_month",
        )
    if weekday is not None and day_of_month is not None:
        raise Refusal(
            "A weekday and a day of the month seldom agree.", remedy="Choose one.", field="day_of_month"
        )


def check_agreed_time(
    engagement: Engagement,
    rule: str,
    *,
    time: dt.time,
    weekday: int | None = None,
    day_of_month: int | None = None,
) -> None:
    """Refuse an hour at which an owner of this rule's calls already has one, and name a free hour."""
    ground = Ground.survey()
    if ground is None:
        return
    facts = _facts(engagement, ground)

    def drafts_at(hour: dt.time) -> list[Draft]:
        agreed = Agreed(rule, weekday, day_of_month, hour)
        return [
            draft
            for draft in drafts_of(_with(facts, engagement.pk, agreed), ground, ground.as_of)
            if draft.engagement_id == engagement.pk and draft.rule == rule and draft.is_timed
        ]

    drafts = drafts_at(time)
    taken = _taken(engagement, rule, {d.owner_id for d in drafts if d.owner_id is not None}, ground)
    clash = _first_clash(drafts, taken)
    if clash is None:
        return
    free = next((hour for hour in _hours(drafts) if _first_clash(drafts_at(hour), taken) is None), None)
    remedy = f"{free:%H:%M} is free on all of these days." if free else "Choose another day."
    start = clash.starts_local
    assert start is not None and clash.owner is not None  # noqa: S101
    ends = start + dt.timedelta(minutes=length(clash.kind, clash.minutes))
    whom = f" with {clash.client.name}" if clash.client else ""
    raise Refusal(
        f"{clash.owner.name} has “{clash.title}”{whom} on {clash.due_on.day} {clash.due_on:%B} from "
        f"{start:%H:%M} to {ends:%H:%M}.",
        remedy=remedy,
        field="time",
    )


def _taken(engagement: Engagement, rule: str, owners: set[int], ground: Ground) -> list[Commitment]:
    """What these owners have at fixed hours, besides what this agreement would itself move."""
    rows = Commitment.objects.filter(
        owner__in=owners,
        state=State.OPEN,
        kind__in=TIMED,
        starts_at__isnull=False,
        due_on__gte=ground.as_of,
    )
    moves_along = rows.filter(engagement=engagement, rule=rule, touched_at=None)
    return list(rows.exclude(pk__in=moves_along).select_related("client", "owner").order_by("starts_at"))


def _first_clash(drafts: list[Draft], taken: list[Commitment]) -> Commitment | None:
    settled = {(row.rule, row.period) for row in taken if row.touched_at is not None}
    for draft in drafts:
        if draft.starts_at is None or (draft.rule, draft.period) in settled:
            continue
        for row in taken:
            assert row.starts_at is not None  # noqa: S101
            meets = row.starts_at < draft.due_at and draft.starts_at < row.due_at
            if row.owner_id == draft.owner_id and meets:
                return row
    return None


def _hours(drafts: list[Draft]) -> list[dt.time]:
    """Times of the agency's day at which the whole call fits, in order."""
    agency = Agency.get()
    lasts = max((length(d.kind, d.minutes) for d in drafts), default=0)
    day = dt.date(2000, 1, 1)
    at = dt.datetime.combine(day, agency.day_starts)
    until = dt.datetime.combine(day, agency.day_ends) - dt.timedelta(minutes=lasts)
    hours = []
    while at <= until:
        hours.append(at.time())
        at += STEP
    return hours


def _promised(engagement: Engagement, rule: str) -> Promise:
    """What the playbook promises this engagement by that rule; refuses what it does not."""
    ground = Ground.survey()
    if ground is None:
        raise Refusal("No playbook is published yet.", remedy="Publish one first.")
    facts = _facts(engagement, ground)
    for each in facts.engagements:
        if each.engagement_id == engagement.pk:
            for promise in promises(ground.policy, each.facts):
                if promise.rule == rule:
                    return promise
    noun = RULES[rule].noun if rule in RULES else rule
    raise Refusal(
        f"{engagement.title} has no {noun} in its plan, so it can have no time.",
        remedy="Add it to the plan first.",
        field="rule",
    )


def _facts(engagement: Engagement, ground: Ground) -> ClientFacts:
    return load_clients([engagement.client_id], ground.around, {})[0]


def _with(facts: ClientFacts, engagement_id: int, agreed: Agreed) -> ClientFacts:
    """The same client, had this been agreed."""
    return replace(
        facts,
        engagements=tuple(
            replace(
                each,
                facts=replace(
                    each.facts,
                    agreed=(*(a for a in each.facts.agreed if a.rule != agreed.rule), agreed),
                ),
            )
            if each.engagement_id == engagement_id
            else each
            for each in facts.engagements
        ),
    )
