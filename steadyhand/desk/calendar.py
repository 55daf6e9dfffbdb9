"""The calendar: what is owed on each day of a month or week, in the reader's zone.

Days are counted by the database; of each day only the first few rows are read, so that the page of a book
of thousands costs what the page of twenty clients costs.
"""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber, TruncDate

from steadyhand.clients.models import Client
from steadyhand.commitments.kinds import TIMED, Kind, State
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.business_days import Place, holiday_names
from steadyhand.core.clock import zone_info
from steadyhand.core.models import Agency, ClosedDay
from steadyhand.people.models import Absence, Member

ONE_DAY = dt.timedelta(days=1)
SHOWN = (State.OPEN, State.MISSED, State.DONE, State.DONE_LATE)

#: Rows of a day that a month's cell, a week's column and a day's page have room for.
IN_A_CELL, IN_A_COLUMN, ON_A_PAGE = 4, 24, 50

#: With more promises than this in view, days count kinds instead of naming rows.
CROWDED = 2000

#: A day's promises are counted up to here.
MOST_COUNTED = 1000

#: The hours a week always shows.
FIRST_HOUR, LAST_HOUR = 8, 18

COLUMNS = ("pk", "title", "kind", "state", "due_at", "starts_at", "client__name", "owner__name", "day")


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose calendar: one member's, one client's, or (neither) everything the reader sees."""

    actor: Actor
    zone: str
    member: Member | None = None
    client: Client | None = None

    def rows(self, first: dt.date, last: dt.date) -> QuerySet[Any]:
        """What falls on these days of the reader's; `day` is the one."""
        rows = Commitment.objects.visible_to(self.actor).filter(state__in=SHOWN)
        if self.member is not None:
            rows = rows.owned_by(self.member)
        if self.client is not None:
            rows = rows.filter(client=self.client)
        zone = zone_info(self.zone)
        # By the instants an index narrows it down; a local day ends within two days of the same date in UTC.
        near = rows.filter(
            due_at__gte=clock.midnight(first - ONE_DAY, "UTC"),
            due_at__lt=clock.midnight(last + 3 * ONE_DAY, "UTC"),
        )
        begins = Q(
            starts_at__gte=clock.midnight(first, self.zone),
            starts_at__lt=clock.midnight(last + ONE_DAY, self.zone),
        )
        within = Q(starts_at=None, due_on__range=(first, last))
        day = Coalesce(TruncDate("starts_at", tzinfo=zone), F("due_on"))
        return near.filter(begins | within).annotate(day=day)


@dataclass(frozen=True, slots=True)
class Entry:
    """One promise in a calendar. `time` is empty for one that is due within the day."""

    pk: int
    text: str
    title: str
    url: str
    time: str = ""
    ends: str = ""
    hour: int | None = None
    state: str = ""
    kind: str = ""
    key: str = ""


@dataclass(slots=True)
class Day:
    """A day with what is on it; `more` counts what is not shown."""

    date: dt.date
    today: bool = False
    outside: bool = False
    off: bool = False
    note: str = ""
    count: int = 0
    entries: list[Entry] = field(default_factory=list)
    more: int = 0
    more_url: str = ""

    @property
    def counted(self) -> str:
        """How many promises the day holds, as one says it: “12”, “1,000+”."""
        return f"{MOST_COUNTED:,}+" if self.count > MOST_COUNTED else str(self.count)

    @property
    def untimed(self) -> list[Entry]:
        """What is due within the day."""
        return [entry for entry in self.entries if entry.hour is None]


