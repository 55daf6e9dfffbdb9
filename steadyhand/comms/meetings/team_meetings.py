"""The team's own meetings: set up once, made ahead, skipped only with a reason, talked through (S9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID, uuid4

from django.db import transaction

from steadyhand.commitments import keeping
from steadyhand.commitments.calendars import working_days
from steadyhand.comms.meetings import attending
from steadyhand.comms.meetings import planning as meetings
from steadyhand.comms.meetings.agenda import declared
from steadyhand.comms.models import AgendaItem, Discussed, Filling, Meeting, Occurrence, Series
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.core.recurrence import Cadence, Preference, local_instant, occurrences, period_of
from steadyhand.core.recurrence import Occurrence as Due
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member, MemberState
from steadyhand.people.roles import Capability

#: Days ahead that meetings stand in calendars: always at least the next one.
AHEAD = {Cadence.WEEKLY: 28, Cadence.FORTNIGHTLY: 42, Cadence.MONTHLY: 62, Cadence.QUARTERLY: 184}

#: Where the leader has a call at that hour, a meeting goes to the next half hour that is free.
HALF_AN_HOUR = dt.timedelta(minutes=30)
LATER_TRIES = 12

#: Why meetings ahead are called off when their series ends; its return holds exactly these.
ENDED = "The series has ended."

CALENDAR = Actor.system("calendar")


@transaction.atomic
def set_up_series(
    title: str,
    *,
    by: Actor,
    agenda_key: str,
    cadence: Cadence,
    day: str,
    time: dt.time,
    led_by: Member,
    members: Collection[Member],
    minutes: int = 60,
    place: str = "",
    from_day: dt.date | None = None,
) -> Series:
    """A meeting of the team that comes back by itself, on the agency's clock; the next ones are made now."""
    _refuse_unless_organiser(by)
    if not title.strip():
        raise Refusal("Say what the meeting is called.", field="title")
    _refuse_left(led_by)
    agency = Agency.get()
    series = Series.objects.create(
        title=title.strip()[:200],
        agenda_key=agenda_key,
        cadence=Cadence(cadence),
        day=_day(day, Cadence(cadence)),
        time=time,
        zone=agency.zone,
        minutes=_minutes(minutes),
        place=place.strip()[:300],
        led_by=led_by,
        from_day=from_day or agency.today(),
        made_at=clock.now(),
    )
    series.members.set({led_by, *members})
    events.record("series.set_up", by=by, subject=series, title=series.title)
    make_next(series, by=by)
    return series


@transaction.atomic
def change_series(
    series: Series,
    *,
    by: Actor,
    title: str,
    day: str,
    time: dt.time,
    led_by: Member,
    members: Collection[Member],
    minutes: int,
    place: str = "",
) -> Series:
    """Another day, hour, leader or circle. Meetings to come follow, in everybody's calendar too."""
    row = _running(series, by)
    _refuse_left(led_by)
    row.title, row.day = title.strip()[:200] or row.title, _day(day, Cadence(row.cadence))
    row.time, row.minutes, row.place, row.led_by = time, _minutes(minutes), place.strip()[:300], led_by
    row.save()
    row.members.set({led_by, *members})
    batch = uuid4()
    events.record("series.changed", by=by, subject=row, batch=batch, title=row.title)
    due = {one.period_key: one.due_on for one in _due(row)}
    for occurrence in _ahead(row):
        _follow(occurrence.meeting, row, due.get(occurrence.period), by=by, batch=batch)
    make_next(row, by=by)
    return row


@transaction.atomic
def end_series(series: Series, *, by: Actor) -> Series:
    """It comes no more; meetings still ahead are called off, those held stay."""
    row = _running(series, by)
    row.ended_at = clock.now()
    row.save(update_fields=["ended_at"])
    batch = uuid4()
    events.record("series.ended", by=by, subject=row, batch=batch, title=row.title)
    for occurrence in _ahead(row):
        meetings.cancel_meeting(occurrence.meeting, by=by, reason=ENDED, batch=batch)
    return row


