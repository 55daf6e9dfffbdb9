"""The dates of a signed agreement become promises: talk about renewal, and the last day for notice (O3)."""

from __future__ import annotations

import datetime as dt

from steadyhand.commitments import keeping
from steadyhand.commitments.calendars import working_days
from steadyhand.commitments.kinds import OWED
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.onboarding.models import Agreement, AgreementVersion

ABOUT = "onboarding.agreement"

#: How long before the last day for notice the client is asked about going on.
BEFORE_NOTICE = dt.timedelta(days=30)


def promise_dates(agreement: Agreement, version: AgreementVersion, *, by: Actor) -> list[Commitment]:
    """Promise what the agreement's end asks for; nothing where it runs on, or where the day is over."""
    if version.ends_on is None or version.notice_by is None:
        return []
    notice = version.notice_by
    wanted = (
        (f"Talk about renewing “{agreement.title}”", notice - BEFORE_NOTICE),
        (f"Last day for notice: “{agreement.title}”", notice),
        (f"“{agreement.title}” ends", version.ends_on),
    )
    days = working_days(agreement.client)
    today = clock.today(agreement.client.zone)
    made = []
    for title, day in wanted:
        due = day if days.is_working(day) else days.previous_working(day)
        if due >= today:
            made.append(
                keeping.promise(
                    agreement.client,
                    title,
                    by=by,
                    owner=agreement.owner,
                    due_on=due,
                    internal=True,
                    about=(ABOUT, agreement.pk),
                )
            )
    return made


def forget_dates(agreement: Agreement, *, by: Actor) -> None:
    """Nobody owes the dates of an agreement that no longer holds."""
    system = Actor.system("agreements") if not by.is_system else by
    for row in Commitment.objects.filter(about_type=ABOUT, about_id=agreement.pk, state__in=OWED):
        keeping.unpromise(row, by=system)
