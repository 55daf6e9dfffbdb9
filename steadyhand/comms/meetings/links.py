"""A page about one meeting for somebody who has no account: hashed, expiring, theirs alone (S9, B10).

Opening it shows the day and the agenda; points are added and first-month meetings declined by POST.
"""

from __future__ import annotations

from uuid import uuid4

from django.db import transaction

from steadyhand.comms.meetings.links_in_mail import HOLDER, may_decline
from steadyhand.comms.meetings.planning import cancel_meeting
from steadyhand.comms.models import Answer, Attendee, Meeting
from steadyhand.core import clock, events, grants
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.models import GrantKind
from steadyhand.core.refusals import Refusal

LONG_TEXTS = ("meeting__commitment__version__document", "meeting__commitment__version__content")
BY_LINK = Actor.system("a link in a mail")


def attendee_of(secret: str) -> Attendee | None:
    """Whose link this is; None for one that is too old, was revoked, or that nobody made."""
    grant = grants.find(GrantKind.MEETING, secret)
    if grant is None or grant.holder_type != HOLDER:
        return None
    found = Attendee.objects.filter(pk=grant.holder_id, removed_at=None)
    related = ("contact", "meeting__client", "meeting__led_by", "meeting__commitment__version")
    return found.select_related(*related).defer(*LONG_TEXTS).first()


def actor_of(attendee: Attendee) -> Actor:
    """Who acts when the page's buttons are pressed."""
    return Actor(ActorKind.CONTACT, attendee.contact_id, attendee.shown_name)


@transaction.atomic
def decline_meeting(attendee: Attendee, *, by: Actor) -> Meeting:
    """The client does not need this one: it is called off, and its promise waived because they said so."""
    meeting = attendee.meeting
    if not may_decline(meeting):
        raise Refusal(
            "This meeting cannot be declined here.", remedy="Write to us, and we find another time."
        )
    if meeting.starts_at < clock.now():
        raise Refusal("This meeting has begun already.")
    batch = uuid4()
    attendee.answer, attendee.answered_at = Answer.DECLINED, clock.now()
    attendee.save(update_fields=["answer", "answered_at"])
    events.record(
        "meeting.declined",
        by=by,
        client_id=meeting.client_id,
        subject=meeting,
        batch=batch,
        title=meeting.title,
        attendee=attendee.shown_name,
    )
    return cancel_meeting(
        meeting,
        by=BY_LINK,
        reason=f"Declined by the client: {attendee.shown_name}.",
        owed_still=False,
        batch=batch,
    )
