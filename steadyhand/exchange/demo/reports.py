"""What the demo agency reports to clients with figures: sent and opened, one in draft.

A missed one comes by itself: nobody has written to the silent client for weeks.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from steadyhand.clients.models import Contact
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock, outbox
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.models import MailState, OutboxMessage
from steadyhand.exchange.demo.mail import SENT_BY
from steadyhand.exchange.demo.world import A_DAY, World, chance, lead_of
from steadyhand.reporting.metrics import periods
from steadyhand.reporting.models import Report, ReportKind, Worth
from steadyhand.reporting.reports import drafting, opening, sending, writing
from steadyhand.reporting.reports.lead_quality import rate_leads
from steadyhand.reporting.reports.readings import set_rules

#: The return that each client with figures expects by now.
EXPECTED = {"Castellan Hotels": "18.00", "Verity Skincare": "4.50", "Kestrel Outdoor": "5.50"}
#: Whose leads are not what we count.
POOR = "Kestrel Outdoor"
SAID = (
    "The autumn pages carry the month: they were written in August and rank since September.\n"
    "Two of the paid campaigns cost more than they bring. We move their money on Monday."
)
QUIET = "Nothing moved far enough to change what we do next month."
DECISION = "May we move £400 a month from brand searches to the new pages?"


def tell(world: World) -> None:
    """A report about last month to each, on the day on which its figures came; the next one is drafted."""
    first = world.today.replace(day=1)
    while first.weekday() > 4:
        first += A_DAY
    world.plan(world.moment(first, "10:40"), lambda: _report_on_last_month(world))
    world.plan(world.now, lambda: _draft_next())


def _report_on_last_month(world: World) -> None:
    """How each is reported to, and what the month that is over brought; one is asked about its leads too."""
    for name, expected in EXPECTED.items():
        client = world.clients[name]
        set_rules(client, by=lead_of(client).actor, expected_return=Decimal(expected))
        month = periods.before(periods.month_of(clock.today(client.zone)))
        _send(drafting.draft_for(client, month, by=lead_of(client).actor), world)
        if name == POOR:
            kind = ReportKind.PAID_SEARCH
            _send(drafting.draft_for(client, month, by=lead_of(client).actor, kind=kind), world)


def _send(report: Report, world: World) -> None:
    """The lead says what the figures cannot, and lets it leave."""
    lead = lead_of(report.client)
    for one in report.suggestions.all()[:2]:
        writing.accept_suggestion(one, by=lead.actor)
    report.refresh_from_db()
    words, decision = report.commentary or QUIET, ""
    if report.kind == ReportKind.FIGURES:
        words, decision = f"{SAID}\n{report.commentary}".strip(), DECISION
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


def _draft_next() -> None:
    """The next report to one of them is drafted already, and waits for its words."""
    rows = Commitment.objects.open().filter(rule="report", report=None, client__name__in=list(EXPECTED))
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
