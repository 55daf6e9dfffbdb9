"""Saying the playbook's expectations, and knowing which are due to be said again (B13)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from django.db import transaction

from steadyhand.clients.models import Client, Contact, Engagement, ExpectationSaid
from steadyhand.clients.sources import Source, fields_of
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member
from steadyhand.playbook.content import Expectation, Repeat
from steadyhand.playbook.models import Version


@dataclass(frozen=True, slots=True)
class ExpectationDue:
    """An expectation that applies to a client now. `month` counts from the engagement's start, from 1.

    `times` is how often this client ever heard it, `last` the latest of these; `due` says that its repeat
    rule asks for it again.
    """

    expectation: Expectation
    engagement: Engagement
    month: int
    times: int
    last: ExpectationSaid | None
    due: bool


def library() -> tuple[Expectation, ...]:
    """The expectations of the playbook in force; empty where there is none."""
    version = Version.live()
    return version.policy.content.expectations if version else ()


@transaction.atomic
def say_expectation(
    client: Client,
    key: str,
    *,
    by: Actor,
    at: dt.datetime | None = None,
    engagement: Engagement | None = None,
    contact: Contact | None = None,
    member: Member | None = None,
    source: Source | None = None,
) -> ExpectationSaid:
    """It was said to the client: `member` said it (else whoever acts), to `contact` where that is known."""
    expectation = next((entry for entry in library() if entry.key == key), None)
    if expectation is None:
        raise Refusal(
            f"“{key}” is not an expectation of the playbook.",
            remedy="Choose one from its library.",
            field="expectation",
        )
    if any(of is not None and of.client_id != client.pk for of in (contact, engagement)):
        raise Refusal(f"That does not belong to {client.name}.", remedy="Choose one of theirs.")
    now = clock.now()
    if at is not None and at > now:
        raise Refusal("That moment is still to come.", remedy="Say when it was said.", field="at")
    said = ExpectationSaid.objects.create(
        client=client,
        engagement=engagement,
        expectation_key=key,
        at=at or now,
        member_id=member.pk if member else by.member_id,
        by_name=member.name if member else by.name,
        contact=contact,
        **fields_of(source),
    )
    events.record(
        "client.expectation_said",
        by=by,
        client_id=client.pk,
        subject=said,
        key=key,
        title=expectation.title,
        to=contact.name if contact else "",
    )
    return said


@transaction.atomic
def take_back_said(said: ExpectationSaid, *, by: Actor) -> None:
    """It was not said after all."""
    taken = ExpectationSaid.objects.filter(pk=said.pk, taken_back_at=None).update(taken_back_at=clock.now())
    if not taken:
        return
    title = next((entry.title for entry in library() if entry.key == said.expectation_key), "")
    events.record(
        "client.expectation_unsaid",
        by=by,
        client_id=said.client_id,
        subject=said,
        key=said.expectation_key,
        title=title,
    )


def expectations_due(
    client: Client, at: dt.datetime | None = None, *, source: Source | None = None
) -> list[ExpectationDue]:
    """The expectations that apply to the client at this moment, those due first. Four queries.

    Once: until said on this engagement. Monthly: until said in the running month of the engagement. Every
    call: until said in the `source` (the call in hand), without one until said today.
    """
    day = clock.today(client.zone) if at is None else at.astimezone(clock.zone_info(client.zone)).date()
    running = client.engagements.running(day).filter(starts_on__lte=day).prefetch_related("services")
    return due_among(client, library(), list(running), at=at, source=source)


def due_among(
    client: Client,
    entries: Sequence[Expectation],
    running: Sequence[Engagement],
    *,
    at: dt.datetime | None = None,
    source: Source | None = None,
) -> list[ExpectationDue]:
    """The same of engagements (with their services) and a library that are read already. One query."""
    zone = clock.zone_info(client.zone)
    day = (at or clock.now()).astimezone(zone).date()
    said = _said_by_key(client)
    found: dict[str, ExpectationDue] = {}
    for engagement in sorted(running, key=lambda one: one.starts_on, reverse=True):
        month, since = month_of(engagement, day)
        channels = {service.channel for service in engagement.services.all()}
        for entry in entries:
            if entry.key in found or not entry.applies_in(month):
                continue
            if entry.channel and entry.channel not in channels:
                continue
            rows = [row for row in said[entry.key] if at is None or row.at <= at]
            spoken = [(row, row.at.astimezone(zone).date()) for row in rows]
            heard = {
                Repeat.ONCE: any(on >= engagement.starts_on for _, on in spoken),
                Repeat.MONTHLY: any(on >= since for _, on in spoken),
                Repeat.EVERY_CALL: any(_in_hand(row, on, day, source) for row, on in spoken),
            }[entry.repeat]
            last = rows[0] if rows else None
            found[entry.key] = ExpectationDue(entry, engagement, month, len(rows), last, not heard)
    order = {entry.key: number for number, entry in enumerate(entries)}
    return sorted(found.values(), key=lambda one: (not one.due, order[one.expectation.key]))


def month_of(engagement: Engagement, day: dt.date) -> tuple[int, dt.date]:
    """Which month of the engagement a day lies in, the first being 1, and the day that month began."""
    passed = relativedelta(day, engagement.starts_on)
    months = passed.years * 12 + passed.months
    return months + 1, engagement.starts_on + relativedelta(months=months)


def _in_hand(row: ExpectationSaid, on: dt.date, day: dt.date, source: Source | None) -> bool:
    return (row.source_type, row.source_id) == source if source else on == day


def _said_by_key(client: Client) -> dict[str, list[ExpectationSaid]]:
    """What was said to the client, latest first."""
    said: dict[str, list[ExpectationSaid]] = defaultdict(list)
    for row in client.expectations_said.standing().select_related("contact"):
        said[row.expectation_key].append(row)
    return said
