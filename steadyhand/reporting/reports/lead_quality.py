"""How good the leads were, asked with each paid-search report; and what a gap advises (L3, R10)."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.db import transaction

from steadyhand.clients.models import Contact
from steadyhand.commitments import keeping
from steadyhand.commitments.keeping import NotYours
from steadyhand.commitments.kinds import OWED, Kind
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.rights import in_working_days, lead_of
from steadyhand.reporting.models import LeadQuality, Report, ReportKind, ReportRules, Worth
from steadyhand.reporting.reports.crm import crm_of
from steadyhand.reporting.reports.lead_gap import POOR, our_count, reasons_of

#: What the promises that follow an answer are about.
ABOUT = "reporting.leadquality"
#: Working days within which a poor answer, or a gap, is spoken about.
SPOKEN_WITHIN = 2
MOST_LEADS = 1_000_000


@transaction.atomic
def rate_leads(report: Report, worth: Worth | str, *, by: Actor, seen: int | None = None) -> LeadQuality:
    """What somebody at the client says of the leads; a second answer of theirs replaces the first.

    `seen` is how many reached them. A poor answer is promised to be spoken about; where it does not fit what
    we count (`lead_gap.py`), with what to advise about a CRM.
    """
    contact = _theirs(report, by)
    if worth not in Worth.values:
        raise Refusal("Choose one of the answers.", remedy="Most, about half, a few or none.", field="worth")
    if seen is not None and not 0 <= seen <= MOST_LEADS:
        raise Refusal("That is no count of leads.", remedy="Write a whole number.", field="seen")
    batch = uuid4()
    known = LeadQuality.objects.select_for_update().filter(report=report, contact=contact).first()
    row, _ = LeadQuality.objects.update_or_create(
        report=report,
        contact=contact,
        defaults={
            "client": report.client,
            "name": contact.name,
            "worth": Worth(worth),
            "seen": seen if seen is not None else (known.seen if known else None),
            "counted": report.content.get("leads"),
            "at": clock.now(),
        },
    )
    _speak_about(row, batch)
    events.record(
        "leads.rated",
        by=by,
        client_id=report.client_id,
        subject=row,
        batch=batch,
        title=report.title,
        worth=Worth(worth).label,
        seen=row.seen,
        counted=row.counted,
        contact=contact.name,
    )
    return row


def _speak_about(row: LeadQuality, batch: UUID) -> None:
    """One promise for a report at a time: to ring about poor leads, or what to advise about a gap."""
    client = row.report.client
    reasons = reasons_of(our_count(row.report.content), [row], ReportRules.of(client).lead_gap)
    if not reasons and row.worth not in POOR:
        return
    others = row.report.lead_qualities.values("pk")
    if Commitment.objects.filter(about_type=ABOUT, about_id__in=others, state__in=OWED).exists():
        return
    if reasons:
        advice = crm_of(client).advice
        title = f"{advice[:1].upper()}{advice[1:]}: {reasons[0]}"
    else:
        title = f"Ring {row.name}: {row.get_worth_display()} of the leads were worth their time"
    keeping.promise(
        client,
        title[:200],
        by=Actor.system("reports"),
        owner=lead_of(client),
        due_on=in_working_days(client, SPOKEN_WITHIN),
        kind=Kind.FOLLOW_UP,
        internal=True,
        about=(ABOUT, row.pk),
        batch=batch,
    )


def _theirs(report: Report, by: Actor) -> Contact:
    """The contact who answers: of the client it was sent to, and still there."""
    contact = Contact.objects.filter(pk=by.id or 0, client=report.client_id, left_on=None).first()
    if by.kind is not ActorKind.CONTACT or contact is None or not report.is_sent:
        raise NotYours("Only somebody at the client it was sent to answers that.")
    if report.kind != ReportKind.PAID_SEARCH:
        raise Refusal("This report asks nothing about leads.")
    return contact
