"""Telling the account manager how working with them is, at the team's meetings (L4)."""

from __future__ import annotations

from django.db import transaction

from steadyhand.care.models import Feedback
from steadyhand.clients.models import Client
from steadyhand.commitments.keeping import NotYours
from steadyhand.comms.models import Meeting
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.models import Audience
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member, MemberState

#: Characters; more than that is said face to face.
LONGEST = 4000


@transaction.atomic
def give_feedback(
    about: Member,
    text: str,
    *,
    by: Actor,
    client: Client | None = None,
    meeting: Meeting | None = None,
) -> Feedback:
    """A few sentences for a colleague, signed by whoever gives them; they, their manager and HR read it."""
    if by.member_id is None:
        raise Refusal("Feedback is signed.", remedy="Sign in as yourself.")
    if about.pk == by.member_id:
        raise Refusal("Feedback comes from others.", remedy="Choose a colleague.", field="about")
    if about.state == MemberState.LEFT:
        raise Refusal(f"{about.name} has left.", remedy="Choose a colleague who is here.", field="about")
    if not text.strip():
        raise Refusal("Say what helps, or what would help.", remedy="One sentence is enough.", field="text")
    if len(text.strip()) > LONGEST:
        raise Refusal(f"Keep it under {LONGEST:,} characters.", remedy="Say the rest to them.", field="text")
    if client is not None and not Client.objects.visible_to(by).filter(pk=client.pk).exists():
        raise NotYours("You are not on that account team.", remedy="Leave the client out.")
    if meeting is not None and not Meeting.objects.visible_to(by).filter(pk=meeting.pk).exists():
        raise NotYours("You are not in that meeting.", remedy="Give it without the meeting.")
    row = Feedback.objects.create(
        about=about,
        given_by_id=by.member_id,
        client=client,
        meeting=meeting,
        text=text.strip(),
        at=clock.now(),
    )
    events.record("feedback.given", by=by, subject=row, audience=Audience.PEOPLE, about=about.name)
    return row


@transaction.atomic
def withdraw_feedback(feedback: Feedback, *, by: Actor) -> Feedback:
    """Take one's own words back; nobody reads them any more."""
    row = _own(feedback, by)
    if row.withdrawn_at is not None:
        raise Refusal("It is taken back already.")
    row.withdrawn_at = clock.now()
    row.save(update_fields=["withdrawn_at"])
    events.record("feedback.withdrawn", by=by, subject=row, audience=Audience.PEOPLE, about=row.about.name)
    return row


@transaction.atomic
def restore_feedback(feedback: Feedback, *, by: Actor) -> Feedback:
    """Say it after all."""
    row = _own(feedback, by)
    if row.withdrawn_at is None:
        raise Refusal("It stands.")
    row.withdrawn_at = None
    row.save(update_fields=["withdrawn_at"])
    events.record("feedback.restored", by=by, subject=row, audience=Audience.PEOPLE, about=row.about.name)
    return row


def _own(feedback: Feedback, by: Actor) -> Feedback:
    row = Feedback.objects.select_for_update(of=("self",)).select_related("about").get(pk=feedback.pk)
    if row.given_by_id != by.member_id and not by.is_system:
        raise NotYours("Only whoever gave it takes it back.")
    return row
