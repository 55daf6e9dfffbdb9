"""Important mail of somebody under review: looked at, changed, approved or returned before it leaves (S8)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

from django.db import transaction

from steadyhand.clients.models import Client, Contact, Position
from steadyhand.commitments import keeping
from steadyhand.commitments.calendars import working_days
from steadyhand.commitments.keeping import NotYours
from steadyhand.commitments.kinds import OWED, Kind
from steadyhand.comms.mail.drafting import check_sendable, refuse_unless_as_read, rewrite
from steadyhand.comms.mail.rendering import as_html
from steadyhand.comms.mail.sending import leaves_at, post
from steadyhand.comms.models import Message, MessageState, Review, Supervision, Verdict
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability

#: What the reviewer's promise is about, and the only evidence that keeps it.
ABOUT = "comms.review"


def supervision_of(member: Member | int | None) -> Supervision | None:
    """The running review of a member, where there is one."""
    if member is None:
        return None
    found = Supervision.objects.running().filter(member=member)
    return found.select_related("reviewer", "member__line_manager").first()


def is_important(message: Message) -> bool:
    """Marked so by its writer, or to somebody at the client who decides."""
    if message.important:
        return True
    addresses = {address.lower() for address in (*message.to, *message.copies)}
    deciding = Contact.objects.filter(client=message.client_id, decides=True).exclude(email="")
    return any(email.lower() in addresses for email in deciding.values_list("email", flat=True))


def writer_under_review(message: Message, by: Actor) -> Member | None:
    """Whose review this mail must pass before it leaves: the sender's, or that of whom it bears the name.

    None where it is not important, where neither is under review, and where a colleague who may look at it
    sends it for its writer.
    """
    for pk in dict.fromkeys((by.member_id, message.member_id)):
        supervision = supervision_of(pk)
        if supervision is None or not is_important(message):
            continue
        if pk == by.member_id or not _may_look_at(message, by):
            return supervision.member
    return None


def reviewers_of(member: Member, client: Client) -> list[Member]:
    """Who may look at a mail to this client: the named reviewer, the line manager, the sponsor."""
    supervision = supervision_of(member)
    sponsors = client.team.filter(until=None, position=Position.SPONSOR).select_related("member")
    asked = [
        supervision.reviewer if supervision else None,
        member.line_manager,
        *(place.member for place in sponsors),
    ]
    found = {who.pk: who for who in asked if who is not None and who.pk != member.pk and who.left_at is None}
    return list(found.values())


def submit(
    row: Message,
    writer: Member,
    *,
    by: Actor,
    send_at: dt.datetime | None = None,
    reviewer: Member | None = None,
) -> Message:
    """Ask for a look at a locked message: the reviewer promises one by the next working day."""
    assert row.client is not None  # noqa: S101 - `locked` sees to it
    asked = reviewers_of(writer, row.client)
    if not asked:
        raise Refusal(
            f"{writer.name}'s important mail is reviewed first, and nobody is named to review it.",
            remedy="Ask the head of client services to name a reviewer, or a line manager.",
        )
    if reviewer is not None and reviewer.pk not in {who.pk for who in asked}:
        raise Refusal(
            f"{reviewer.name} does not review mail to {row.client.name}.",
            remedy=f"Choose {' or '.join(who.name for who in asked)}.",
            field="reviewer",
        )
    chosen = reviewer or asked[0]
    if send_at is not None:
        leaves_at(send_at)
    batch = uuid4()
    review = Review.objects.create(
        message=row,
        member=writer,
        reviewer=chosen,
        subject=row.subject,
        text=row.text,
        send_at=send_at,
        submitted_at=clock.now(),
    )
    review.commitment = keeping.promise(
        row.client,
        f"Review {writer.name}'s mail “{row.subject[:80]}”",
        by=by,
        owner=chosen,
        due_on=working_days(row.client, chosen).add_working(clock.today(row.client.zone), 1),
        kind=Kind.ACTION,
        internal=True,
        about=(ABOUT, review.pk),
        closes_with=ABOUT,
        batch=batch,
    )
    review.save(update_fields=["commitment"])
    row.state, row.send_at, row.changed_at = MessageState.IN_REVIEW, send_at, clock.now()
    row.save(update_fields=["state", "send_at", "changed_at"])
    _record("message.submitted", row, by=by, batch=batch, reviewer=chosen.name)
    return row


def approve(review: Review, *, by: Actor, comment: str = "", **words: Any) -> Message:
    """Let it leave, with the reviewer's own `subject`, `text`, `to` or `copies` where given.

    Whether it left with the words it was submitted with is kept. It leaves when its writer wanted; a moment
    that has passed meanwhile is now, after the usual delay.
    """
    read = review.message
    subject, text = words.get("subject", read.subject), words.get("text", read.text)
    html = as_html(subject, text, read.member)
    with transaction.atomic():
        row = _open(review, by)
        refuse_unless_as_read(row.message, read)
        message = rewrite(row.message, **words)
        check_sendable(message)
        changed = (message.subject, message.text.split()) != (row.subject, row.text.split())
        wanted = row.send_at if row.send_at and row.send_at > clock.now() else None
        post(message, html, leaves_at(wanted))
        batch = uuid4()
        _decide(row, Verdict.APPROVED, by=by, comment=comment, changed=changed, batch=batch)
        _record("message.approved", message, by=by, batch=batch, changed=changed, comment=comment.strip())
    return message


@transaction.atomic
def send_back(review: Review, *, by: Actor, comment: str) -> Message:
    """Return it to its writer, who reads why; it is a draft again."""
    row = _open(review, by)
    if not comment.strip():
        raise Refusal(
            "Say what should be different.", remedy="One sentence; the writer will read it.", field="comment"
        )
    batch = uuid4()
    _decide(row, Verdict.RETURNED, by=by, comment=comment, changed=False, batch=batch)
    message = row.message
    message.state, message.send_at, message.changed_at = MessageState.DRAFT, None, clock.now()
    message.save(update_fields=["state", "send_at", "changed_at"])
    _record("message.returned", message, by=by, batch=batch, comment=comment.strip())
    return message


def withdraw(row: Message, *, by: Actor) -> Message:
    """Its writer takes a locked message back before anybody decided."""
    review = row.reviews.select_for_update(of=("self",)).waiting().first()
    batch = uuid4()
    if review is not None:
        _settle(review, Verdict.WITHDRAWN, by=by)
        if review.commitment is not None and review.commitment.state in OWED:
            keeping.waive(review.commitment, by=by, reason="The mail was taken back.", batch=batch)
    row.state, row.send_at, row.changed_at = MessageState.CANCELLED, None, clock.now()
    row.save(update_fields=["state", "send_at", "changed_at"])
    _record("message.withdrawn", row, by=by, batch=batch)
    return row


def may_review(message: Message, by: Actor) -> bool:
    """Whoever was asked, the writer's line manager, the client's sponsor, and heads; never its writer."""
    review = message.reviews.waiting().select_related("member").first()
    if review is None or (by.member_id is not None and by.member_id in {review.member_id, message.member_id}):
        return False
    if by.member_id is not None and by.member_id in {review.reviewer_id, review.member.line_manager_id}:
        return True
    return _may_look_at(message, by)


def _may_look_at(message: Message, by: Actor) -> bool:
    """The named reviewer and line manager of whose name it bears, the client's sponsor, and heads."""
    if by.is_system:
        return False
    if by.may(Capability.MANAGE_PEOPLE):
        return True
    member, supervision = message.member, supervision_of(message.member_id)
    named = {member.line_manager_id if member else None, supervision.reviewer_id if supervision else None}
    if by.member_id in named - {None}:
        return True
    sponsors = message.client.team.filter(until=None, position=Position.SPONSOR) if message.client else None
    return sponsors is not None and sponsors.filter(member=by.member_id or 0).exists()


