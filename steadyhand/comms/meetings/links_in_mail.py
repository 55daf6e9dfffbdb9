"""The links that mails about a meeting carry, and what they say of them."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from steadyhand.comms.models import Attendee, Meeting
from steadyhand.core import clock, grants
from steadyhand.core.models import GrantKind
from steadyhand.playbook.models import Version

#: Whose link it is.
HOLDER = "attendee"

#: How long after the meeting its page can still be read.
KEPT = dt.timedelta(days=7)

#: The rule whose meetings a client may decline (B10).
FIRST_MONTH = "first-month-meeting"


def new_link(attendee: Attendee) -> str:
    """An address for a mail; earlier ones keep working, because people open old mails."""
    meeting = attendee.meeting
    _, secret = grants.issue(
        GrantKind.MEETING,
        holder_type=HOLDER,
        holder_id=attendee.pk,
        lasts=max(meeting.ends_at + KEPT - clock.now(), KEPT),
        label=meeting.title,
    )
    return f"{settings.BASE_URL}/meet/{secret}/"


def may_decline(meeting: Meeting) -> bool:
    """Whether it is one of the first month's weekly meetings, which the playbook leaves to the client."""
    promise = meeting.commitment
    if promise is None or promise.rule != FIRST_MONTH or not meeting.is_open:
        return False
    version = promise.version or Version.live()
    return version is not None and version.policy.first_month.client_may_decline


def point_words(attendee: Attendee) -> str:
    """What a mail says of the page, with its address."""
    words = f"Is there something you would like to talk about? Add it here: {new_link(attendee)}"
    if may_decline(attendee.meeting):
        words += "\nYou may do without this one: decline it on the same page."
    return words
