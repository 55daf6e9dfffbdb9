"""The agency's week on one page: whom to congratulate, what went well, highs and lows, what comes (P6)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from steadyhand.care.agenda_sections import clients_with_flags
from steadyhand.clients.models import Client, PersonalDetail, Stage
from steadyhand.comms.agenda_sections import meetings_between
from steadyhand.comms.meetings.agenda import ALL_HANDS, Topic
from steadyhand.comms.models import Meeting
from steadyhand.core.actor import Actor
from steadyhand.core.recurrence import nth_weekday
from steadyhand.desk.agenda_sections import come_since
from steadyhand.desk.anniversaries import Anniversary, anniversaries
from steadyhand.growth.agenda_sections import wins_since
from steadyhand.growth.models import Win

A_DAY = dt.timedelta(days=1)
#: The team's showcase is held in the month's last all-hands (P6: once a month).
SHOWCASE_WEEKDAY, LAST = 4, -1


@dataclass(frozen=True, slots=True)
class Congratulation:
    """A contact's birthday; the client's account team alone sees it."""

    name: str
    client: Client
    on: dt.date


@dataclass(frozen=True, slots=True)
class AllHands:
    """The week from `monday` to Sunday, in the four parts of the meeting."""

    monday: dt.date
    ours: list[Anniversary]
    theirs: list[Congratulation]
    wins: list[Win]
    new_clients: list[Client]
    lost: list[Client]
    lows: list[Topic]
    meetings: list[Topic]
    showcase_on: dt.date
    next_one: Meeting | None

    @property
    def sunday(self) -> dt.date:
        """The last day of the week."""
        return self.monday + 6 * A_DAY

    @property
    def has_showcase(self) -> bool:
        """Whether the month's showcase is this week."""
        return self.monday <= self.showcase_on <= self.sunday

    @property
    def before(self) -> str:
        """The week before, as the address has it."""
        return (self.monday - 7 * A_DAY).isoformat()

    @property
    def after(self) -> str:
        """The week after."""
        return (self.monday + 7 * A_DAY).isoformat()


def all_hands(actor: Actor, day: dt.date, zone: str) -> AllHands:
    """The week that holds a day, as far as the actor may see it. Nine queries."""
    monday = day - day.weekday() * A_DAY
    sunday = monday + 6 * A_DAY
    lost = Client.objects.visible_to(actor).filter(stage=Stage.ENDED, ended_on__range=(monday, sunday))
    coming = Meeting.objects.visible_to(actor).filter(agenda_key=ALL_HANDS, cancelled_at=None, closed_at=None)
    friday = nth_weekday(sunday.year, sunday.month, SHOWCASE_WEEKDAY, LAST)
    return AllHands(
        monday=monday,
        ours=anniversaries(actor, monday, sunday),
        theirs=_birthdays(actor, monday, sunday),
        wins=wins_since(actor, monday, sunday),
        new_clients=come_since(actor, monday, sunday),
        lost=list(lost.order_by("name")),
        lows=clients_with_flags(actor),
        meetings=meetings_between(actor, sunday + A_DAY, sunday + 8 * A_DAY, zone),
        showcase_on=friday,
        next_one=coming.order_by("starts_at").first(),
    )


def _birthdays(actor: Actor, first: dt.date, last: dt.date) -> list[Congratulation]:
    days = {((first + n * A_DAY).month, (first + n * A_DAY).day): first + n * A_DAY for n in range(7)}
    rows = PersonalDetail.objects.visible_to(actor).filter(
        kind="birthday", until=None, month__in={month for month, _ in days}
    )
    found = [
        Congratulation(row.contact.name, row.contact.client, days[row.month, row.day])
        for row in rows.select_related("contact__client")
        if row.month is not None and row.day is not None and (row.month, row.day) in days
    ]
    return sorted(found, key=lambda one: (one.on, one.name))
