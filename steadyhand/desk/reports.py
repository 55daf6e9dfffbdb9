"""Reports as staff pages show them: due, drafted, waiting, sent, opened, missed; and one report (R4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from steadyhand.clients.models import Client, Stage
from steadyhand.commitments.kinds import OWED, State
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.models import Event, MailState
from steadyhand.desk.event_words import told
from steadyhand.reporting.models import (
    LeadQuality,
    Reading,
    Report,
    ReportOpening,
    ReportRecipient,
    ReportRules,
    ReportState,
    Suggestion,
)
from steadyhand.reporting.reports.approving import lacks_approval, may_approve
from steadyhand.reporting.reports.composing import Composed, composed
from steadyhand.reporting.reports.drafting import KIND_OF_RULE
from steadyhand.reporting.reports.plotting import Picture, pictures_of
from steadyhand.reporting.reports.readings import Reader, recipients

MOST = 100
#: Promises of reports to come are listed so far ahead.
SOON = dt.timedelta(days=14)

Part = Literal["ours", "missed", "sent"]
PARTS: dict[Part, str] = {"ours": "With us", "missed": "Missed", "sent": "Sent"}

#: How each state is marked.
MARKS = {
    ReportState.DRAFT: "",
    ReportState.ASKED: "watch",
    ReportState.APPROVED: "well",
    ReportState.SENT: "",
}


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report, or the promise of one that is not drafted yet."""

    client: Client
    title: str
    url: str
    words: str
    mark: str
    owner: str
    due_on: dt.date | None
    is_late: bool
    sent_at: dt.datetime | None = None
    opened: tuple[str, ...] = ()
    is_drafted: bool = True


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """A list of reports."""

    rows: list[ReportRow]
    part: Part
    more: bool


def reports_page(actor: Actor, part: Part, client: Client | None = None) -> ReportsPage:
    """Reports of the clients one sees, or of one of them. A fixed number of queries."""
    now = clock.now()
    reports = Report.objects.visible_to(actor).preloaded().defer("content", "commentary", "notes")
    owed = Commitment.objects.visible_to(actor).filter(rule__in=KIND_OF_RULE, client__stage=Stage.LIVE)
    if client is not None:
        reports, owed = reports.filter(client=client), owed.filter(client=client)
    if part == "sent":
        sent = reports.filter(state=ReportState.SENT).prefetch_related("openings").order_by("-sent_at", "-pk")
        rows = [_of_report(one, now) for one in sent[: MOST + 1]]
    else:
        state = State.MISSED if part == "missed" else State.OPEN
        promised = owed.filter(report=None, state=state).select_related("client", "owner")
        if part == "ours":
            promised = promised.filter(due_at__lt=now + SOON)
            drafts = reports.unsent().exclude(commitment__state=State.MISSED)
        else:
            drafts = reports.unsent().filter(commitment__state=State.MISSED)
        order = ("-due_at", "pk") if part == "missed" else ("due_at", "pk")
        rows = [_of_promise(one, now) for one in promised.order_by(*order)[: MOST + 1]]
        rows += [_of_report(one, now) for one in drafts[: MOST + 1]]
        rows.sort(key=lambda row: (row.due_on or dt.date.max, row.client.name), reverse=part == "missed")
    return ReportsPage(rows[:MOST], part, len(rows) > MOST)


def _of_report(row: Report, now: dt.datetime) -> ReportRow:
    promise = row.commitment
    opened = tuple(one.name for one in row.openings.all()) if row.is_sent else ()
    return ReportRow(
        client=row.client,
        title=row.title,
        url=row.get_absolute_url(),
        words=str(row.get_state_display()),
        mark=MARKS[ReportState(row.state)],
        owner=row.owner.name if row.owner else "",
        due_on=promise.due_on if promise else None,
        is_late=not row.is_sent and promise is not None and promise.due_at < now,
        sent_at=row.sent_at,
        opened=opened,
    )


def _of_promise(row: Commitment, now: dt.datetime) -> ReportRow:
    assert row.client is not None  # noqa: S101 - the rules of reports are of engagements
    return ReportRow(
        client=row.client,
        title=row.title,
        url=f"/commitments/{row.pk}/report/",
        words="missed" if row.state == State.MISSED else "not drafted yet",
        mark="act" if row.state == State.MISSED else "",
        owner=row.owner.name if row.owner else "",
        due_on=row.due_on,
        is_late=row.due_at < now,
        is_drafted=False,
    )


@dataclass(frozen=True, slots=True)
class Happened:
    """One act on a report, in words."""

    at: dt.datetime
    who: str
    lead: str
    note: str


@dataclass(frozen=True, slots=True)
class Sent:
    """Whom it went to: how they read it, how the mail fared, when they first opened the page."""

    recipient: ReportRecipient
    mail: str
    trouble: bool
    opened_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Everything on one report's page."""

    report: Report
    seen: Composed
    reading: Reading
    pictures: list[Picture]
    suggestions: list[Suggestion]
    readers: list[Reader]
    sent: list[Sent]
    others: list[ReportOpening]
    qualities: list[LeadQuality]
    happened: list[Happened]
    asks_approval: bool
    lacks_approval: bool
    may_approve: bool

    @property
    def is_owed(self) -> bool:
        """Whether its promise still stands."""
        return self.report.commitment is not None and self.report.commitment.state in OWED

    @property
    def is_missed(self) -> bool:
        return self.report.commitment is not None and self.report.commitment.missed_at is not None


def report_page(report: Report, actor: Actor, reading: Reading) -> ReportPage:
    """One report as staff see it, previewed in one reading."""
    openings = list(report.openings.all())
    mails = list(report.recipients.select_related("contact", "mail"))
    by_contact = {one.contact_id: one for one in openings}
    told_to = {one.contact_id for one in mails}
    seen = composed(report, reading)
    return ReportPage(
        report=report,
        seen=seen,
        pictures=pictures_of(report, seen.charts),
        reading=reading,
        suggestions=[one for one in report.suggestions.all() if one.is_open],
        readers=[] if report.is_sent else recipients(report.client),
        sent=[_sent(one, by_contact.get(one.contact_id)) for one in mails],
        others=[one for one in openings if one.contact_id not in told_to],
        qualities=list(report.lead_qualities.all()),
        happened=list(_happened(report)),
        asks_approval=ReportRules.of(report.client_id).asks_approval,
        lacks_approval=not report.is_sent and lacks_approval(report, actor),
        may_approve=may_approve(report, actor),
    )


def _sent(row: ReportRecipient, opening: ReportOpening | None) -> Sent:
    state = row.mail.state if row.mail else ""
    trouble = state in (MailState.FAILED, MailState.UNCERTAIN, MailState.CANCELLED)
    words = str(row.mail.get_state_display()) if row.mail else ""
    return Sent(row, words, trouble, opening.at if opening else None)


def _happened(report: Report) -> Iterable[Happened]:
    events = Event.objects.filter(subject_type="reporting.report", subject_id=report.pk).order_by("-pk")
    for event in events[:30]:
        lead, _, note = told(event)
        yield Happened(event.at, event.actor_name, lead, note)
