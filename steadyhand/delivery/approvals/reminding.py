"""The ladder of reminders: before the deadline, on it, after it; each rung once, as drafts."""

from __future__ import annotations

from uuid import uuid4

from django.db import transaction

from steadyhand.commitments.calendars import working_days
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.approvals.asking import awaited, waiting_pieces
from steadyhand.delivery.approvals.following import locked, refuse_strangers, refuse_withdrawn
from steadyhand.delivery.approvals.letters import write_to
from steadyhand.delivery.approvals.standing import Turn, standings, turn_of
from steadyhand.delivery.models import Bundle, Reminder, Step

#: Working days from the deadline at which a rung is reached.
LADDER = {Step.BEFORE: -2, Step.ON: 0, Step.AFTER: 2}

REMINDER = Actor.system("reminders")


@transaction.atomic
def remind(bundle: Bundle, *, by: Actor, step: Step = Step.BY_HAND) -> Reminder:
    """Draft a reminder to everybody whose answer is awaited. A rung of a deadline is climbed once."""
    row, batch = locked(bundle), uuid4()
    refuse_strangers(row.client_id, by)
    refuse_withdrawn(row)
    pieces = standings(row)
    if row.asked_at is None or turn_of(pieces) is not Turn.THEIRS:
        raise Refusal(f"“{row.title}” does not wait on the client.")
    known = Reminder.objects.filter(bundle=row, step=step, due_on=row.due_on).first()
    if known is not None and step != Step.BY_HAND:
        return known
    made = Reminder.objects.create(bundle=row, step=step, due_on=row.due_on, at=clock.now())
    people = awaited(row, pieces)
    count = waiting_pieces(pieces)
    made.messages.set([write_to(row, contact, by=by, pieces=count, step=step) for contact in people])
    events.record(
        "approval.reminded",
        by=by,
        client_id=row.client_id,
        subject=row,
        batch=batch,
        title=row.title,
        step=str(step),
        names=[contact.name for contact in people],
    )
    return made


def rung_reached(bundle: Bundle) -> Step | None:
    """The last rung that was reached by today, on the client's calendar, since they were asked."""
    if bundle.asked_at is None:
        return None
    zone = clock.zone_info(bundle.client.zone)
    today, asked = clock.today(bundle.client.zone), bundle.asked_at.astimezone(zone).date()
    days = working_days(bundle.client)
    reached: Step | None = None
    for step, offset in LADDER.items():
        day = days.add_working(bundle.due_on, offset) if offset else bundle.due_on
        if asked < day <= today:
            reached = step
    return reached


def remind_everybody() -> int:
    """Draft what is due, each rung once, however often this runs; how many bundles."""
    made = 0
    for bundle in Bundle.objects.waiting().select_related("client"):
        step = rung_reached(bundle)
        if step is None or bundle.reminders.filter(step=step, due_on=bundle.due_on).exists():
            continue
        try:
            remind(bundle, by=REMINDER, step=step)
        except Refusal:  # they answered meanwhile
            continue
        made += 1
    return made