@dataclass(frozen=True, slots=True)
class Month:
    """A month's weeks, Monday first, filled up with the days around it."""

    first: dt.date
    weeks: list[list[Day]]

    @property
    def previous(self) -> dt.date:
        """The first day of the month before."""
        return (self.first - ONE_DAY).replace(day=1)

    @property
    def following(self) -> dt.date:
        """The first day of the month after."""
        return (self.first + 31 * ONE_DAY).replace(day=1)

    @property
    def count(self) -> int:
        """How many promises the month holds."""
        return sum(day.count for week in self.weeks for day in week if not day.outside)


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of a week; for each day whether nobody works, and what begins in the hour."""

    start: dt.time
    days: list[tuple[bool, list[Entry]]]


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from Monday."""

    first: dt.date
    days: list[Day]

    @property
    def last(self) -> dt.date:
        """Its Sunday."""
        return self.first + 6 * ONE_DAY

    @property
    def hours(self) -> list[Hour]:
        """From eight to six, or as early and late as something begins."""
        taken = [entry.hour for day in self.days for entry in day.entries if entry.hour is not None]
        span = range(min([FIRST_HOUR, *taken]), max([LAST_HOUR - 1, *taken]) + 1)
        return [
            Hour(dt.time(hour), [(day.off, [e for e in day.entries if e.hour == hour]) for day in self.days])
            for hour in span
        ]

    @property
    def count(self) -> int:
        """How many promises the week holds."""
        return sum(day.count for day in self.days)


def month(scope: Scope, year: int, number: int, *, query: str = "") -> Month:
    """A month as a page shows it; ValueError for one that does not exist. `query` follows every address."""
    first = dt.date(year, number, 1)
    last = dt.date(year, number, months.monthrange(year, number)[1])
    start, end = first - first.weekday() * ONE_DAY, last + (6 - last.weekday()) * ONE_DAY
    days = _days(scope, start, end, IN_A_CELL, query)
    for day in days:
        day.outside = not first <= day.date <= last
    return Month(first, [days[at : at + 7] for at in range(0, len(days), 7)])


def week(scope: Scope, year: int, number: int, *, query: str = "") -> Week:
    """An ISO week; ValueError for one that does not exist."""
    first = dt.date.fromisocalendar(year, number, 1)
    return Week(first, _days(scope, first, first + 6 * ONE_DAY, IN_A_COLUMN, query))


def day_of(scope: Scope, date: dt.date, *, after: str = "") -> Day:
    """A day with its first fifty promises, or those that follow the one with the key `after`."""
    rows = scope.rows(date, date)
    day = Day(date, count=rows[: MOST_COUNTED + 1].count())
    _mark([day], scope)
    if after:
        stamp, _, pk = after.partition("-")
        try:
            at, last = dt.datetime.fromtimestamp(int(stamp), dt.UTC), int(pk)
        except (ValueError, OverflowError, OSError):
            return day
        rows = rows.filter(Q(due_at__gt=at) | Q(due_at=at, pk__gt=last))
    # First which, then what they say: names are read for the rows shown and for no others.
    shown = list(rows.order_by("due_at", "pk").values_list("pk", flat=True)[: ON_A_PAGE + 1])
    found = scope.rows(date, date).filter(pk__in=shown).order_by("due_at", "pk")
    day.entries = [entry for entry, _ in _entries(found.values_list(*COLUMNS), scope)]
    return day


def find_client(actor: Actor, text: str) -> Client | None:
    """The client the reader means by a short name, a name or a domain, among those they see."""
    seen = Client.objects.visible_to(actor).listed()
    wanted = text.strip()
    return (
        seen.filter(ref=wanted).first()
        or seen.filter(Q(name__iexact=wanted) | Q(domain__iexact=wanted)).order_by("name", "pk").first()
    )


def _days(scope: Scope, first: dt.date, last: dt.date, most: int, query: str) -> list[Day]:
    span = (last - first).days + 1
    days = [Day(first + number * ONE_DAY) for number in range(span)]
    by_date = {day.date: day for day in days}
    rows = scope.rows(first, last)
    kinds: dict[dt.date, dict[str, int]] = defaultdict(dict)
    for date, kind, count in rows.order_by().values_list("day", "kind").annotate(count=Count("pk")):
        kinds[date][kind] = count
        by_date[date].count += count
    for day in days:
        day.more_url = f"/calendar/{day.date.isoformat()}/{query}"
    if sum(day.count for day in days) > CROWDED:
        for day in days:
            day.entries = _counted(kinds[day.date], day.more_url, most)
    else:
        place = Window(RowNumber(), partition_by=[F("day")], order_by=[F("due_at").asc(), F("pk").asc()])
        few = rows.annotate(place=place).filter(place__lte=most).order_by("due_at", "pk")
        for entry, date in _entries(few.values_list(*COLUMNS), scope):
            by_date[date].entries.append(entry)
        for day in days:
            day.more = day.count - len(day.entries)
            day.entries.sort(key=lambda entry: (entry.hour is None, entry.time))
    _mark(days, scope)
    return days


