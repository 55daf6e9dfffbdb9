"""How many mails leave in a day of the agency, in all and to one address; what is over waits for tomorrow."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.conf import settings
from django.db.models import Count, Q

from steadyhand.core import clock
from steadyhand.core.models import Agency, MailState, OutboxMessage


def within_limits(due: list[OutboxMessage]) -> list[OutboxMessage]:
    """Those of these due mails that may leave today; the others are put off, and say so.

    A mail that is safe to repeat carries a code or link that somebody waits for: it counts, but leaves.
    """
    in_all, to_one = settings.MAILS_A_DAY, settings.MAILS_TO_ONE_A_DAY
    if not due or not (in_all or to_one):
        return due
    agency = Agency.current()
    zone = agency.zone if agency else "UTC"
    today = clock.today(zone)
    left = OutboxMessage.objects.filter(
        Q(sent_at__gte=clock.midnight(today, zone)) | Q(state=MailState.SENDING)
    ).order_by()
    total = left.count()
    to = Counter(
        dict(
            left.filter(recipient__in={mail.recipient for mail in due})
            .values_list("recipient")
            .annotate(Count("pk"))
        )
    )
    may_leave: list[OutboxMessage] = []
    tomorrow = today + dt.timedelta(days=1)
    over: dict[str, list[int]] = {}
    for mail in due:
        if mail.safe_to_repeat or not (reason := _over(total, to[mail.recipient], in_all, to_one)):
            may_leave.append(mail)
            total += 1
            to[mail.recipient] += 1
        else:
            over.setdefault(reason, []).append(mail.pk)
    for reason, ids in over.items():
        OutboxMessage.objects.filter(pk__in=ids, state=MailState.QUEUED).update(
            next_at=clock.midnight(tomorrow, zone),
            last_error=f"{reason} This one leaves on {tomorrow.day} {tomorrow:%B}.",
        )
    return may_leave


def _over(total: int, to_this_one: int, in_all: int, to_one: int) -> str:
    if in_all and total >= in_all:
        return f"Today's limit of {in_all:,} mails is reached."
    if to_one and to_this_one >= to_one:
        return f"Today's limit of {to_one:,} mails to one address is reached."
    return ""
