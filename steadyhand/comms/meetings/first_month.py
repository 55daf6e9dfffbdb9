"""The weekly meetings of a client's first month: put in the diary, each free to decline (B10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef

from steadyhand.clients.models import Client, Contact
from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import Commitment
from steadyhand.comms.meetings.inviting import send_invitations
from steadyhand.comms.meetings.links_in_mail import FIRST_MONTH
from steadyhand.comms.meetings.planning import plan_meeting
from steadyhand.comms.models import Meeting
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member


def owed(client: Client) -> list[Commitment]:
    """Those of the first month that are still to come and have no meeting yet."""
    held = Exists(Meeting.objects.filter(commitment=OuterRef("pk"), cancelled_at=None))
    found = Commitment.objects.filter(
        ~held, client=client, rule=FIRST_MONTH, state=State.OPEN, due_on__gte=clock.today(client.zone)
    )
    return list(found.select_related("owner", "version").order_by("due_on", "pk"))


@transaction.atomic
def plan_first_month(
    client: Client,
    *,
    by: Actor,
    time: dt.time,
    contacts: Collection[Contact],
    led_by: Member | None = None,
    place: str = "",
) -> list[Meeting]:
    """Plan every weekly meeting of the first month on its own day at `time` (the client's clock), and invite
    `contacts`; each invitation carries a link by which they decline that one."""
    if not contacts:
        raise Refusal("Say who is invited.", remedy="Choose at least one contact.", field="contacts")
    rows = owed(client)
    if not rows:
        raise Refusal(f"No first-month meeting of {client.name} waits to be planned.")
    planned = []
    for row in rows:
        meeting = plan_meeting(
            client,
            row.title,
            by=by,
            day=row.due_on,
            time=time,
            minutes=row.minutes or 45,
            led_by=led_by or row.owner,
            contacts=contacts,
            place=place,
            commitment=row,
        )
        send_invitations(meeting, by=by)
        planned.append(meeting)
    return planned
