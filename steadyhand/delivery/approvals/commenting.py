"""Remarks about a version: at a place of a picture, at a time of a video, or about all of it."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from steadyhand.clients.models import Contact
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.approvals.following import locked, refuse_strangers, refuse_withdrawn
from steadyhand.delivery.models import Bundle, Comment, PieceKind, PieceVersion
from steadyhand.people.models import Member

MOST_WORDS = 4000
#: Seconds: longer videos are not made here.
LONGEST = 24 * 3600


@transaction.atomic
def comment(
    version: PieceVersion,
    text: str,
    *,
    by: Actor,
    place: tuple[Decimal, Decimal] | None = None,
    seconds: Decimal | None = None,
    shared: bool = False,
) -> Comment:
    """Say something about a version. `place`: per cent from the left and the top; `seconds` into the video.

    Ours are internal unless `shared`; what the client says both sides see. Older versions may be commented.
    """
    bundle = locked(version.piece.bundle)
    refuse_withdrawn(bundle)
    contact, member = _who(bundle, by)
    if not text.strip():
        raise Refusal("Write the comment.", field="text")
    if place is not None:
        if version.piece.kind != PieceKind.PICTURE:
            raise Refusal("Only a picture has places.", field="text")
        if not all(0 <= one <= 100 for one in place):
            raise Refusal("That place is outside the picture.", remedy="Click into it.", field="text")
    if seconds is not None:
        if version.piece.kind != PieceKind.VIDEO:
            raise Refusal("Only a video has times.", field="seconds")
        if not 0 <= seconds <= LONGEST:
            raise Refusal("That time is outside the video.", field="seconds")
    made = Comment.objects.create(
        version=version,
        contact=contact,
        member=member,
        by_name=by.name,
        text=text.strip()[:MOST_WORDS],
        x=place[0] if place else None,
        y=place[1] if place else None,
        seconds=seconds,
        shared=shared or contact is not None,
        at=clock.now(),
    )
    events.record(
        "approval.commented",
        by=by,
        client_id=bundle.client_id,
        subject=bundle,
        title=bundle.title,
        piece=version.piece.title,
        number=version.number,
        text=made.text,
        shared=made.shared,
    )
    return made


def _who(bundle: Bundle, by: Actor) -> tuple[Contact | None, Member | None]:
    """A contact of this client who was shown it, or somebody of its account team."""
    if by.kind is not ActorKind.CONTACT:
        refuse_strangers(bundle.client_id, by)
        return None, Member.objects.filter(pk=by.member_id).first() if by.member_id else None
    contact = Contact.objects.filter(pk=by.id or 0, client=bundle.client_id, left_on=None).first()
    if contact is None or bundle.asked_at is None:
        raise Refusal("That is not open to you any more.", remedy="Ask whoever wrote to you.")
    return contact, None
