"""Scheduling for posting: nothing goes out before it is approved (S16)."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

from django.db import transaction

from steadyhand.commitments import keeping
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.approvals.following import end_posting, ours
from steadyhand.delivery.approvals.preparing import posting_of
from steadyhand.delivery.approvals.standing import Stand, Standing, standing_now
from steadyhand.delivery.models import BINDING, Bundle, Piece, Posting
from steadyhand.people.models import Member

#: What the promise to post is about.
ABOUT = "delivery.piece"


def may_be_scheduled(piece: Piece) -> bool:
    """Whether it may be given a time to be posted."""
    return not why_not(piece)


def why_not(piece: Piece) -> str:
    """Why a piece may not be scheduled, as a sentence; empty where it may."""
    bundle = Bundle.objects.get(pk=piece.bundle_id)
    return why_not_yet(bundle, standing_now(piece, bundle.levels))


def why_not_yet(bundle: Bundle, standing: Standing) -> str:
    """The same for a piece whose standing is known. No query."""
    name = f"“{standing.piece.title}”"
    if bundle.withdrawn_at is not None:
        return f"{name} was taken back with its bundle."
    if standing.piece.removed_at is not None:
        return f"{name} was taken out of its bundle."
    if standing.version is None:
        return f"{name} has no version yet."
    if standing.stand is Stand.CHANGES:
        return f"{name} is to be changed first: {_said(standing)}"
    if standing.stand is Stand.AGREED:
        return f"{name} was approved with changes that are not put in yet: {_said(standing)}"
    if bundle.mode not in BINDING or standing.stand is Stand.APPROVED:
        return ""
    if bundle.asked_at is None:
        return f"{name} is not approved: nobody was asked yet."
    return f"Version {standing.version.number} of {name} is not approved yet."


@transaction.atomic
def schedule_posting(piece: Piece, at: dt.datetime, *, by: Actor, member: Member | None = None) -> Posting:
    """It is posted at that moment (aware), promised by whoever owns the bundle. Another time replaces one.

    Refuses whatever is not approved as it now is.
    """
    row, batch = ours(piece.bundle, by), uuid4()
    standing = standing_now(piece, row.levels)
    reason = why_not_yet(row, standing)
    if reason or standing.version is None:
        raise Refusal(reason, remedy="Nothing is posted before the client has approved it.", field="at")
    if at <= clock.now():
        raise Refusal("That moment is over.", remedy="Choose one to come.", field="at")
    end_posting(posting_of(piece), "Given another time.", batch=batch)
    local = at.astimezone(clock.zone_info(row.client.zone))
    posting = Posting.objects.create(
        piece=piece, version=standing.version, at=at, made_by=member, made_at=clock.now()
    )
    posting.commitment = keeping.promise(
        row.client,
        f"Post “{piece.title}”"[:200],
        by=by,
        owner=row.owner or member,
        due_on=local.date(),
        due_time=local.time().replace(second=0, microsecond=0),
        about=(ABOUT, piece.pk),
        batch=batch,
    )
    posting.save(update_fields=["commitment"])
    events.record(
        "posting.scheduled",
        by=by,
        client_id=row.client_id,
        subject=row,
        batch=batch,
        title=row.title,
        piece=piece.title,
        number=standing.version.number,
        due_at=at,
    )
    return posting


@transaction.atomic
def unschedule_posting(piece: Piece, *, by: Actor, reason: str = "") -> None:
    """It is not posted at that time; its promise is taken back."""
    row, batch = ours(piece.bundle, by), uuid4()
    if not end_posting(posting_of(piece), reason.strip() or "Called off.", batch=batch):
        raise Refusal(f"“{piece.title}” is not scheduled.")
    events.record(
        "posting.unscheduled",
        by=by,
        client_id=row.client_id,
        subject=row,
        batch=batch,
        title=row.title,
        piece=piece.title,
        reason=reason.strip(),
    )


def _said(standing: Standing) -> str:
    return next((one.words for one in standing.decisions if one.words), "")