def _counted(kinds: dict[str, int], url: str, most: int) -> list[Entry]:
    """“31 calls”, the commonest kinds first."""
    common = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))[:most]
    return [
        Entry(0, f"{count:,} {Kind(kind).label}{'' if count == 1 else 's'}", "", url, kind=kind)
        for kind, count in common
    ]


def _entries(rows: Iterable[Sequence[object]], scope: Scope) -> Iterable[tuple[Entry, dt.date]]:
    zone, now = zone_info(scope.zone), clock.now()
    for pk, title, kind, state, due_at, starts_at, client, owner, date in rows:
        assert isinstance(pk, int) and isinstance(due_at, dt.datetime) and isinstance(date, dt.date)  # noqa: S101
        local = starts_at.astimezone(zone) if isinstance(starts_at, dt.datetime) else None
        text = f"{client}: {title}" if client and scope.client is None else str(title)
        whose = f"{client or 'Agency'}: {title}" + (f" ({owner})" if owner else " (nobody)")
        yield (
            Entry(
                pk=pk,
                text=text,
                title=whose,
                url=f"/commitments/{pk}/",
                time=f"{local:%H:%M}" if local else "",
                ends=f"{due_at.astimezone(zone):%H:%M}" if local and kind in TIMED else "",
                hour=local.hour if local else None,
                state=_mark_of(str(state), due_at, now),
                kind=Kind(str(kind)).label,
                key=f"{int(due_at.timestamp())}-{pk}",
            ),
            date,
        )


def _mark_of(state: str, due_at: dt.datetime, now: dt.datetime) -> str:
    if state in (State.DONE, State.DONE_LATE):
        return "done"
    return "late" if state == State.MISSED or due_at < now else ""


def _mark(days: list[Day], scope: Scope) -> None:
    """Today, the days nobody works, and who is away."""
    agency = Agency.get()
    today, first, last = clock.today(scope.zone), days[0].date, days[-1].date
    notes: dict[dt.date, list[str]] = defaultdict(list)
    off: set[dt.date] = set()
    of = scope.client or scope.member
    places = {Place(who.country, who.subdivision) for who in (agency, of) if who is not None}
    for place in sorted(places):
        elsewhere = f" ({place.country})" if len(places) > 1 else ""
        for date, name in _holidays(place, first.year, last.year).items():
            if first <= date <= last:
                off.add(date)
                notes[date].append(name + elsewhere)
    for date, reason in ClosedDay.objects.filter(day__range=(first, last)).values_list("day", "reason"):
        off.add(date)
        notes[date].append(reason)
    for date, name in _away(scope, first, last):
        notes[date].append("You are away" if name == scope.actor.name else f"{name} away")
    for day in days:
        day.today = day.date == today
        day.off = day.date in off or day.date.weekday() not in agency.weekdays
        day.note = _joined(notes[day.date])


def _joined(notes: list[str]) -> str:
    shown = list(dict.fromkeys(notes))
    return " · ".join(shown) if len(shown) <= 3 else f"{shown[0]} · and {len(shown) - 1} more"


@lru_cache(maxsize=256)
def _holidays(place: Place, first_year: int, last_year: int) -> dict[dt.date, str]:
    return {
        date: name
        for year in range(first_year, last_year + 1)
        for date, name in holiday_names(place, year).items()
    }


def _away(scope: Scope, first: dt.date, last: dt.date) -> Iterable[tuple[dt.date, str]]:
    absences = Absence.objects.filter(cancelled_at=None, starts_on__lte=last, ends_on__gte=first)
    if scope.member is not None:
        absences = absences.filter(member=scope.member)
    elif scope.client is not None:
        absences = absences.filter(member__assignments__client=scope.client, member__assignments__until=None)
    found = (
        absences.distinct().order_by("starts_on", "pk").values_list("starts_on", "ends_on", "member__name")
    )
    for starts_on, ends_on, name in found[:50]:
        date = max(starts_on, first)
        while date <= min(ends_on, last):
            yield date, name
            date += ONE_DAY
