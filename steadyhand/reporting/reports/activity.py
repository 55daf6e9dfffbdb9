"""The weekly activity report: our duties and theirs, done, late and next, from the ledger (R11).

Everything in it is what the client may read: promises in the words of their calendar, deliverables shared
with them, links and content that are done, actions that were circulated. Nothing internal, and none of our
own words about promises.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from steadyhand.clients.models import Client
from steadyhand.commitments.feed_file import words_to_client
from steadyhand.commitments.keeping import AD_HOC
from steadyhand.commitments.kinds import OWED, State
from steadyhand.commitments.models import Commitment, Completion
from steadyhand.comms.meetings.minutes import who_acts
from steadyhand.comms.models import Action, Chase
from steadyhand.core import clock
from steadyhand.core.models import Agency
from steadyhand.core.recurrence import Period
from steadyhand.delivery.models import Deliverable
from steadyhand.reporting.reports.work_done import made_in

#: Rows of each part, so that the week stays a page.
MOST = 40
A_DAY = dt.timedelta(days=1)
A_WEEK = dt.timedelta(days=7)

Row = dict[str, str]

#: Promises that a client may read of: the playbook's, and actions they were sent in minutes.
SHOWN = ~Q(rule=AD_HOC) | Q(action__internal=False, action__dropped_at=None, action__theirs=False)


def take_activity(client: Client, period: Period) -> dict[str, Any]:
    """What was done in the week, what is late, what comes next, what we wait for from them; as JSON."""
    first = clock.midnight(period.start, client.zone)
    last = clock.midnight(period.end + A_DAY, client.zone)
    ours = Commitment.objects.filter(SHOWN, client=client).for_client_eyes()
    now = min(last, clock.now())
    late = ours.filter(state__in=OWED, due_at__lt=now, due_at__gte=first - 4 * A_WEEK)
    coming = ours.filter(state=State.OPEN, due_at__gte=now, due_at__lt=last + A_WEEK)
    today = min(period.end, clock.today(client.zone))
    handed = Deliverable.objects.filter(client=client, shared_at__isnull=False, dropped_at=None)
    return {
        "activity": {
            "done": _sorted(
                [*_kept(client, first, last), *_delivered(handed, period), *made_in(client, period)]
            ),
            "late": _sorted([*_owed(late), *_promised(handed.owed().filter(due_on__lt=today))]),
            "next": _sorted(
                [
                    *_owed(coming),
                    *_promised(handed.owed().filter(due_on__gte=today, due_on__lte=period.end + A_WEEK)),
                ]
            ),
            "theirs": _sorted(_theirs(client)),
        },
        "figures": [],
        "taken_at": clock.now().isoformat(),
    }


def _kept(client: Client, first: dt.datetime, last: dt.datetime) -> Iterator[Row]:
    rows = Commitment.objects.filter(SHOWN, client=client).for_client_eyes().values("pk")
    kept = Completion.objects.filter(undone_at=None, at__gte=first, at__lt=last, commitment__in=rows)
    zone = clock.zone_info(client.zone)
    for one in kept.select_related("commitment__owner", "commitment__action").order_by("at")[:MOST]:
        yield _row(one.commitment, one.at.astimezone(zone).date(), "late" if one.late else "")


def _owed(rows: Any) -> Iterator[Row]:
    for row in rows.select_related("owner", "action").order_by("due_at")[:MOST]:
        yield _row(row, row.due_on, "waits on you" if row.waiting_since else "")


def _row(row: Commitment, day: dt.date, note: str) -> Row:
    action = getattr(row, "action", None)
    words = action.text if action is not None else words_to_client(row.kind, row.rule, Agency.get())
    return {"words": words, "who": row.owner.name if row.owner else "", "day": day.isoformat(), "note": note}


def _delivered(handed: Any, period: Period) -> Iterator[Row]:
    for one in handed.filter(delivered_on__range=(period.start, period.end))[:MOST]:
        yield _handed(one, one.delivered_on, "late" if one.is_late else "")


def _promised(handed: Any) -> Iterator[Row]:
    for one in handed[:MOST]:
        yield _handed(one, one.due_on, "")


def _handed(one: Deliverable, day: dt.date, note: str) -> Row:
    return {"words": one.title, "who": one.promised_by_name, "day": day.isoformat(), "note": note}


def _theirs(client: Client) -> Iterator[Row]:
    """What we asked them for, and what they said they would do."""
    for one in Chase.objects.open().filter(client=client).select_related("contact")[:MOST]:
        day = one.wanted_by.isoformat() if one.wanted_by else ""
        yield {"words": one.text, "who": one.contact.name if one.contact else "", "day": day, "note": ""}
    said = Action.objects.filter(client=client, theirs=True, internal=False, dropped_at=None)
    for act in said.filter(commitment__state__in=OWED).select_related("owner", "client")[:MOST]:
        day = act.due_on.isoformat() if act.due_on else ""
        yield {"words": act.text, "who": who_acts(act), "day": day, "note": ""}


def _sorted(rows: Any) -> list[Row]:
    return sorted(rows, key=lambda row: (row["day"] or "9999", row["words"]))[:MOST]
