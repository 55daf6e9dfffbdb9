"""A handover on its way: where it stands, how long each lap took, and the acts of its own (W5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db import transaction

from steadyhand.clients.models import Client, ClientFile
from steadyhand.commitments import keeping
from steadyhand.commitments.calendars import AgencyCalendar
from steadyhand.commitments.keeping import NotYours, may_act_for
from steadyhand.commitments.kinds import OWED
from steadyhand.commitments.models import Commitment
from steadyhand.comms.interactions import log_interaction
from steadyhand.comms.models import Channel, Direction
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.business_days import ONE_DAY, WorkingDays
from steadyhand.core.models import Agency
from steadyhand.core.refusals import Refusal
from steadyhand.onboarding import path
from steadyhand.onboarding import path_papers as _papers  # noqa: F401  # declares its steps
from steadyhand.onboarding.models import Handover
from steadyhand.onboarding.steps import Step, Waits, declared
from steadyhand.people.models import Member


@dataclass(frozen=True, slots=True)
class Lap:
    """From one moment to the next; still running while `until` is None. `hours` have passed by then."""

    title: str
    since: dt.datetime
    until: dt.datetime | None
    hours: float
    working_days: int

    @property
    def words(self) -> str:
        """“40 minutes”, “3 hours”, “4 working days”."""
        if self.hours < 1:
            return f"{round(self.hours * 60)} minutes"
        if not self.working_days:
            return f"{round(self.hours)} hour{'' if round(self.hours) == 1 else 's'}"
        return f"{self.working_days} working day{'' if self.working_days == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Path:
    """A handover, its steps in order, and its clock: won to introduced, to our kickoff, to the client's."""

    handover: Handover
    steps: Sequence[Step]
    laps: Sequence[Lap]
    today: dt.date

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.is_done for step in self.steps)

    @property
    def next_step(self) -> Step | None:
        """The first that is not done, those before which nothing must come first."""
        left = [step for step in self.steps if not step.is_done]
        return next((step for step in left if step.waits is not Waits.EARLIER), next(iter(left), None))

    @property
    def late(self) -> list[Step]:
        """Those overdue."""
        return [step for step in self.steps if step.is_late(self.today)]


def paths_of(handovers: Iterable[Handover], at: dt.datetime | None = None) -> list[Path]:
    """The paths of preloaded handovers, at that moment (now). A fixed number of queries, however many."""
    rows, at = list(handovers), at or clock.now()
    if not rows:
        return []
    agency = Agency.get()
    calendar = AgencyCalendar.load()
    days, today = calendar.days(), at.astimezone(clock.zone_info(agency.zone)).date()
    read = [one(rows, at) for one in declared()]
    return [
        Path(
            row,
            [found[row.pk] for found in read if row.pk in found],
            _laps(row, at, days, agency.zone),
            today,
        )
        for row in rows
    ]


def path_of(handover: Handover, at: dt.datetime | None = None) -> Path:
    """The path of one preloaded handover."""
    return paths_of([handover], at)[0]


def latest_of(client: Client) -> Handover | None:
    """The client's latest handover, preloaded."""
    return Handover.objects.filter(client=client).preloaded().first()


@transaction.atomic
def answer_by_call(
    handover: Handover,
    *,
    by: Actor,
    member: Member | None = None,
    at: dt.datetime | None = None,
    minutes: int | None = None,
    note: str = "",
) -> Handover:
    """The good news was answered on the telephone: the call is logged, the letter need not go. The
    introduction still does (W5)."""
    row = locked(handover, by)
    if row.answer_call is not None or path.sent_at(row.answer) is not None:
        raise Refusal("The good news has been answered already.")
    at, batch = at or clock.now(), uuid4()
    if not row.won_at <= at <= clock.now():
        raise Refusal("That is not between the win and now.", remedy="Say when you rang.", field="at")
    row.answer_call = log_interaction(
        row.client,
        Channel.CALL,
        by=by,
        at=at,
        contact=row.contact,
        member=member or row.won_by,
        direction=Direction.OUT,
        summary="Answered the good news: what happens next",
        body=note.strip(),
        minutes=minutes,
        source="handover",
        batch=batch,
    )
    row.save(update_fields=["answer_call"])
    owed = Commitment.objects.filter(about_type=path.LETTER, about_id=row.answer_id or 0, state__in=OWED)
    for promise in owed:
        keeping.complete(promise, by=by, at=at, evidence=(path.LETTER, row.answer_id or 0), batch=batch)
    who = member or row.won_by
    _record("handover.answered", row, by=by, batch=batch, member=who.name if who else by.name)
    return row


