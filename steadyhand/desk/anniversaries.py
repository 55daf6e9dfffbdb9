"""Whom to congratulate: birthdays and years at the agency, in a span of days (P6)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from steadyhand.core.actor import Actor
from steadyhand.people.models import Member

A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Anniversary:
    """Somebody's day; `years` at the agency, 0 for a birthday."""

    member: Member
    on: dt.date
    years: int = 0

    @property
    def said(self) -> str:
        """“birthday” or “3 years with us”."""
        if not self.years:
            return "birthday"
        return f"{self.years} year{'' if self.years == 1 else 's'} with us"


def anniversaries(actor: Actor, first: dt.date, last: dt.date) -> list[Anniversary]:
    """Of everybody who is here, by day. One query; 29 February is kept on the 28th in other years."""
    found = []
    days = [first + n * A_DAY for n in range((last - first).days + 1)]
    for member in Member.objects.visible_to(actor).here():
        for day in days:
            if member.birth_day and member.birth_month and _falls(member.birth_month, member.birth_day, day):
                found.append(Anniversary(member, day))
            since = member.joined_on
            if since is not None and since.year < day.year and _falls(since.month, since.day, day):
                found.append(Anniversary(member, day, day.year - since.year))
    return sorted(found, key=lambda one: (one.on, one.member.name))


def _falls(month: int, number: int, day: dt.date) -> bool:
    if (month, number) == (2, 29) and (day + A_DAY).day == 1 and day.month == 2:
        return True
    return (month, number) == (day.month, day.day)
