"""Today: what somebody promised, in the order that matters, and nothing more than fits a page (S3).

Every part is read by its key, fifty rows at a time, and counted no further than fifty, so that a book of
ten thousand clients reads like one of twenty.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from steadyhand.commitments.kinds import TIMED, Kind, State
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.models.commitment import CommitmentQuerySet
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.desk.call_time import minutes_left
from steadyhand.desk.keys import Key
from steadyhand.desk.next_clicks import Click, click_for
from steadyhand.desk.today_parts import (
    FARTHEST,
    ONE_DAY,
    PAGE,
    Part,
    as_said,
    first_due,
    first_of,
    page_of,
    rows_of,
)
from steadyhand.people.models import Member

#: Clients without a tier yet come after those with one.
LAST_TIER = 99


LABELS = {
    Part.OVERDUE: "Overdue",
    Part.TODAY: "Today",
    Part.WEEK: "The rest of this week",
    Part.LATER: "Later",
    Part.WAITING: "Waiting on clients",
    Part.MISSED: "Missed, still to be made good",
}


@dataclass(frozen=True, slots=True)
class Count:
    """How many, as far as we count: “7” or “50+”."""

    number: int

    @property
    def capped(self) -> bool:
        """Whether there are more than we count."""
        return self.number > PAGE

    def __bool__(self) -> bool:
        return self.number > 0

    def __str__(self) -> str:
        return f"{PAGE}+" if self.capped else str(self.number)


@dataclass(frozen=True, slots=True)
class Looking:
    """Who looks, at whose promises (None: everybody's they may see), and what time it is for them."""

    actor: Actor
    owner: Member | None
    zone: str
    now: dt.datetime = field(default_factory=clock.now)

    @property
    def today(self) -> dt.date:
        """The reader's date."""
        return self.now.astimezone(clock.zone_info(self.zone)).date()

    @property
    def is_weekend(self) -> bool:
        """Whether “this week” is over and the next one is what matters."""
        return self.today.weekday() >= 5

    @property
    def sunday(self) -> dt.date:
        """The last day of the week in view: the reader's own, at the weekend the coming one."""
        weeks = 7 if self.is_weekend else 0
        return self.today + dt.timedelta(days=6 - self.today.weekday() + weeks)

    @property
    def moments(self) -> dict[str, Any]:
        """What the parts are told apart by."""
        today, sunday = self.today, self.sunday
        ends = clock.midnight(today + ONE_DAY, self.zone)
        week_ends = clock.midnight(sunday + ONE_DAY, self.zone)
        return {
            "now": self.now,
            "today": today,
            "today_ends": ends,
            "today_ends_somewhere": ends - FARTHEST,
            "today_ends_everywhere": ends + FARTHEST,
            "sunday": sunday,
            "week_ends": week_ends,
            "week_ends_somewhere": week_ends - FARTHEST,
            "week_ends_everywhere": week_ends + FARTHEST,
        }

    def rows(self, part: Part) -> CommitmentQuerySet:
        """One part, in the order of its key."""
        return rows_of(part, self.actor, self.owner and self.owner.pk, self.moments)

    def count(self, part: Part) -> Count:
        """How many it holds, counted no further than one more than fits a page."""
        found = first_of(part, self.owner is not None, "pk").rows(self.actor, **self._values)
        return Count(len(found))

    def count_due(self) -> Count:
        """How many of the owner's are overdue or due today, in one query."""
        return Count(len(first_due().rows(self.actor, **self._values)))

    def page(self, part: Part) -> list[Commitment]:
        """Its first rows, and one more than fits a page."""
        return page_of(part, self.owner is not None).found(self.actor, **self._values)

    def call_minutes(self) -> int:
        """How long today's calls and meetings take, as far as we count."""
        found = first_of(Part.TODAY, self.owner is not None, "minutes").rows(self.actor, **self._values)
        return sum(minutes for (minutes,) in found)

    @property
    def _values(self) -> dict[str, Any]:
        return {"owner": self.owner and self.owner.pk, **self.moments}


@dataclass(frozen=True, slots=True)
class Line:
    """One promise as a row says it."""

    row: Commitment
    when: str
    late: bool
    note: str
    names_client: bool = True

    @property
    def title(self) -> str:
        """Whom it is for; what it is where it is for nobody outside, or on the client's own page."""
        return self.row.client.name if self.names_client and self.row.client else self.row.title

    @property
    def text(self) -> str:
        """What it is."""
        return self.row.title if self.names_client and self.row.client else ""

    @property
    def id(self) -> str:
        """The row's name on the page."""
        return f"promise-{self.row.pk}"

    @property
    def url(self) -> str:
        """The promise's page; its acts live below it."""
        return f"/commitments/{self.row.pk}/"

    @property
    def completion(self) -> str:
        """Where it is marked as done."""
        return f"{self.url}completion/"

    @property
    def wait(self) -> str:
        """Where it is left waiting on the client."""
        return f"{self.url}wait/"

    @property
    def answer(self) -> str:
        """Where the client's answer ends the waiting."""
        return f"{self.wait}removal/"

    @property
    def tag(self) -> str:
        """What sort of thing it is; and that the client does not see it, where that is so."""
        kind = str(Kind(self.row.kind).label)
        return f"{kind}, internal" if self.row.internal else kind

    @property
    def menu_label(self) -> str:
        """What a screen reader hears of the row's menu."""
        return f"More for {self.title}: {self.text}" if self.text else f"More for {self.title}"

    @property
    def click(self) -> Click | None:
        """What keeps it, where that is more than marking it as done."""
        return click_for(self.row)

    @property
    def is_call(self) -> bool:
        """Whether it is kept by ringing them, so that a call may be started from it."""
        return self.row.kind in {Kind.CALL, Kind.SPONSOR_CALL} and self.row.client_id is not None

    @property
    def log(self) -> str:
        """Where a call or meeting is written down, which keeps it; empty for anything else."""
        return f"/interactions/new/?keeps={self.row.pk}" if self.row.is_timed and self.row.client_id else ""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page; `more` is the key of what follows."""

    part: Part
    lines: list[Line]
    count: Count
    more: str = ""
    weekend: bool = False

    @property
    def label(self) -> str:
        """Its heading."""
        return "Next week" if self.weekend and self.part is Part.WEEK else LABELS[self.part]


@dataclass(frozen=True, slots=True)
class Day:
    """How the day stands, whichever part is open: counts, minutes of calls, and what comes next."""

    counts: dict[Part, Count]
    call_minutes: int
    next_up: Commitment | None


def section(looking: Looking, part: Part, after: str = "") -> Section:
    """The first fifty rows of a part that follow a key, by day, then by tier or hour."""
    if after:
        rows = Key.read(after).following(looking.rows(part), newest_first=part is Part.MISSED)
        found, count = list(as_said(rows)), looking.count(part)
    else:
        found = looking.page(part)
        count = Count(len(found))
    more = str(Key.of(found[PAGE - 1])) if len(found) > PAGE else ""
    found = found[:PAGE]
    if part is not Part.MISSED:
        found.sort(key=_what_matters)
    calls = {row.client_id for row in found if row.kind == Kind.CALL and row.client_id}
    left = minutes_left(calls, looking.today, looking.zone) if calls else {}
    lines = [
        line(row, looking, part, left.get(row.client_id or 0) if row.kind == Kind.CALL else None)
        for row in found
    ]
    return Section(part, lines, count, more, looking.is_weekend)


def _what_matters(row: Commitment) -> tuple[dt.date, bool, dt.datetime, int, int]:
    plan = getattr(row.client, "plan", None)
    tier = plan.tier if plan is not None and plan.tier else LAST_TIER
    if row.starts_at is not None:
        return row.due_on, False, row.starts_at, tier, row.pk
    return row.due_on, True, row.due_at.replace(hour=0, minute=0, second=0, microsecond=0), tier, row.pk


def day(looking: Looking, shown: Sequence[Section] = ()) -> Day:
    """The counts of every part, and how long today's calls take; what is shown is not counted again.

    What comes later is counted only where it is shown.
    """
    counts = {each.part: each.count for each in shown}
    for part in Part:
        if part not in counts and part is not Part.LATER:
            counts[part] = looking.count(part)
    next_up = None
    if not counts[Part.OVERDUE] and not counts[Part.TODAY]:
        upcoming = Part.WEEK if counts[Part.WEEK] else Part.LATER
        next_up = next(iter(looking.page(upcoming)), None)
    return Day(counts, looking.call_minutes(), next_up)


def line(row: Commitment, looking: Looking, part: Part, call_minutes: int | None = None) -> Line:
    """A promise in the words of its row."""
    late = row.state == State.MISSED or row.is_overdue(looking.now)
    return Line(row, when_words(row, looking, part), late, note_words(row, looking, call_minutes))


def when_words(row: Commitment, looking: Looking, part: Part) -> str:
    """“10:00”, “by 17:00” and “any time” today; “Tue”, “Thu 10:00” or “3 Dec” otherwise."""
    here = clock.zone_info(looking.zone)
    local = row.starts_at.astimezone(here) if row.starts_at else None
    on = local.date() if local else row.due_on
    time = "" if local is None else local.strftime("%H:%M")
    if on == looking.today:
        if not time:
            return "today" if part is Part.OVERDUE else "any time"
        return time if row.is_timed else f"by {time}"
    if abs((on - looking.today).days) < 7:
        return f"{on:%a} {time}".strip()
    return f"{on.day} {on:%b}" if on.year == looking.today.year else f"{on.day} {on:%b %Y}"


def note_words(row: Commitment, looking: Looking, call_minutes: int | None) -> str:
    """Why it matters now: waited for, moved, missed, how much call time is left."""
    parts = []
    if looking.owner is None:
        parts.append(row.owner.name if row.owner else "Nobody owns it yet")
    if row.waiting_since is not None:
        since = row.waiting_since.astimezone(clock.zone_info(looking.zone)).date()
        parts.append(f"waiting since {short_day(since)}")
    if row.missed_at is not None and row.state == State.OPEN:
        parts.append("missed once, promised again")
    if row.moved_from is not None:
        parts.append(f"moved from {short_day(row.moved_from)}")
    if row.kind in TIMED and row.due_time is None:
        parts.append("no time agreed yet")
    if row.starts_local is not None and row.starts_at is not None:
        here = row.starts_at.astimezone(clock.zone_info(looking.zone))
        if here.utcoffset() != row.starts_local.utcoffset():
            parts.append(f"{row.starts_local:%H:%M} in {row.zone.rpartition('/')[2].replace('_', ' ')}")
    if call_minutes is not None:
        parts.append(call_time_words(call_minutes, looking.today))
    words = " · ".join(parts)
    return words[:1].upper() + words[1:]


def call_time_words(minutes: int, today: dt.date) -> str:
    """“1 h 40 m of call time left in November”."""
    if minutes <= 0:
        return f"no call time left in {today:%B}"
    hours, rest = divmod(minutes, 60)
    said = " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} m" if rest else "") if part)
    return f"{said} of call time left in {today:%B}"


def short_day(day: dt.date) -> str:
    """“Tue 3 Nov”."""
    return f"{day:%a} {day.day} {day:%b}"


NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905


def in_words(number: int) -> str:
    """“seven” up to twelve, figures beyond."""
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def heading(of: Day) -> str:
    """The day in one sentence: “Seven promises today, two of them late”."""
    late, due = of.counts[Part.OVERDUE], of.counts[Part.TODAY]
    total = late.number + due.number
    if not total:
        return "Nothing is due today"
    if late.capped or due.capped:
        most = f"more than {PAGE}" if late.capped else in_words(late.number)
        return f"More than {PAGE} promises today" + (f", {most} of them late" if late else "")
    said = f"{in_words(total).capitalize()} {'promise' if total == 1 else 'promises'}"
    if not late:
        return f"{said} today"
    if late.number == total:
        lateness = {1: "and it is late", 2: "both late"}.get(total, "all of them late")
        return f"{said}, {lateness}"
    return f"{said} today, {in_words(late.number)} of them late"
