"""Engagements: begin, change what is paid, pause, end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from steadyhand.clients.models import Client, Engagement, EngagementKind, Pause, Service, SpendChange, Stage
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.money import check_currency
from steadyhand.core.refusals import Refusal


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service as somebody names it, before it has a number."""

    name: str
    channel: str = ""
    website_build: bool = False


@transaction.atomic
def begin_engagement(
    client: Client,
    kind: EngagementKind,
    *,
    by: Actor,
    amount: Decimal,
    currency: str,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    title: str = "",
    services: Iterable[ServiceLine] = (),
    batch: UUID | None = None,
) -> Engagement:
    """A client buys something. `amount` is monthly for a retainer, the whole value of a project."""
    client = Client.objects.select_for_update().get(pk=client.pk)
    if client.stage in (Stage.ENDED, Stage.MERGED):
        raise Refusal(f"{client.name} has ended.", remedy="Add them as a client again first.")
    _check_dates(client.name, starts_on, ends_on)
    _check_amount(amount)
    lines = list(services)
    number = Engagement.objects.filter(ref__startswith=f"{client.ref}-").count() + 1
    while Engagement.objects.filter(ref=f"{client.ref}-{number}").exists():
        number += 1
    engagement = Engagement.objects.create(
        client=client,
        ref=f"{client.ref}-{number}",
        kind=kind,
        title=(title or ", ".join(line.name for line in lines) or EngagementKind(kind).label.capitalize())[
            :200
        ],
        amount=amount,
        currency=check_currency(currency),
        starts_on=starts_on,
        ends_on=ends_on,
        made_at=clock.now(),
    )
    for place, line in enumerate(lines, start=1):
        _add_service(engagement, place, line)
    if client.since is None or starts_on < client.since:
        client.since = starts_on
        client.save(update_fields=["since"])
    events.record(
        "engagement.begun",
        by=by,
        client_id=client.pk,
        subject=engagement,
        batch=batch,
        title=engagement.title,
        kind=str(kind),
        amount=amount,
        currency=engagement.currency,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return engagement


@transaction.atomic
def change_spend(
    engagement: Engagement,
    amount: Decimal,
    *,
    by: Actor,
    currency: str = "",
    reason: str = "",
    batch: UUID | None = None,
) -> Engagement:
    """What the client pays changes; the plan follows."""
    engagement = _locked(engagement)
    _check_amount(amount)
    currency = check_currency(currency) if currency else engagement.currency
    if (amount, currency) == (engagement.amount, engagement.currency):
        return engagement
    before, before_currency = engagement.amount, engagement.currency
    SpendChange.objects.create(
        engagement=engagement,
        at=clock.now(),
        before=before,
        after=amount,
        currency=currency,
        by_name=by.name,
        reason=reason,
    )
    engagement.amount, engagement.currency = amount, currency
    engagement.save(update_fields=["amount", "currency"])
    events.record(
        "engagement.spend_changed",
        by=by,
        client_id=engagement.client_id,
        subject=engagement,
        batch=batch,
        before=before,
        before_currency=before_currency,
        after=amount,
        currency=currency,
        reason=reason,
    )
    return engagement


@transaction.atomic
def change_engagement(
    engagement: Engagement,
    *,
    by: Actor,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    title: str = "",
    batch: UUID | None = None,
) -> Engagement:
    """Change start, end and title; an end of None means it runs on."""
    engagement = _locked(engagement)
    start = starts_on or engagement.starts_on
    _check_dates(engagement.client.name, start, ends_on)
    changed = {}
    for field, value in (("starts_on", start), ("ends_on", ends_on), ("title", title or engagement.title)):
        if getattr(engagement, field) != value:
            changed[field] = [str(getattr(engagement, field)), str(value)]
            setattr(engagement, field, value)
    if changed:
        engagement.save(update_fields=list(changed))
        events.record(
            "engagement.changed",
            by=by,
            client_id=engagement.client_id,
            subject=engagement,
            batch=batch,
            changed=changed,
        )
    return engagement


@transaction.atomic
def add_service(
    engagement: Engagement, line: ServiceLine, *, by: Actor, batch: UUID | None = None
) -> Service:
    """Another service in the same engagement."""
    engagement = _locked(engagement)
    line = replace(line, name=line.name.strip())
    if not line.name:
        raise Refusal("Name the service.", remedy="As “SEO” or “Paid search”.", field="service")
    if engagement.services.filter(name=line.name).exists():
        raise Refusal(f"{engagement.title} already contains {line.name}.", field="service")
    last = engagement.services.order_by("-number").values_list("number", flat=True).first() or 0
    service = _add_service(engagement, last + 1, line)
    events.record(
        "engagement.service_added",
        by=by,
        client_id=engagement.client_id,
        subject=service,
        batch=batch,
        name=line.name,
    )
    return service


def _add_service(engagement: Engagement, number: int, line: ServiceLine) -> Service:
    return Service.objects.create(
        engagement=engagement,
        number=number,
        name=line.name[:200],
        channel=line.channel or channel_of(line.name),
        website_build=line.website_build or is_website_build(line.name),
    )


#: Words in a service's name that tell its channel; the first hit counts.
CHANNEL_WORDS = {
    "paid-search": ("paid search", "ppc", "google ads", "adwords", "bing ads", "sem"),
    "paid-social": ("paid social", "meta ads", "facebook ads", "linkedin ads"),
    "seo": ("seo", "search engine", "link building"),
    "social": ("social",),
    "content": ("content", "copy", "blog"),
    "email": ("email", "e-mail", "newsletter", "crm"),
    "website": ("website", "web site", "web design", "web build", "web development"),
    "pr": ("pr", "public relations"),
}


def channel_of(service_name: str) -> str:
    """The channel a service's name tells of, or nothing."""
    words = f" {service_name.lower().replace('-', ' ')} "
    for channel, hints in CHANNEL_WORDS.items():
        if any(f" {hint} " in words for hint in hints):
            return channel
    return ""


def is_website_build(service_name: str) -> bool:
    """Website builds are the one service that need not be set up in the first week (B10)."""
    name = service_name.lower()
    return (
        "web" in name and any(word in name for word in ("build", "design", "develop"))
    ) or name == "website"


@transaction.atomic
def end_engagement(
    engagement: Engagement, *, on: dt.date, by: Actor, reason: str = "", batch: UUID | None = None
) -> Engagement:
    """The engagement ends on this day, its last one."""
    engagement = _locked(engagement)
    _check_dates(engagement.client.name, engagement.starts_on, on)
    before, engagement.ends_on = engagement.ends_on, on
    engagement.save(update_fields=["ends_on"])
    events.record(
        "engagement.ended",
        by=by,
        client_id=engagement.client_id,
        subject=engagement,
        batch=batch,
        title=engagement.title,
        on=on,
        before=before,
        reason=reason,
    )
    return engagement


@transaction.atomic
def pause_engagement(
    engagement: Engagement,
    *,
    from_day: dt.date,
    by: Actor,
    to_day: dt.date | None = None,
    reason: str = "",
    batch: UUID | None = None,
) -> Pause:
    """Nothing is owed from this day (to that day, or until resumed)."""
    engagement = _locked(engagement)
    if to_day is not None and to_day < from_day:
        raise Refusal("The pause ends before it starts.", remedy="Put its last day later.", field="to_day")
    if engagement.pauses.filter(to_day=None).exists():
        raise Refusal(f"{engagement.title} is already paused.", remedy="Resume it first.")
    overlapping = engagement.pauses.filter(to_day__gte=from_day)
    if (overlapping.filter(from_day__lte=to_day) if to_day else overlapping).exists():
        raise Refusal(
            f"{engagement.title} is already paused within that time.",
            remedy="Choose other days, or resume it first.",
            field="from_day",
        )
    pause = Pause.objects.create(engagement=engagement, from_day=from_day, to_day=to_day, reason=reason)
    events.record(
        "engagement.paused",
        by=by,
        client_id=engagement.client_id,
        subject=engagement,
        batch=batch,
        from_day=from_day,
        to_day=to_day,
        reason=reason,
    )
    return pause


@transaction.atomic
def resume_engagement(engagement: Engagement, *, on: dt.date, by: Actor, batch: UUID | None = None) -> None:
    """The pause is over: from this day promises are owed again."""
    engagement = _locked(engagement)
    pause = engagement.pauses.filter(to_day=None).first() or engagement.pauses.filter(to_day__gte=on).first()
    if pause is None:
        raise Refusal(f"{engagement.title} is not paused.")
    before = {"from_day": pause.from_day, "to_day": pause.to_day, "reason": pause.reason}
    if on <= pause.from_day:
        pause.delete()
    else:
        pause.to_day = on - dt.timedelta(days=1)
        pause.save(update_fields=["to_day"])
    events.record(
        "engagement.resumed",
        by=by,
        client_id=engagement.client_id,
        subject=engagement,
        batch=batch,
        on=on,
        before=before,
    )


def _locked(engagement: Engagement) -> Engagement:
    return Engagement.objects.select_for_update(of=("self",)).select_related("client").get(pk=engagement.pk)


def _check_amount(amount: Decimal) -> None:
    if amount < 0:
        raise Refusal(
            f"{amount} is below zero.", remedy="Write what the client pays, 0 or more.", field="amount"
        )
    if amount >= Decimal(10) ** 10:
        raise Refusal(f"{amount} is too large to be right.", field="amount")


def _check_dates(client: str, starts_on: dt.date, ends_on: dt.date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise Refusal(
            f"{client} would end on {ends_on:%d %b %Y}, before it starts on {starts_on:%d %b %Y}.",
            remedy="Correct one of the two dates.",
            field="end",
        )
