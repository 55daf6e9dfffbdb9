"""The account lead reads a report before it leaves, where the client's arrangement asks for it (R4)."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from steadyhand.commitments import keeping
from steadyhand.commitments.keeping import NotYours
from steadyhand.commitments.kinds import OWED, Kind
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.rights import in_working_days, lead_of
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability
from steadyhand.reporting.models import Report, ReportApproval, ReportRules, ReportState
from steadyhand.reporting.reports.drafting import ABOUT, locked, refuse_sent

#: The only evidence that keeps the promise to read a report.
EVIDENCE = "reporting.reportapproval"


def may_approve(report: Report, by: Actor) -> bool:
    """The client's account lead, or whoever sees the team."""
    if by.is_system or by.may(Capability.SEE_TEAM) or by.may(Capability.SEE_ALL_CLIENTS):
        return by.is_system or by.may(Capability.KEEP_PROMISES)
    lead = lead_of(report.client)
    return lead is not None and lead.pk == by.member_id


def lacks_approval(report: Report, by: Actor) -> bool:
    """Whether it may not leave yet; what the lead sends is approved by that."""
    asks = ReportRules.of(report.client_id).asks_approval
    return asks and report.state != ReportState.APPROVED and not may_approve(report, by)


@transaction.atomic
def ask_approval(report: Report, *, by: Actor) -> Report:
    """Ask the lead to read it: their promise for the next working day."""
    row = locked(report, by)
    refuse_sent(row)
    lead = lead_of(row.client)
    if lead is None:
        raise Refusal(f"{row.client.name} has no account lead.", remedy="Name one on the client's page.")
    if row.state != ReportState.DRAFT:
        raise Refusal(f"“{row.title}” is {row.get_state_display()} already.")
    batch = uuid4()
    row.state, row.changed_at = ReportState.ASKED, clock.now()
    row.save(update_fields=["state", "changed_at"])
    keeping.promise(
        row.client,
        f"Read and approve: {row.title}, {row.client.name}"[:200],
        by=by,
        owner=lead,
        due_on=in_working_days(row.client, 1),
        kind=Kind.ACTION,
        internal=True,
        about=(ABOUT, row.pk),
        closes_with=EVIDENCE,
        batch=batch,
    )
    _record("report.approval_asked", row, by=by, batch=batch, of=lead.name)
    return row


@transaction.atomic
def approve(report: Report, *, by: Actor, note: str = "") -> ReportApproval:
    """It may leave as it is."""
    row = locked(report, by)
    refuse_sent(row)
    if not may_approve(row, by):
        lead = lead_of(row.client)
        raise NotYours(f"{lead.name if lead else 'The account lead'} approves reports to {row.client.name}.")
    if row.state == ReportState.APPROVED:
        raise Refusal(f"“{row.title}” is approved already.")
    batch = uuid4()
    row.state, row.changed_at = ReportState.APPROVED, clock.now()
    row.save(update_fields=["state", "changed_at"])
    made = ReportApproval.objects.create(
        report=row,
        member=Member.objects.filter(pk=by.member_id or 0).first(),
        name=by.name,
        note=note.strip()[:500],
        at=clock.now(),
    )
    keep_reading(row, made.pk, by=by, batch=batch)
    _record("report.approved", row, by=by, batch=batch, note=made.note)
    return made


@transaction.atomic
def take_back_approval(report: Report, *, by: Actor) -> Report:
    """It is a draft again, before it has left."""
    row = locked(report, by)
    refuse_sent(row)
    if row.state not in (ReportState.ASKED, ReportState.APPROVED):
        raise Refusal(f"“{row.title}” is a draft already.")
    row.approvals.filter(undone_at=None).update(undone_at=clock.now())
    row.state, row.changed_at = ReportState.DRAFT, clock.now()
    row.save(update_fields=["state", "changed_at"])
    batch = uuid4()
    for promised in _to_read(row):
        keeping.unpromise(promised, by=by, batch=batch)
    _record("report.approval_taken_back", row, by=by, batch=batch)
    return row


def keep_reading(row: Report, evidence: int, *, by: Actor, batch: UUID) -> None:
    """Part of a larger act: the promises to read it are kept."""
    for promised in _to_read(row):
        keeping.complete(promised, by=by, evidence=(EVIDENCE, evidence), batch=batch)


def _to_read(row: Report) -> list[Commitment]:
    owed = Commitment.objects.filter(about_type=ABOUT, about_id=row.pk, state__in=OWED)
    return list(owed.filter(closes_with=EVIDENCE))


def _record(verb: str, row: Report, *, by: Actor, batch: UUID, **data: Any) -> None:
    events.record(verb, by=by, client_id=row.client_id, subject=row, batch=batch, title=row.title, **data)
