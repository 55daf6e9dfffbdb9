"""Whether a report was read: when somebody at the client first opened its page; no pixels in mails (R4)."""

from __future__ import annotations

from django.db import transaction

from steadyhand.clients.models import Contact
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.reporting.models import Reading, Report, ReportOpening, ReportRecipient
from steadyhand.reporting.reports.readings import reader_of


@transaction.atomic
def note_opening(report: Report, contact: Contact, *, by: Actor) -> ReportOpening:
    """They opened its page; only the first time is an event."""
    made, is_first = ReportOpening.objects.get_or_create(
        report=report, contact=contact, defaults={"name": contact.name, "at": clock.now()}
    )
    if is_first:
        events.record(
            "report.opened",
            by=by,
            client_id=report.client_id,
            subject=report,
            title=report.title,
            contact=contact.name,
        )
    return made


def reading_for(report: Report, contact: Contact) -> Reading:
    """How they see it: as it was sent to them; a colleague it was not sent to, as they read reports."""
    sent = ReportRecipient.objects.filter(report=report, contact=contact).first()
    if sent is not None:
        return Reading(sent.reading)
    usual = reader_of(contact).reading
    return Reading.DETAIL if usual == Reading.NONE else usual
