"""What the demo agency reports: three clients with figures, reports that were sent and opened, one in draft.

A missed one comes by itself: nobody has written to the silent client for weeks.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from decimal import Decimal

from steadyhand.clients.models import Contact
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock, outbox
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.models import MailState, OutboxMessage
from steadyhand.exchange.demo.mail import SENT_BY
from steadyhand.exchange.demo.world import A_DAY, World, chance, lead_of
from steadyhand.reporting.metrics.receiving import receive
from steadyhand.reporting.metrics.store import Observation
from steadyhand.reporting.models import Report, ReportKind, Source, Worth
from steadyhand.reporting.reports import drafting, opening, sending, writing
from steadyhand.reporting.reports.lead_quality import rate_leads
from steadyhand.reporting.reports.readings import set_rules

#: A day's usual sessions, how they have moved in a year, what an order brings, the return expected by now.
CLIENTS = {
    "Kestrel Outdoor": (900, 0.18, 62.0, "3.50"),
    "Marlow Instruments": (310, -0.06, 840.0, "29.00"),
    "Larkspur Interiors": (240, 0.05, 490.0, "18.00"),
}
#: Whose leads are not what we count.
POOR = "Kestrel Outdoor"
DAYS = 420
#: So far back promises of reports are kept by reports; those before were kept some other way.
SINCE = 17
SAID = (
    "The autumn pages carry the month: they were written in August and rank since September.\n"
    "Two of the paid campaigns cost more than they bring. We move their money on Monday."
)
DECISION = "May we move £400 a month from brand searches to the new pages?"


def tell(world: World) -> None:
    """Give them figures, and let the promises of reports be kept by reports."""
    for name in CLIENTS:
        if name in world.clients:
            with clock.standing_at(world.now):
                _measure(world, name)
    for days in range(SINCE, 0, -1):
        day = world.today - days * A_DAY
        if day.weekday() < 5:
            world.plan(world.moment(day, "08:15"), lambda day=day: _report_on(world, day))  # type: ignore[misc]
    world.plan(world.now, lambda: _draft_next(world))


def _measure(world: World, name: str) -> None:
    client = world.clients[name]
    if Source.objects.filter(client=client).exists():
        return
    receive(
        client,
        "shop",
        _days(world, name),
        by=world.by,
        label="Analytics upload",
        zone=client.zone,
        complete_until=world.today - A_DAY,
    )
    set_rules(client, by=lead_of(client).actor, expected_return=Decimal(CLIENTS[name][3]))


def _days(world: World, name: str) -> Iterator[Observation]:
    """Fourteen months: quiet weekends, a busy autumn, a trend, and a little luck."""
    usual, trend, order, _ = CLIENTS[name]
    dice = chance("figures", name)
    for number in range(DAYS, 0, -1):
        day = world.today - number * A_DAY
        season = 1 + 0.18 * math.sin((day.timetuple().tm_yday - 200) / 58)
        weekday = 0.72 if day.weekday() > 4 else 1.0
        level = usual * season * weekday * (1 + trend * (1 - number / 365)) * dice.uniform(0.92, 1.08)
        clicks, sold = level * 0.28, level * 0.021 * dice.uniform(0.8, 1.2)
        values = {
            "sessions": level,
            "conversions": sold,
            "revenue": sold * order,
            "impressions": level * 21,
            "clicks": level * 0.5,
            "cost": clicks * 0.74,
            "ad_clicks": clicks,
            "ad_conversions": sold * 0.4,
            "ad_revenue": sold * 0.4 * order,
            "leads": sold * 1.6,
            "new_customers": sold * 0.45,
        }
        for key, value in values.items():
            whole = round(value, 2) if key in ("revenue", "cost", "ad_revenue") else float(round(value))
            yield Observation("shop", key, day, whole)
        if number < 100:
            for channel, share in (
                ("Organic search", 0.46),
                ("Paid search", 0.28),
                ("Direct", 0.18),
                ("E-mail", 0.08),
            ):
                yield Observation(
                    "shop", "sessions", day, float(round(level * share)), dims=f"channel={channel}"
                )


def _report_on(world: World, day: dt.date) -> None:
    """Draft and send what is due to them today, before anybody ticks it off."""
    due = Commitment.objects.open().filter(
        due_on=day, rule__in=drafting.KIND_OF_RULE, client__name__in=list(CLIENTS)
    )
    for row in due.select_related("client", "engagement", "owner"):
        assert row.client is not None  # noqa: S101 - filtered by its name
        lead = lead_of(row.client)
        report = drafting.draft_report(row, by=drafting.CLERK)
        for one in report.suggestions.all()[:2]:
            writing.accept_suggestion(one, by=lead.actor)
        report.refresh_from_db()
        words = f"{SAID}\n{report.commentary}" if report.kind == ReportKind.FIGURES else report.commentary
        decision = DECISION if report.kind == ReportKind.FIGURES else ""
        notes = "Ask about the spring budget before they do."
        writing.write_report(report, by=lead.actor, commentary=words, decision=decision, notes=notes)
        sent = sending.send_report(report, by=lead.actor, with_paper=False)
        _count_as_sent(sent)
        _opened(world, sent)


def _opened(world: World, report: Report) -> None:
    """Whoever speaks with us day by day opens it the next morning; the founder sometimes."""
    people = world.contacts[report.client.name]
    for place, contact in enumerate(people[:2]):
        if place == 0 or chance("opens", report.title, report.client.name).random() < 0.5:
            moment = clock.now() + dt.timedelta(hours=25 + 30 * place)
            world.plan(moment, lambda contact=contact: _opens(report, contact))  # type: ignore[misc]


def _opens(report: Report, contact: Contact) -> None:
    visitor = Actor(ActorKind.CONTACT, contact.pk, contact.name)
    opening.note_opening(report, contact, by=visitor)
    if report.kind == ReportKind.PAID_SEARCH and contact.day_to_day:
        poor, counted = report.client.name == POOR, report.content.get("leads")
        seen = int(counted * 0.6) if poor and counted else None
        rate_leads(report, Worth.HALF if poor else Worth.MOST, by=visitor, seen=seen)


def _draft_next(world: World) -> None:
    """The next report to one of them is drafted already, and waits for its words."""
    rows = Commitment.objects.open().filter(rule="report", report=None, client__name__in=list(CLIENTS))
    row = rows.select_related("client", "engagement", "owner").order_by("due_at").first()
    if row is not None:
        drafting.draft_report(row, by=drafting.CLERK)


def _count_as_sent(report: Report) -> None:
    """It was sent, as far as the demo goes; no mail of it is left behind."""
    for one in report.recipients.select_related("mail"):
        if one.mail is not None:
            OutboxMessage.objects.filter(pk=one.mail.pk).update(state=MailState.UNCERTAIN)
            outbox.confirm(one.mail, by=SENT_BY)
            one.mail.delete()
