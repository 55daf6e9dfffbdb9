"""Agreeing a client's plan: days and times, and where it departs from the playbook (S1)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from steadyhand.clients.book import lock_plan
from steadyhand.clients.models import AgreedTime, Departure, Engagement
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal

TIME_FIELDS = ("weekday", "day_of_month", "time")
DEPARTURE_FIELDS = ("cadence", "minutes", "reason")


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
    """The client and we settle on a day (and time) for one rule; nothing given takes it back."""
    client = lock_plan(engagement.client, revision)
    if weekday is not None and weekday not in range(7):
        raise Refusal("A weekday is Monday to Sunday.", field="weekday")
    if day_of_month is not None and day_of_month not in range(1, 32):
        raise Refusal("A day of the month is 1 to 31.", field="day_of_month")
    before = AgreedTime.objects.filter(engagement=engagement, rule=rule).values(*TIME_FIELDS).first()
    if weekday is None and day_of_month is None and time is None:
        AgreedTime.objects.filter(engagement=engagement, rule=rule).delete()
    else:
        AgreedTime.objects.update_or_create(
            engagement=engagement,
            rule=rule,
            defaults={"weekday": weekday, "day_of_month": day_of_month, "time": time},
        )
    events.record(
        "plan.time_agreed",
        by=by,
        client_id=client.pk,
        subject=engagement,
        batch=batch,
        rule=rule,
        weekday=weekday,
        day_of_month=day_of_month,
        time=time.isoformat("minutes") if time else None,
        before=before,
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
    """This client gets something else than the playbook says, for a reason. No cadence: not at all."""
    client = lock_plan(engagement.client, revision)
    if not reason.strip():
        raise Refusal(
            "Say why this client departs from the playbook.",
            remedy="One sentence; your colleagues will read it.",
            field="reason",
        )
    if minutes is not None and not 1 <= minutes <= 480:
        raise Refusal("A call or meeting lasts 1 to 480 minutes.", field="minutes")
    before = Departure.objects.filter(engagement=engagement, rule=rule).values(*DEPARTURE_FIELDS).first()
    departure, _ = Departure.objects.update_or_create(
        engagement=engagement,
        rule=rule,
        defaults={
            "cadence": cadence,
            "minutes": minutes,
            "reason": reason.strip()[:300],
            "by_name": by.name,
            "at": clock.now(),
        },
    )
    events.record(
        "plan.departed",
        by=by,
        client_id=client.pk,
        subject=engagement,
        batch=batch,
        rule=rule,
        cadence=cadence,
        minutes=minutes,
        reason=reason.strip(),
        before=before,
    )
    return departure


@transaction.atomic
def return_to_playbook(
    engagement: Engagement,
    rule: str,
    *,
    by: Actor,
    revision: int | None = None,
    batch: UUID | None = None,
) -> None:
    """Take a departure back: the playbook's rule holds again."""
    client = lock_plan(engagement.client, revision)
    departures = Departure.objects.filter(engagement=engagement, rule=rule)
    before = departures.values(*DEPARTURE_FIELDS).first()
    if before is None:
        raise Refusal("This rule already follows the playbook.")
    departures.delete()
    events.record(
        "plan.returned",
        by=by,
        client_id=client.pk,
        subject=engagement,
        batch=batch,
        rule=rule,
        before=before,
    )
