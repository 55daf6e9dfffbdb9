"""One meeting with everything that belongs to it, as its page, its API and its printed minutes read it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from steadyhand.clients.models import Stage
from steadyhand.commitments.kinds import OWED, State
from steadyhand.commitments.models import Commitment
from steadyhand.comms.meetings.minutes import who_acts
from steadyhand.comms.meetings.rights import may_run
from steadyhand.comms.models import (
    Action,
    AgendaItem,
    Attendee,
    Booking,
    Circulation,
    Decision,
    Meeting,
    MinutesEntry,
    Preparation,
    ReportRequest,
    Step,
    TimeProposal,
)
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.models import MailState, OutboxMessage
from steadyhand.newbusiness.models import Lead

#: From this long before its start one may begin the meeting and write its minutes.
DOORS_OPEN = dt.timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the agenda and what was written under it."""

    item: AgendaItem
    entry: MinutesEntry | None
    place: int

    @property
    def number(self) -> str:
        """Its id, as an address has it."""
        return str(self.item.pk)

    @property
    def following(self) -> int:
        """The place after the next one's."""
        return self.place + 1


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who is expected; `undelivered` says what became of the mail that did not reach them."""

    attendee: Attendee
    undelivered: str = ""
    leads: bool = False

    @property
    def number(self) -> str:
        """Its id, as an address has it."""
        return str(self.attendee.pk)


@dataclass(frozen=True, slots=True)
class Ready:
    """Something that must be ready: its promise, and whether it is late, done or not needed."""

    title: str
    commitment: Commitment | None
    is_done: bool
    is_late: bool
    is_off: bool


@dataclass(frozen=True, slots=True)
class Agreed:
    """An action and whose it is."""

    action: Action
    whose: str


@dataclass(frozen=True, slots=True)
class Page:
    """The whole meeting."""

    meeting: Meeting
    may_run: bool
    sees_client: bool
    now: dt.datetime
    ours: list[Guest]
    theirs: list[Guest]
    points: list[Point]
    general: MinutesEntry | None
    internal: MinutesEntry | None
    decisions: list[Decision]
    actions: list[Agreed]
    preparations: list[tuple[Preparation, Ready]]
    bookings: list[tuple[Booking, Ready]]
    requests: list[tuple[ReportRequest, Ready]]
    proposals: list[TimeProposal]
    circulations: list[Circulation] = field(default_factory=list)
    pitched: Lead | None = None
    """The lead that is pitched for here, while it is not decided: there is a page to present (W4)."""

    @property
    def is_over(self) -> bool:
        """Its hour has passed."""
        return self.meeting.ends_at < self.now

    @property
    def is_writing(self) -> bool:
        """Whether people sit together, or have sat: minutes are written now."""
        begun = self.meeting.began_at is not None or self.meeting.closed_at is not None
        return self.meeting.cancelled_at is None and (
            begun or self.meeting.starts_at - self.now <= DOORS_OPEN
        )

    @property
    def may_begin(self) -> bool:
        """Whether the doors are open and nobody has begun."""
        return self.meeting.is_open and self.meeting.began_at is None and self.is_writing

    @property
    def to_invite(self) -> int:
        """How many with an address have not been invited to the time it has now."""
        return sum(
            1
            for guest in [*self.ours, *self.theirs]
            if guest.attendee.address
            and not guest.leads
            and guest.attendee.invited_sequence != self.meeting.sequence
        )

    @property
    def minutes_planned(self) -> int:
        """What the points of the agenda come to."""
        return sum(point.item.minutes for point in self.points)

    @property
    def was_circulated(self) -> bool:
        """Whether minutes that were not called back have been sent."""
        return any(one.undone_at is None for one in self.circulations)

    @property
    def next_click(self) -> str:
        """What to do now: begin, close, invite, circulate, or nothing in particular."""
        if not self.may_run or self.meeting.cancelled_at is not None:
            return ""
        if self.meeting.closed_at is not None:
            return "" if self.was_circulated else "circulate"
        if self.meeting.began_at is not None or self.is_over:
            return "close"
        if self.may_begin:
            return "begin"
        return "invite" if self.to_invite and self.meeting.client_id else ""


def meeting_of(pk: int, actor: Actor) -> Meeting | None:
    """The meeting, as far as one may see it."""
    return Meeting.objects.visible_to(actor).preloaded().filter(pk=pk).first()


def page(meeting: Meeting, actor: Actor) -> Page:
    """Read the whole of it; as many queries for a small meeting as for a large one."""
    now = clock.now()
    attendees = list(meeting.attendees.filter(removed_at=None).select_related("member", "contact"))
    lost = _undelivered(attendees)
    guests = [
        Guest(
            one,
            lost.get(one.pk, ""),
            one.member_id is not None and one.member_id == meeting.led_by_id,
        )
        for one in attendees
    ]
    entries = list(meeting.entries.all())
    under = {entry.item_id: entry for entry in entries if not entry.internal}
    decisions = list(meeting.decisions.filter(dropped_at=None))
    actions = meeting.actions.filter(dropped_at=None).select_related("owner", "client", "commitment")
    return Page(
        meeting=meeting,
        may_run=may_run(meeting, actor),
        sees_client=meeting.client is not None
        and type(meeting.client).objects.visible_to(actor).filter(pk=meeting.client.pk).exists(),
        now=now,
        ours=[guest for guest in guests if guest.attendee.is_ours],
        theirs=[guest for guest in guests if not guest.attendee.is_ours],
        points=[
            Point(item, under.get(item.pk), place)
            for place, item in enumerate(
                meeting.agenda.select_related("asked_by__contact", "asked_by__member"), start=1
            )
        ],
        general=under.get(None),
        internal=next((entry for entry in entries if entry.internal), None),
        decisions=decisions,
        actions=[Agreed(action, who_acts(action)) for action in actions],
        preparations=[
            (one, _ready(one.commitment, _step_words(one), now))
            for one in meeting.preparations.select_related("commitment__owner")
        ],
        bookings=[
            (one, _ready(one.commitment, f"Book {one.note or one.get_kind_display()}", now))
            for one in meeting.bookings.select_related("commitment__owner")
        ],
        requests=[
            (one, _ready(one.commitment, one.wanted, now))
            for one in ReportRequest.objects.visible_to(actor).preloaded().filter(meeting=meeting)
        ],
        proposals=list(
            TimeProposal.objects.filter(
                attendee__meeting=meeting, accepted_at=None, declined_at=None
            ).select_related("attendee__contact", "attendee__member")
        ),
        circulations=list(meeting.circulations.all()),
        pitched=_pitched(meeting, actor),
    )


def _pitched(meeting: Meeting, actor: Actor) -> Lead | None:
    """Asked for prospects only: with a client nothing is pitched this way."""
    if meeting.client is None or meeting.client.stage != Stage.PROSPECT:
        return None
    return Lead.objects.visible_to(actor).running().filter(pitches__meeting=meeting).first()


def _undelivered(attendees: list[Attendee]) -> dict[int, str]:
    """What became of the last mail to each, where it is known not to have arrived."""
    states = OutboxMessage.objects.filter(
        about_type="comms.attendee", about_id__in=[one.pk for one in attendees]
    )
    last = dict(states.order_by("pk").values_list("about_id", "state"))
    words = {MailState.FAILED: "the mail did not arrive", MailState.UNCERTAIN: "the mail may have arrived"}
    return {pk: words[MailState(state)] for pk, state in last.items() if pk and state in words}


def _step_words(one: Preparation) -> str:
    """On the meeting's own page nothing need say which; a department's promise says what."""
    if one.step == Step.DEPARTMENT and one.commitment is not None:
        return one.commitment.title
    return str(one.get_step_display()).capitalize()


def _ready(commitment: Commitment | None, title: str, now: dt.datetime) -> Ready:
    state = commitment.state if commitment is not None else State.WITHDRAWN
    return Ready(
        title=title,
        commitment=commitment,
        is_done=state in (State.DONE, State.DONE_LATE),
        is_late=commitment is not None
        and (state == State.MISSED or (state in OWED and commitment.due_at < now)),
        is_off=state in (State.WAIVED, State.WITHDRAWN),
    )
