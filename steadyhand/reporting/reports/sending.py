"""Sending a report: to every reader, in their reading, with its PDF; the promise is kept with it (R4)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from steadyhand.clients.item_links import ADDRESS, issue_link
from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import OWED
from steadyhand.comms.mail.addresses import reply_address
from steadyhand.comms.mail.rendering import as_html, as_text
from steadyhand.comms.mail.sending import sender_of
from steadyhand.core import clock, events, files, outbox
from steadyhand.core.actor import Actor
from steadyhand.core.models import MailState
from steadyhand.core.outbox import Attachment
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.people.models import Member
from steadyhand.reporting.models import Report, ReportRecipient, ReportState
from steadyhand.reporting.reports.approving import keep_reading, lacks_approval
from steadyhand.reporting.reports.drafting import ABOUT, locked, refuse_sent
from steadyhand.reporting.reports.letters import subject_of, words_of
from steadyhand.reporting.reports.paper import file_name, report_pdf
from steadyhand.reporting.reports.readings import Reader, recipients
from steadyhand.reporting.reports.writing import answers_for

#: What a link for a contact opens (`clients.item_links`).
ITEM = "report"
#: Stands for the secret of a link until it is made, in the transaction.
NO_SECRET = "link-of-this-report"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Ready:
    """One reader's mail, made before anything is written down; its link is a gap still."""

    reader: Reader
    text: str
    html: str
    pdf: bytes


def send_report(report: Report, *, by: Actor, with_paper: bool = True) -> Report:
    """Let it leave, once: a mail to every reader, the page open to them, the ledger's promise kept.

    PDFs and mails are made first, outside the transaction; refuses where somebody changed the report
    meanwhile, where approval is lacking, and where nobody reads reports.
    """
    report = Report.objects.select_related("client", "owner").get(pk=report.pk)
    refuse_sent(report)
    refuse_unready(report, by)
    member = answers_for(report)
    ready = [_made_ready(report, one, member, with_paper) for one in recipients(report.client)]
    with transaction.atomic():
        row = locked(report, by)
        refuse_sent(row)
        if row.revision != report.revision:
            raise Conflict(f"“{row.title}” was changed meanwhile.", remedy="Read it again, then send it.")
        batch, now = uuid4(), clock.now()
        row.state, row.sent_at, row.sent_by, row.changed_at = ReportState.SENT, now, by.name, now
        row.save(update_fields=["state", "sent_at", "sent_by", "changed_at"])
        for one in ready:
            _post(row, one, member, by)
        keep_reading(row, row.pk, by=by, batch=batch)
        if row.commitment is not None and row.commitment.state in OWED:
            keeping.complete(row.commitment, by=by, evidence=(ABOUT, row.pk), batch=batch)
        events.record(
            "report.sent",
            by=by,
            client_id=row.client_id,
            subject=row,
            batch=batch,
            title=row.title,
            to=[one.reader.contact.name for one in ready],
        )
    return row


def refuse_unready(report: Report, by: Actor) -> None:
    """Refuse, with what to do, a report that may not leave yet."""
    if lacks_approval(report, by):
        raise Refusal(
            f"Reports to {report.client.name} are approved by the account lead first.",
            remedy="Ask for approval; then send it.",
        )
    if not recipients(report.client):
        raise Refusal(
            f"Nobody at {report.client.name} reads reports.",
            remedy="On the page of a contact who has an e-mail address, say how they read them.",
        )
    said = (report.commentary, *(report.content.get(part) for part in ("figures", "activity", "renewal")))
    if not any(said):
        raise Refusal(
            "There is nothing in this report: no figure was measured, and nobody has written anything.",
            remedy="Bring figures in and take them anew, or write what there is to say.",
            field="commentary",
        )


def _made_ready(report: Report, reader: Reader, member: Member | None, with_paper: bool) -> Ready:
    link = f"{settings.BASE_URL}{ADDRESS.format(secret=NO_SECRET)}"
    words = words_of(report, reader.reading, reader.contact.name, link, with_paper=with_paper)
    return Ready(
        reader,
        as_text(words, member),
        as_html(subject_of(report), words, member),
        report_pdf(report, reader.reading) if with_paper else b"",
    )


def _post(row: Report, one: Ready, member: Member | None, by: Actor) -> None:
    """Put a reader's mail into the outbox, with the link that is theirs alone; within the transaction."""
    contact = one.reader.contact
    _, path = issue_link(contact, ITEM, row.pk, by=by)
    gap = ADDRESS.format(secret=NO_SECRET)
    mail = outbox.post(
        "report",
        f"{outbox.one_line(contact.name).replace('<', '').replace('>', '')} <{contact.email}>",
        subject_of(row),
        one.text.replace(gap, path),
        one.html.replace(gap, path),
        sender=sender_of(member),
        reply_to=reply_address(row.client, member) if member is not None else "",
        attachments=[Attachment(file_name(row), one.pdf, "application/pdf")] if one.pdf else [],
        client_id=row.client_id,
        about=(ABOUT, row.pk),
        automatic=False,
    )
    if mail.state == MailState.FAILED:
        raise Refusal(mail.last_error or f"The mail to {contact.name} cannot be written.")
    ReportRecipient.objects.create(
        report=row,
        contact=contact,
        name=contact.name,
        email=contact.email,
        reading=one.reader.reading,
        pdf_digest=files.put(one.pdf) if one.pdf else "",
        mail=mail,
    )
