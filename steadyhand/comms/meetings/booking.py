"""Getting there: travel, lodging and rooms, booked by a day and confirmed with a reference (S9 D)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from steadyhand.commitments import keeping
from steadyhand.commitments.calendars import working_days
from steadyhand.commitments.kinds import OWED, Kind
from steadyhand.comms.meetings import preparing
from steadyhand.comms.meetings.rights import refuse_strangers
from steadyhand.comms.models import Booking, BookingKind, Host, Meeting, Step
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member

#: What the promise of a booking is about, and the only evidence that keeps it.
ABOUT = "comms.booking"

#: Working days within which things are booked once it is known who comes: rates only rise.
BOOK_WITHIN = 2

NEEDED: dict[str, tuple[BookingKind, ...]] = {
    Host.US: (BookingKind.ROOM,),
    Host.THEM: (BookingKind.TRAVEL, BookingKind.LODGING),
    Host.ELSEWHERE: (BookingKind.ROOM, BookingKind.TRAVEL, BookingKind.LODGING),
}


@transaction.atomic
def need_booking(
    meeting: Meeting,
    kind: BookingKind,
    *,
    by: Actor,
    owner: Member | None = None,
    book_by: dt.date | None = None,
    note: str = "",
    batch: UUID | None = None,
) -> Booking:
    """Something must be booked, by a day (two working days from now, and before the meeting)."""
    refuse_strangers(meeting, by)
    if not meeting.is_open:
        raise Refusal(f"“{meeting.title}” is over.", remedy="Open it again first.")
    batch = batch or uuid4()
    booking = Booking.objects.create(
        meeting=meeting, kind=BookingKind(kind), note=note.strip()[:200], made_at=clock.now()
    )
    booking.commitment = keeping.promise(
        meeting.client,
        f"Book {booking.get_kind_display()} for “{meeting.title}”",
        by=by,
        owner=owner or meeting.led_by,
        due_on=book_by or _soon(meeting),
        kind=Kind.ACTION,
        internal=True,
        about=(ABOUT, booking.pk),
        closes_with=ABOUT,
        batch=batch,
    )
    booking.save(update_fields=["commitment"])
    _record("booking.needed", booking, by=by, batch=batch)
    return booking


@transaction.atomic
def confirm_booking(booking: Booking, reference: str, *, by: Actor) -> Booking:
    """It is booked: the confirmation's reference keeps its promise, and with the last one the logistics."""
    row = _locked(booking, by)
    if row.booked_at is not None or row.dropped_at is not None:
        raise Refusal("That booking is settled already.")
    if not reference.strip():
        raise Refusal(
            "Write down the confirmation.", remedy="Its reference, or where it is kept.", field="reference"
        )
    batch = uuid4()
    row.booked_at, row.reference = clock.now(), reference.strip()[:200]
    row.save(update_fields=["booked_at", "reference"])
    if row.commitment is not None and row.commitment.state in OWED:
        keeping.complete(row.commitment, by=by, evidence=(ABOUT, row.pk), note=row.reference, batch=batch)
    if not row.meeting.bookings.filter(booked_at=None, dropped_at=None).exists():
        preparing.finish(row.meeting, Step.LOGISTICS, by=by, batch=batch)
    _record("booking.confirmed", row, by=by, batch=batch, reference=row.reference)
    return row


@transaction.atomic
def unconfirm_booking(booking: Booking, *, by: Actor) -> Booking:
    """It is not booked after all, and owed again."""
    row = _locked(booking, by)
    if row.booked_at is None:
        raise Refusal("That is not booked yet.")
    batch = uuid4()
    row.booked_at, row.reference = None, ""
    row.save(update_fields=["booked_at", "reference"])
    if row.commitment is not None and row.commitment.state not in OWED:
        keeping.reopen(row.commitment, by=by, batch=batch)
    preparing.unfinish(row.meeting, Step.LOGISTICS, by=by, batch=batch)
    _record("booking.unconfirmed", row, by=by, batch=batch)
    return row


@transaction.atomic
def drop_booking(booking: Booking, *, by: Actor, reason: str = "") -> Booking:
    """It is not needed."""
    row = _locked(booking, by)
    if row.booked_at is not None or row.dropped_at is not None:
        raise Refusal("That booking is settled already.")
    batch = uuid4()
    row.dropped_at = clock.now()
    row.save(update_fields=["dropped_at"])
    if row.commitment is not None and row.commitment.state in OWED:
        keeping.waive(row.commitment, by=by, reason=reason.strip() or "Not needed.", batch=batch)
    _record("booking.dropped", row, by=by, batch=batch, reason=reason.strip())
    return row


def book_the_way(meeting: Meeting, *, by: Actor, batch: UUID | None = None) -> list[Booking]:
    """What a meeting in person needs booked, as soon as it is known who comes; what is there stays."""
    if not meeting.in_person:
        return []
    known = set(meeting.bookings.values_list("kind", flat=True))
    needed = [kind for kind in NEEDED.get(meeting.host, ()) if kind not in known]
    return [need_booking(meeting, kind, by=by, batch=batch) for kind in needed]


def _soon(meeting: Meeting) -> dt.date:
    zone = meeting.client.zone if meeting.client else meeting.zone
    today = clock.today(zone)
    on = meeting.starts_at.astimezone(clock.zone_info(zone)).date()
    return max(min(working_days(meeting.client).add_working(today, BOOK_WITHIN), on), today)


def _locked(booking: Booking, by: Actor) -> Booking:
    row = (
        Booking.objects.select_for_update(of=("self",))
        .select_related("meeting__client", "meeting__led_by", "commitment")
        .get(pk=booking.pk)
    )
    refuse_strangers(row.meeting, by)
    return row


def _record(verb: str, booking: Booking, *, by: Actor, batch: UUID | None, **data: Any) -> None:
    events.record(
        verb,
        by=by,
        client_id=booking.meeting.client_id,
        subject=booking,
        batch=batch,
        what=booking.get_kind_display(),
        title=booking.meeting.title,
        meeting_id=booking.meeting_id,
        **data,
    )
