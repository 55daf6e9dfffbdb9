"""What is agreed with a client about figures: what they should reach, and what can be tracked at all (R2)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from steadyhand.clients.models import Client, Contact
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.onboarding.models import Goal
from steadyhand.reporting.metrics.definitions import METRICS, Good
from steadyhand.reporting.metrics.reading import Figure
from steadyhand.reporting.models import Target, TrackingAgreement

#: Within this share of the target's way a figure is close; further off it is missed.
CLOSE = Decimal("0.9")


@dataclass(frozen=True, slots=True)
class Progress:
    """A target beside the figure it is for. `share` 1 is reached; for costs, staying below is reaching."""

    target: Target
    figure: Figure
    amount: Decimal
    share: Decimal | None

    @property
    def standing(self) -> str:
        """“reached”, “close”, “missed”, “unmeasured”; “58% so far” while a sum still grows."""
        if self.share is None:
            return "unmeasured"
        if self._still_grows and not (self.share >= 1 and self.figure.metric.good is Good.UP):
            return f"{(self.figure.value or 0) / self.amount:.0%} so far" if self.amount else "so far"
        return "reached" if self.share >= 1 else "close" if self.share >= CLOSE else "missed"

    @property
    def _still_grows(self) -> bool:
        figure = self.figure
        return figure.metric.summed and figure.until is not None and figure.until < figure.period.end


def progress(target: Target, figure: Figure) -> Progress:
    """How far a figure is. Sums count for as many months as the period has, rates stay as they are."""
    months = max(1, round((figure.period.end - figure.period.start).days / 30.44))
    amount = target.amount * months if figure.metric.summed else target.amount
    if figure.value is None or (figure.metric.good is Good.DOWN and figure.value == 0):
        share = None if figure.value is None else Decimal(1)
    elif figure.metric.good is Good.DOWN:
        share = amount / figure.value
    else:
        share = figure.value / amount if amount else Decimal(1)
    return Progress(target, figure, amount, share.quantize(Decimal("0.001")) if share is not None else None)


@transaction.atomic
def agree_target(
    client: Client,
    metric: str,
    amount: Decimal,
    from_day: dt.date,
    *,
    by: Actor,
    until: dt.date | None = None,
    goal: Goal | None = None,
    contact: Contact | None = None,
) -> Target:
    """A KPI: this much of a metric a month (a rate: this rate), from a day on. One a metric at a time."""
    if metric not in METRICS:
        raise Refusal(f"“{metric[:40]}” is not a metric we know.", field="metric")
    if amount < 0 or amount >= Decimal(10) ** 12:
        raise Refusal("A target is a figure from 0 up.", remedy="Correct it.", field="amount")
    if until is not None and until < from_day:
        raise Refusal("It ends before it starts.", remedy="Put the later day last.", field="until")
    for one in (goal, contact):
        if one is not None and one.client_id != client.pk:
            raise Refusal(f"That is not {client.name}'s.", remedy="Choose another.")
    standing = Target.objects.select_for_update().standing().filter(client=client, metric=metric)
    clash = standing.filter(from_day=from_day).first()
    if clash is not None:
        raise Refusal(
            f"{METRICS[metric].label} has a target from that day already.",
            remedy="Take it back first, or choose another day.",
            field="from_day",
        )
    standing.filter(from_day__lt=from_day, until=None).update(until=from_day - dt.timedelta(days=1))
    target = Target.objects.create(
        client=client,
        metric=metric,
        amount=amount,
        from_day=from_day,
        until=until,
        goal=goal,
        contact=contact,
        by_name=by.name,
        at=clock.now(),
    )
    _record("target.agreed", target, by)
    return target


@transaction.atomic
def drop_target(target: Target, *, by: Actor) -> Target:
    """It was not agreed after all."""
    target = Target.objects.select_for_update().get(pk=target.pk)
    if target.dropped_at is None:
        target.dropped_at = clock.now()
        target.save(update_fields=["dropped_at"])
        _record("target.dropped", target, by)
    return target


@transaction.atomic
def agree_tracking(
    client: Client,
    tracked: str,
    agreed_on: dt.date,
    *,
    by: Actor,
    left_out: str = "",
    spend: Decimal | None = None,
    currency: str = "",
    contact: Contact | None = None,
) -> TrackingAgreement:
    """What can be tracked at this spend, and what cannot: one a line. It replaces what stood before."""
    if not tracked.strip():
        raise Refusal("Say what is tracked.", remedy="One thing a line.", field="tracked")
    if agreed_on > clock.today(client.zone):
        raise Refusal("It cannot have been agreed in the future.", remedy="Correct it.", field="agreed_on")
    if contact is not None and contact.client_id != client.pk:
        raise Refusal(f"That is nobody at {client.name}.", remedy="Choose another.", field="contact")
    agreed = TrackingAgreement.objects.create(
        client=client,
        tracked=tracked.strip(),
        left_out=left_out.strip(),
        spend=spend,
        currency=currency if spend is not None else "",
        contact=contact,
        agreed_on=agreed_on,
        by_name=by.name,
        at=clock.now(),
    )
    text = ", ".join(agreed.tracked.splitlines())[:120]
    events.record("tracking.agreed", by=by, client_id=client.pk, subject=agreed, text=text)
    return agreed


def _record(verb: str, target: Target, by: Actor) -> None:
    events.record(
        verb,
        by=by,
        client_id=target.client_id,
        subject=target,
        metric=target.metric,
        label=METRICS[target.metric].label,
        amount=f"{target.amount.normalize():f}",
    )