def _refuse_others(message: Message, by: Actor) -> None:
    if not may_review(message, by):
        raise NotYours(
            f"“{message}” is not yours to review.",
            remedy="Its writer's manager, the client's executive sponsor or the head can.",
        )


def _open(review: Review, by: Actor) -> Review:
    row = (
        Review.objects.select_for_update(of=("self",))
        .select_related("message__client", "message__contact", "message__member", "commitment", "member")
        .get(pk=review.pk)
    )
    if row.verdict:
        raise Refusal(f"“{row.subject}” was {row.get_verdict_display()} by {row.decided_by} already.")
    _refuse_others(row.message, by)
    return row


def _settle(row: Review, verdict: Verdict, *, by: Actor, comment: str = "", changed: bool = False) -> None:
    row.verdict, row.comment, row.changed = verdict, comment.strip(), changed
    row.decided_at, row.decided_by = clock.now(), by.name
    row.save()


def _decide(row: Review, verdict: Verdict, *, by: Actor, comment: str, changed: bool, batch: Any) -> None:
    _settle(row, verdict, by=by, comment=comment, changed=changed)
    if row.commitment is not None and row.commitment.state in OWED:
        keeping.complete(row.commitment, by=by, evidence=(ABOUT, row.pk), note=comment, batch=batch)


def _record(verb: str, row: Message, *, by: Actor, batch: Any, **data: Any) -> None:
    events.record(
        verb,
        by=by,
        client_id=row.client_id,
        subject=row,
        batch=batch,
        title=row.subject,
        to=row.to,
        **data,
    )
