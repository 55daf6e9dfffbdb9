"""Reading a client's brief, and saying so (O8)."""

from __future__ import annotations

from django.db import transaction

from steadyhand.clients.models import BriefReading, Client
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member


@transaction.atomic
def read_brief(client: Client, member: Member, *, by: Actor) -> BriefReading:
    """The member has read the brief, again where they had before. Only they can say so."""
    if by.member_id != member.pk:
        raise Refusal("Only the reader can say that the brief was read.")
    reading, _ = BriefReading.objects.update_or_create(
        client=client, member=member, defaults={"at": clock.now()}
    )
    events.record("client.brief_read", by=by, client_id=client.pk, subject=client, member=member.name)
    return reading


@transaction.atomic
def unread_brief(client: Client, member: Member, *, by: Actor) -> None:
    """Take back that it was read."""
    if by.member_id != member.pk:
        raise Refusal("Only the reader can say that the brief was not read.")
    gone, _ = BriefReading.objects.filter(client=client, member=member).delete()
    if gone:
        events.record("client.brief_unread", by=by, client_id=client.pk, subject=client, member=member.name)


def asks_to_read(client: Client, member: Member) -> bool:
    """Whether the member is on the account team and has not read the brief since they joined it."""
    since = (
        client.team.filter(member=member, until=None)
        .order_by("since")
        .values_list("since", flat=True)
        .first()
    )
    if since is None:
        return False
    reading = client.readings.filter(member=member).first()
    return reading is None or reading.at.astimezone(clock.zone_info(client.zone)).date() < since
