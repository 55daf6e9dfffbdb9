"""What a meeting goes through: the playbook's points, ours, and those the client asked for (S9 A)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Max

from steadyhand.comms.meetings.rights import refuse_strangers
from steadyhand.comms.models import AgendaItem, Attendee, Meeting
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.playbook.adoption import session_agenda
from steadyhand.playbook.content import Agenda
from steadyhand.playbook.models import Version

#: More points than this fit no meeting.
MOST = 60
LONGEST = 480


def agenda_of(key: str) -> Agenda | None:
    """The playbook's agenda with this key, as it stands now."""
    return next((agenda for agenda in agendas() if agenda.key == key), None)


def agendas() -> tuple[Agenda, ...]:
    """Every agenda of the playbook in force, with that of a session on taking it on."""
    version = Version.live()
    if version is None:
        return ()
    content = version.policy.content
    session = session_agenda(content)
    return (*content.agendas, session) if session is not None else content.agendas


def copy_agenda(meeting: Meeting) -> None:
    """The items of its playbook agenda, to be edited freely from now on; part of planning, so no event."""
    if not meeting.agenda_key:
        return
    agenda = agenda_of(meeting.agenda_key)
    if agenda is None:
        raise Refusal(
            "The playbook has no such agenda.", remedy="Choose another, or none.", field="agenda_key"
        )
    at = clock.now()
    AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=meeting,
            position=number,
            title=item.title,
            notes=item.notes,
            minutes=item.minutes,
            made_at=at,
        )
        for number, item in enumerate(agenda.items, start=1)
    )


@transaction.atomic
def add_item(
    meeting: Meeting,
    title: str,
    *,
    by: Actor,
    notes: str = "",
    minutes: int = 0,
    asked_by: Attendee | None = None,
) -> AgendaItem:
    """One more point, at the end. The agenda is a draft until it is sent, so no event."""
    refuse_strangers(meeting, by)
    _refuse_closed(meeting)
    return _added(meeting, title, notes=notes, minutes=minutes, asked_by=asked_by)


@transaction.atomic
def change_item(
    item: AgendaItem,
    *,
    by: Actor,
    title: str | None = None,
    notes: str | None = None,
    minutes: int | None = None,
) -> AgendaItem:
    """Other words, or another length."""
    refuse_strangers(item.meeting, by)
    _refuse_closed(item.meeting)
    if title is not None:
        item.title = _title(title)
    if notes is not None:
        item.notes = notes.strip()
    if minutes is not None:
        item.minutes = _minutes(minutes)
    item.save()
    return item


@transaction.atomic
def remove_item(item: AgendaItem, *, by: Actor) -> None:
    """It is not talked about. One under which something was written down stays."""
    refuse_strangers(item.meeting, by)
    _refuse_closed(item.meeting)
    if item.entries.exclude(text="").exists():
        raise Refusal(f"Something was written under “{item.title}”.", remedy="Move those words first.")
    item.delete()


@transaction.atomic
def place_item(item: AgendaItem, position: int, *, by: Actor) -> AgendaItem:
    """Talk about it as the `position`th point (from 1)."""
    refuse_strangers(item.meeting, by)
    _refuse_closed(item.meeting)
    others = [other.pk for other in item.meeting.agenda.exclude(pk=item.pk)]
    place = min(max(position, 1), len(others) + 1)
    for number, pk in enumerate([*others[: place - 1], item.pk, *others[place - 1 :]], start=1):
        AgendaItem.objects.filter(pk=pk).exclude(position=number).update(position=number)
    item.refresh_from_db()
    return item


@transaction.atomic
def tick_item(item: AgendaItem, *, by: Actor, discussed: bool = True) -> AgendaItem:
    """It has been talked about (or has not, after all)."""
    refuse_strangers(item.meeting, by)
    item.discussed_at = (item.discussed_at or clock.now()) if discussed else None
    item.save(update_fields=["discussed_at"])
    return item


@transaction.atomic
def add_point(attendee: Attendee, title: str, *, by: Actor) -> AgendaItem:
    """The client asked for this to be talked about."""
    meeting = attendee.meeting
    _refuse_closed(meeting)
    if attendee.removed_at is not None:
        raise Refusal("You are not expected at this meeting any more.", remedy="Write to us instead.")
    item = _added(meeting, title, notes="", minutes=0, asked_by=attendee)
    events.record(
        "meeting.point_added",
        by=by,
        client_id=meeting.client_id,
        subject=meeting,
        title=meeting.title,
        point=item.title,
        attendee=attendee.shown_name,
    )
    return item


def _added(
    meeting: Meeting, title: str, *, notes: str, minutes: int, asked_by: Attendee | None
) -> AgendaItem:
    title, minutes = _title(title), _minutes(minutes)
    held = meeting.agenda.aggregate(last=Max(F("position")))["last"] or 0
    if meeting.agenda.count() >= MOST:
        raise Refusal(f"{MOST} points are on the agenda already.", remedy="Take some off first.")
    return AgendaItem.objects.create(
        meeting=meeting,
        position=held + 1,
        title=title,
        notes=notes.strip(),
        minutes=minutes,
        asked_by=asked_by,
        made_at=clock.now(),
    )


def _title(title: str) -> str:
    if not title.strip():
        raise Refusal("Say what is to be talked about.", remedy="A line is enough.", field="title")
    return title.strip()[:200]


def _minutes(minutes: int) -> int:
    if not 0 <= minutes <= LONGEST:
        raise Refusal("That is longer than a day.", remedy=f"0 to {LONGEST} minutes.", field="minutes")
    return minutes


def _refuse_closed(meeting: Meeting) -> None:
    if not meeting.is_open:
        raise Refusal(f"“{meeting.title}” is over.", remedy="Open it again first.")