@transaction.atomic
def resume_series(series: Series, *, by: Actor) -> Series:
    """It comes again after all; the meetings its end called off are held."""
    _refuse_unless_organiser(by)
    row = Series.objects.select_for_update(of=("self",)).get(pk=series.pk)
    if row.ended_at is None:
        raise Refusal(f"“{row.title}” still comes.")
    called_off = row.occurrences.filter(
        meeting__cancelled_because=ENDED, meeting__starts_at__gt=clock.now()
    ).select_related("meeting")
    batch = uuid4()
    for occurrence in called_off:
        meetings.revive_meeting(occurrence.meeting, by=by, batch=batch)
    row.ended_at = None
    row.save(update_fields=["ended_at"])
    events.record("series.resumed", by=by, subject=row, batch=batch, title=row.title)
    make_next(row, by=by)
    return row


def make_all_next() -> int:
    """The next meetings of every running series; how many were made. Safe to repeat."""
    return sum(make_next(series, by=CALENDAR) for series in Series.objects.running())


@transaction.atomic
def make_next(series: Series, *, by: Actor) -> int:
    """Give each period ahead its meeting, off holidays, which its leader promises to hold; how many."""
    row = Series.objects.select_for_update(of=("self",)).select_related("led_by").get(pk=series.pk)
    if row.ended_at is not None:
        return 0
    filled = set(row.occurrences.values_list("period", flat=True))
    made = 0
    for one in _due(row):
        if one.period_key not in filled and local_instant(one.due_on, row.time, row.zone) > clock.now():
            made += _convene(row, one, by=by)
    return made


@transaction.atomic
def tick(meeting: Meeting, topic: str, *, by: Actor) -> Discussed:
    """Something on the agenda was talked about. No event: closing the meeting records it."""
    _refuse_outsiders(meeting, by)
    if not topic:
        raise Refusal("Say what was talked about.", remedy="Tick it on the agenda.", field="topic")
    row, _ = Discussed.objects.get_or_create(
        meeting=meeting, topic=topic[:80], defaults={"at": clock.now(), "by_name": by.name}
    )
    return row


@transaction.atomic
def untick(meeting: Meeting, topic: str, *, by: Actor) -> None:
    """It was not talked about after all."""
    _refuse_outsiders(meeting, by)
    Discussed.objects.filter(meeting=meeting, topic=topic).delete()


def lay_out(meeting: Meeting) -> None:
    """Say which section fills each point of the agenda, and add a point for each that has none."""
    items = list(meeting.agenda.select_related("filling"))
    filled = {item.filling.section for item in items if hasattr(item, "filling")}
    free = [item for item in items if not hasattr(item, "filling")]
    position = max((item.position for item in items), default=0)
    for one in declared():
        if meeting.agenda_key not in one.of or one.key in filled:
            continue
        item = next((item for item in free if one.fits(item.title)), None)
        if item is not None:
            free.remove(item)
        else:
            position += 1
            item = AgendaItem.objects.create(
                meeting=meeting, position=position, title=one.title, made_at=clock.now()
            )
        Filling.objects.create(item=item, section=one.key)


def _convene(series: Series, one: Due, *, by: Actor) -> bool:
    """The meeting of a period; where its leader is busy then, at the next half hour they are free."""
    start = dt.datetime.combine(one.due_on, series.time)
    for later in range(LATER_TRIES):
        moment = start + later * HALF_AN_HOUR
        if moment.date() != one.due_on:
            return False
        try:
            with transaction.atomic():
                meeting = meetings.plan_meeting(
                    None,
                    series.title,
                    by=by,
                    day=one.due_on,
                    time=moment.time(),
                    zone=series.zone,
                    minutes=series.minutes,
                    led_by=series.led_by,
                    members=series.members.here(),
                    agenda_key=series.agenda_key,
                    place=series.place,
                )
        except Refusal:
            continue
        Occurrence.objects.create(series=series, period=one.period_key, meeting=meeting)
        return True
    return False