@transaction.atomic
def attach_deck(handover: Handover, file: ClientFile, *, by: Actor) -> Handover:
    """What was pitched, for everybody at the internal kickoff to see (O4)."""
    row = locked(handover, by)
    if file.client_id != row.client_id:
        raise Refusal("That file belongs to another client.", remedy="Upload it here.", field="deck")
    row.deck = file
    row.save(update_fields=["deck"])
    _record("handover.deck_attached", row, by=by, name=file.name)
    return row


@transaction.atomic
def remove_deck(handover: Handover, *, by: Actor) -> Handover:
    """It was the wrong one; the file stays with the client."""
    row = locked(handover, by)
    if row.deck is None:
        raise Refusal("No deck is attached.")
    name, row.deck = row.deck.name, None
    row.save(update_fields=["deck"])
    _record("handover.deck_removed", row, by=by, name=name)
    return row


@transaction.atomic
def close_handover(handover: Handover, *, by: Actor, reason: str = "") -> Handover:
    """The client is set up. While steps are open a reason says why it is closed all the same."""
    row = locked(handover, by)
    if row.closed_at is not None:
        raise Refusal("That handover is closed already.")
    left = [step.title.lower() for step in path_of(row).steps if not step.is_done]
    if left and not reason.strip():
        raise Refusal(
            f"Still open: {', '.join(left)}.",
            remedy="Finish them, or say why the handover is over without.",
            field="reason",
        )
    row.closed_at, row.closed_by, row.closed_because = clock.now(), by.name, reason.strip()[:300]
    row.save(update_fields=["closed_at", "closed_by", "closed_because"])
    _record("handover.closed", row, by=by, name=row.client.name, reason=row.closed_because)
    return row


@transaction.atomic
def reopen_handover(handover: Handover, *, by: Actor) -> Handover:
    """It is not over after all."""
    row = locked(handover, by)
    if row.closed_at is None:
        raise Refusal("That handover is under way.")
    row.closed_at, row.closed_by, row.closed_because = None, "", ""
    row.save(update_fields=["closed_at", "closed_by", "closed_because"])
    _record("handover.reopened", row, by=by, name=row.client.name)
    return row


def locked(handover: Handover, by: Actor) -> Handover:
    """The row to change; refuses whoever does not look after the client."""
    row = (
        Handover.objects.select_for_update(of=("self",))
        .preloaded()
        .select_related("deck")
        .get(pk=handover.pk)
    )
    if not may_act_for(row.client_id, by):
        raise NotYours("You are not on that account team.", remedy="Ask their lead to put you on it.")
    return row


def as_data(found: Path) -> dict[str, Any]:
    """The path as scripts read it."""
    row = found.handover
    return {
        "client": row.client.ref,
        "engagement": row.engagement.ref,
        "won_at": row.won_at,
        "won_by": row.won_by.email if row.won_by else None,
        "lead": row.led_by.email if row.led_by else None,
        "closed_at": row.closed_at,
        "clock": [
            {
                "lap": lap.title,
                "until": lap.until,
                "hours": round(lap.hours, 2),
                "working_days": lap.working_days,
            }
            for lap in found.laps
        ],
        "steps": [
            {
                "step": step.key,
                "title": step.title,
                "done_at": step.done_at,
                "owner": step.owner.email if step.owner else None,
                "due": step.due_on,
                "waits_on": str(step.waits),
                "who": step.who or None,
                "since": step.since,
                "late": step.is_late(found.today),
                "note": step.note or None,
            }
            for step in found.steps
        ],
    }


def _laps(row: Handover, at: dt.datetime, days: WorkingDays, zone: str) -> list[Lap]:
    """How long it took from the win; each lap runs until its letter left or its meeting was held."""
    ours, theirs = row.internal_kickoff, row.client_kickoff
    ends = (
        ("Won to introduced", path.sent_at(row.introduction)),
        ("Won to internal kickoff", ours.began_at if ours is not None and ours.closed_at else None),
        ("Won to client kickoff", theirs.began_at if theirs is not None and theirs.closed_at else None),
    )
    return [_lap(title, row.won_at, until, at, days, zone) for title, until in ends]


def _lap(
    title: str, since: dt.datetime, until: dt.datetime | None, at: dt.datetime, days: WorkingDays, zone: str
) -> Lap:
    end = max(until or at, since)
    tz = clock.zone_info(zone)
    first, last = since.astimezone(tz).date(), end.astimezone(tz).date()
    span = (first + n * ONE_DAY for n in range(1, (last - first).days + 1))
    hours = (end - since).total_seconds() / 3600
    return Lap(title, since, until, hours, sum(map(days.is_working, span)))


def _record(verb: str, row: Handover, *, by: Actor, **data: Any) -> None:
    events.record(verb, by=by, client_id=row.client_id, subject=row, **data)
