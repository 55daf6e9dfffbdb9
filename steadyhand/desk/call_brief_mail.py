"""The call brief by mail, the day before: once for each promised call and day, to whoever owns it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import Q

from steadyhand.clients.models import Client
from steadyhand.commitments.kinds import Kind
from steadyhand.commitments.models import Commitment
from steadyhand.comms.mail.rendering import as_html
from steadyhand.core import clock, outbox
from steadyhand.core.duties import wake
from steadyhand.core.models import OutboxMessage
from steadyhand.desk.call_brief import call_brief
from steadyhand.desk.call_brief_words import as_letter
from steadyhand.people.models import MemberState, News
from steadyhand.playbook.models import Version

KIND = "call-brief"
DUTY = "desk.call_briefs"

#: A call with an hour is prepared a day ahead; one without from 15:00 of the day before.
AHEAD = dt.timedelta(hours=24)
AHEAD_OF_DAYS_END = dt.timedelta(hours=33)

#: How many are written at a time, so that other duties get their turn.
AT_ONCE = 100


def mail_briefs() -> int:
    """Post the briefs of calls that come within a day; how many. Running it again posts none twice."""
    version = Version.live()
    if version is None:
        return 0
    posted = 0
    for call in _coming(clock.now()):
        cause = f"{KIND} {call.pk} {call.due_on}"
        if OutboxMessage.objects.filter(cause=cause).exists():
            continue
        _post(call, version, cause)
        posted += 1
        if posted >= AT_ONCE:
            wake(DUTY)
            break
    return posted


def _coming(now: dt.datetime) -> list[Commitment]:
    timed = Q(starts_at__gt=now, starts_at__lte=now + AHEAD)
    untimed = Q(starts_at=None, due_at__gt=now, due_at__lte=now + AHEAD_OF_DAYS_END)
    rows = Commitment.objects.open().filter(timed | untimed, kind=Kind.CALL, client__isnull=False)
    mailed = rows.filter(owner__state=MemberState.ACTIVE).exclude(owner__news=News.NEVER)
    return list(mailed.select_related("owner").order_by("due_at", "pk"))


def _post(call: Commitment, version: Version, cause: str) -> None:
    assert call.owner is not None and call.client_id is not None  # noqa: S101  # the query asks for both
    client = Client.objects.select_related("plan").get(pk=call.client_id)
    brief = call_brief(client, call.owner.actor, version=version, call=call)
    url = f"{settings.BASE_URL}{client.get_absolute_url()}call-brief/?call={call.pk}"
    subject, text = as_letter(brief, url)
    outbox.post(KIND, call.owner.email, subject, text, as_html(subject, text, None), True, cause=cause)