def _follow(meeting: Meeting, series: Series, on: dt.date | None, *, by: Actor, batch: UUID) -> None:
    """Bring a meeting to come in line with its series; one whose period has no such day keeps its own."""
    local = meeting.local
    day = on or local.date()
    if (day, series.time, series.minutes) != (local.date(), local.time(), meeting.minutes):
        meetings.move_meeting(
            meeting, day, series.time, by=by, zone=series.zone, minutes=series.minutes, batch=batch
        )
    if series.led_by is not None and series.led_by_id != meeting.led_by_id:
        meetings.lead_meeting(meeting, series.led_by, by=by, batch=batch)
    meetings.change_meeting(meeting, by=by, title=series.title, place=series.place)
    meeting.refresh_from_db()
    wanted = {member.pk: member for member in series.members.here()}
    expected = {one.member_id: one for one in meeting.attendees.filter(removed_at=None)}
    for pk, member in wanted.items():
        if pk not in expected:
            attending.add_attendee(meeting, by=by, member=member)
    for known, attendee in expected.items():
        if known is not None and known not in wanted:
            attending.remove_attendee(attendee, by=by)


def _due(series: Series) -> tuple[Due, ...]:
    today = max(Agency.get().today(), series.from_day)
    cadence = Cadence(series.cadence)
    return occurrences(
        cadence,
        Preference.parse(series.day),
        window=(today, today + dt.timedelta(days=AHEAD[cadence])),
        bounds=(period_of(cadence, series.from_day).start, None),
        days=working_days(None),
    )


def _ahead(series: Series) -> list[Occurrence]:
    rows = series.occurrences.filter(
        meeting__began_at=None,
        meeting__closed_at=None,
        meeting__cancelled_at=None,
        meeting__starts_at__gt=clock.now(),
    )
    return list(rows.select_related("meeting"))


def _running(series: Series, by: Actor) -> Series:
    row = Series.objects.select_for_update(of=("self",)).get(pk=series.pk)
    _refuse_unless_leading(row, by)
    if row.ended_at is not None:
        raise Refusal(f"“{row.title}” has ended.", remedy="Let it come again first.")
    return row


def may_organise(by: Actor) -> bool:
    """Whether somebody may set up meetings of the team: whoever sees how it is doing."""
    return by.is_system or (by.may(Capability.SEE_TEAM) and by.may(Capability.KEEP_PROMISES))


def may_lead(series: Series, by: Actor) -> bool:
    """Whether somebody may change, skip or end this one: whoever leads it, and who organises the team's."""
    return (by.member_id is not None and series.led_by_id == by.member_id) or may_organise(by)


def _refuse_unless_organiser(by: Actor) -> None:
    if not may_organise(by):
        raise keeping.NotYours(
            "Your role does not set up the team's meetings.", remedy="Ask the head of client services."
        )


def _refuse_unless_leading(series: Series, by: Actor) -> None:
    if not may_lead(series, by):
        _refuse_unless_organiser(by)


def _refuse_outsiders(meeting: Meeting, by: Actor) -> None:
    if not by.is_system and not Meeting.objects.visible_to(by).filter(pk=meeting.pk).exists():
        raise keeping.NotYours("You are not in that meeting.", remedy="Ask whoever leads it.")
    if not meeting.is_open:
        raise Refusal("That meeting is over.", remedy="Its minutes can still be read.")


def _refuse_left(member: Member) -> None:
    if member.state == MemberState.LEFT:
        raise Refusal(f"{member.name} has left.", remedy="Choose a colleague who is here.", field="led_by")


def _day(text: str, cadence: Cadence) -> str:
    try:
        preference = Preference.parse(text)
    except ValueError as error:
        raise Refusal(str(error), field="day") from error
    if preference.needs_months and cadence in (Cadence.WEEKLY, Cadence.FORTNIGHTLY):
        raise Refusal(
            f"“{text}” is a day of a month, and this comes {cadence.words}.",
            remedy="Choose a weekday.",
            field="day",
        )
    return str(preference)


def _minutes(minutes: int) -> int:
    if not 5 <= minutes <= 960:
        raise Refusal("A meeting lasts between 5 minutes and 16 hours.", field="minutes")
    return minutes
