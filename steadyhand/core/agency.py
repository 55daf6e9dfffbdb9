"""The agency's own settings: founding it, changing it, its closed days and its rates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction

from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency, ClosedDay, ExchangeRate
from steadyhand.core.money import check_currency
from steadyhand.core.refusals import Refusal

CHANGEABLE = (
    "name",
    "country",
    "subdivision",
    "zone",
    "language",
    "working_days",
    "day_starts",
    "day_ends",
    "horizon_weeks",
)


@transaction.atomic
def found(
    *,
    by: Actor,
    name: str = "My agency",
    currency: str = "GBP",
    country: str = "GB",
    zone: str = "Europe/London",
    working_days: str = "01234",
    language: str = "en-gb",
) -> Agency:
    """Set up the agency; refuses a second one, and values that cannot be right."""
    if Agency.current() is not None:
        raise Refusal("This installation already has an agency.", remedy="Change it under Settings.")
    agency = Agency(
        pk=1,
        name=name.strip() or "My agency",
        currency=check_currency(currency),
        country=check_country(country),
        zone=clock.zone_info(zone).key,
        working_days=check_working_days(working_days),
        language=language,
        founded_at=clock.now(),
    )
    agency.save(force_insert=True)
    events.record("agency.founded", by=by, subject=agency, name=agency.name)
    return agency


@transaction.atomic
def change(*, by: Actor, **values: Any) -> Agency:
    """Change settings of the agency (any of `CHANGEABLE`). The currency stays: every figure hangs on it."""
    agency = Agency.objects.select_for_update().get(pk=1)
    checks = {"country": check_country, "working_days": check_working_days, "zone": _zone}
    changed: dict[str, list[str]] = {}
    for name, value in values.items():
        if name not in CHANGEABLE:
            raise Refusal(f"“{name}” is not a setting that can be changed.", field=name)
        value = checks[name](value) if name in checks else value
        before = getattr(agency, name)
        if before != value:
            changed[name] = [str(before), str(value)]
            setattr(agency, name, value)
    if agency.day_starts >= agency.day_ends:
        raise Refusal("The working day ends before it starts.", remedy="Put the end later.", field="day_ends")
    if changed:
        agency.save()
        events.record("agency.changed", by=by, subject=agency, changed=changed)
    return agency


@transaction.atomic
def close_day(day: dt.date, reason: str, *, by: Actor) -> ClosedDay:
    """The agency does not work on this day; promises move off it."""
    closed, made = ClosedDay.objects.update_or_create(
        day=day, defaults={"reason": reason.strip() or "Closed"}
    )
    events.record("agency.day_closed", by=by, subject=closed, day=day, reason=closed.reason, new=made)
    return closed


@transaction.atomic
def reopen_day(day: dt.date, *, by: Actor) -> None:
    """Work on this day after all."""
    closed = ClosedDay.objects.filter(day=day).first()
    if closed is None:
        raise Refusal(f"{day:%d %B %Y} was not closed.")
    events.record("agency.day_reopened", by=by, subject=closed, day=day)
    closed.delete()


@transaction.atomic
def set_rate(currency: str, rate: Decimal, from_day: dt.date, *, by: Actor) -> ExchangeRate:
    """What one unit of `currency` is worth in the agency's currency from a day on."""
    code = check_currency(currency)
    if code == Agency.get().currency:
        raise Refusal(f"{code} is the agency's own currency and needs no rate.", field="currency")
    if rate <= 0:
        raise Refusal("A rate is above zero.", remedy=f"Write what 1 {code} is worth.", field="rate")
    row, _ = ExchangeRate.objects.update_or_create(currency=code, from_day=from_day, defaults={"rate": rate})
    events.record("agency.rate_set", by=by, subject=row, currency=code, rate=rate, from_day=from_day)
    return row


def rates_on(day: dt.date) -> dict[str, Decimal]:
    """The rate of every currency on a day: the latest that had begun by then."""
    rates: dict[str, Decimal] = {}
    for row in ExchangeRate.objects.filter(from_day__lte=day).order_by("currency", "from_day"):
        rates[row.currency] = row.rate
    return rates


def check_working_days(days: str) -> str:
    """Digits 0 (Monday) to 6 in order, at least one."""
    clean = "".join(sorted(set(days)))
    if not clean or set(clean) - set("0123456"):
        raise Refusal(
            "A working week needs at least one day, Monday to Sunday.",
            remedy="Choose the days the agency works.",
            field="working_days",
        )
    return clean


def check_country(code: str) -> str:
    """An ISO 3166 code of two letters, in capitals."""
    clean = code.strip().upper()
    if len(clean) != 2 or not clean.isalpha():
        raise Refusal(
            f"“{code}” is not a country code.", remedy="Use two letters, for instance GB.", field="country"
        )
    return clean


def _zone(name: str) -> str:
    return clock.zone_info(name).key
