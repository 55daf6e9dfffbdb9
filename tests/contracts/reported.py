"""Reports of one client in the contract world: one sent and opened, one drafted, one about paid search."""

from __future__ import annotations

from steadyhand.clients.models import Client, Contact
from steadyhand.reporting.models import Reading, Report, ReportKind, Worth
from steadyhand.reporting.reports import approving, drafting, opening, sending, writing
from steadyhand.reporting.reports.lead_quality import rate_leads
from steadyhand.reporting.reports.periods import parse
from steadyhand.reporting.reports.readings import set_reading, set_rules
from tests import cast
from tests.cast import SYSTEM
from tests.delivery.approving import actor_of

TODAY = cast.NOW.date()


def reported(client: Client, contact: Contact) -> None:
    """One of everything a report has, all of it named by the client's word; no paper is set."""
    word = client.name.split()[0]
    set_reading(contact, Reading.DETAIL, by=SYSTEM)
    set_rules(client, by=SYSTEM, asks_approval=True)
    _draft(client, word, ReportKind.FIGURES)
    _draft(client, word, ReportKind.RENEWAL)
    sent = _draft(client, word, ReportKind.PAID_SEARCH)
    approving.ask_approval(sent, by=SYSTEM)
    approving.approve(sent, by=SYSTEM, note=f"{word} will like it.")
    paper, sending.report_pdf = sending.report_pdf, lambda report, reading: f"%PDF-1.7 {word}".encode()
    try:
        sent = sending.send_report(sent, by=SYSTEM)
    finally:
        sending.report_pdf = paper
    opening.note_opening(sent, contact, by=actor_of(contact))
    rate_leads(sent, Worth.FEW, by=actor_of(contact), seen=3)


def _draft(client: Client, word: str, kind: ReportKind) -> Report:
    report = drafting.draft_for(client, parse("2026-10"), by=SYSTEM, kind=kind)
    report.suggestions.create(text=f"{word} rose.", why="so the figures say", place=1)
    return writing.write_report(
        report,
        by=SYSTEM,
        commentary=f"{word} grows well.",
        decision=f"More for {word}?",
        notes=f"{word} is cross",
    )


def report_number(name: str, client: Client) -> int | None:
    """Of a client's reports, the one that an address of this name is about; None for names of others."""
    if name == "commitment-report":
        return Report.objects.filter(client=client, kind=ReportKind.FIGURES).get().commitment_id
    if name == "suggestion_pk":
        return client.reports.get(kind=ReportKind.FIGURES).suggestions.earliest("pk").pk
    if name in {"report", "report-pdf", "report-lead-quality"} or name.startswith("report-api"):
        return client.reports.get(kind=ReportKind.PAID_SEARCH).pk
    if name in {"report-renewal", "report-slides"}:
        return client.reports.get(kind=ReportKind.RENEWAL).pk
    if name.startswith("report-"):
        return client.reports.get(kind=ReportKind.FIGURES).pk
    return None
