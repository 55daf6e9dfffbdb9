"""Call time left this month, for many clients at once (B4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import Sum

from steadyhand.commitments.kinds import Kind
from steadyhand.commitments.models import ClientPlan, Completion
from steadyhand.comms.models import Channel, Interaction
from steadyhand.core import clock
from steadyhand.playbook.models import Version
from steadyhand.playbook.policy import allowance_minutes


def minutes_left(client_ids: Collection[int], day: dt.date, zone: str) -> dict[int, int]:
    """Minutes of call time that each client's spend still buys in the calendar month of `day`.

    Below zero where more was given. Four queries however many clients; empty while no playbook is in force.
    """
    version = Version.live()
    if version is None:
        return {}
    used = minutes_used(client_ids, day, zone)
    policy = version.policy
    spend = ClientPlan.objects.filter(client__in=client_ids).values_list("client", "monthly_spend")
    return {pk: allowance_minutes(policy, amount) - used.get(pk, 0) for pk, amount in spend if amount}


def month_of(day: dt.date, zone: str) -> tuple[dt.datetime, dt.datetime]:
    """The first instant of the calendar month of a day, and that of the next."""
    first = day.replace(day=1)
    following = (first + dt.timedelta(days=32)).replace(day=1)
    return clock.midnight(first, zone), clock.midnight(following, zone)


def minutes_used(client_ids: Collection[int], day: dt.date, zone: str) -> dict[int, int]:
    """Minutes of calls held with each client in the calendar month of `day`; who had none is left out.

    A call written down counts its own minutes, one only marked as done those planned for it. One query.
    """
    month = month_of(day, zone)
    held = (
        Interaction.objects.filter(
            client__in=client_ids, channel=Channel.CALL, at__gte=month[0], at__lt=month[1]
        )
        .order_by()
        .values_list("client")
        .annotate(Sum("minutes"))
    )
    kept = (
        Completion.objects.filter(
            commitment__client__in=client_ids,
            commitment__kind=Kind.CALL,
            undone_at=None,
            at__gte=month[0],
            at__lt=month[1],
        )
        .exclude(evidence_type="comms.interaction")
        .order_by()
        .values_list("commitment__client")
        .annotate(Sum("commitment__minutes"))
    )
    used: dict[int, int] = {}
    for pk, minutes in held.union(kept, all=True).order_by():
        used[pk] = used.get(pk, 0) + (minutes or 0)
    return used
