"""Ten weeks of an agency's life: promises kept, late, missed, moved, waived; calls and mails in between.

Everything is done by the verbs that people use, each standing at its own time. The dice are the same for
the same promise, so two loads on one day tell the same story.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random

from steadyhand.clients.models import Client, Contact, Stage
from steadyhand.commitments import keeping
from steadyhand.commitments.ageing import stamp_missed
from steadyhand.commitments.kinds import OWED, TIMED, Kind, State
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.planning import plan_book
from steadyhand.comms.interactions import log_interaction
from steadyhand.comms.models import Channel, Direction, Interaction
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.exchange.demo import words
from steadyhand.exchange.demo.people import SLIPS, USUAL_SLIP
from steadyhand.exchange.demo.sketch import PAUSED, SILENT
from steadyhand.exchange.demo.world import A_DAY, World, chance, first_name
from steadyhand.people.models import Member, MemberState

#: From so many days ago on the silent client hears nothing.
SILENT_SINCE = 37
#: What becomes of a promise that is not simply kept, and how often.
SLIP_KINDS = ("late", "very late", "never", "waived", "moved", "waits")
SLIP_WEIGHTS = (38, 12, 14, 10, 14, 12)
#: What is said between calls, and how often.
LETTERS: tuple[tuple[Channel, Direction, Sequence[str]], ...] = (
    (Channel.EMAIL, Direction.IN, words.MAILS_IN),
    (Channel.EMAIL, Direction.OUT, words.MAILS_OUT),
    (Channel.MEETING, Direction.OUT, words.MEETINGS),
)
LETTER_WEIGHTS = (47, 46, 7)
#: Clients on whom a follow-up of the last days is still open.
LOOSE_ENDS = frozenset(
    {
        "Greenline Couriers",
        "Bluebird Nurseries",
        "Wickham Brewing",
        "Halloway & Finch",
        "Kestrel Outdoor",
        "Beacon Dental Group",
        "Marlow Instruments",
        "Larkspur Interiors",
        "Verity Skincare",
        "Ridge & Co Accountants",
    }
)
FOLLOW_UP_SHARE, HANDOVER_SHARE, MAILS_A_WEEK = 0.22, 0.03, 0.9


def begin_day(world: World, day: dt.date) -> None:
    """The night's work and the morning's: stamps, the plan on Mondays, and what will become of today's."""
    with clock.standing_at(world.moment(day, "05:00")):
        stamp_missed(day)
        if day.weekday() == 0:
            plan_book()
    rows = Commitment.objects.filter(due_on=day, state=State.OPEN, touched_at=None)
    for row in rows.select_related("client", "owner", "engagement").order_by("due_at", "pk"):
        decide(world, row, day)
    if day.weekday() < 5:
        _correspond(world, day)


def decide(world: World, row: Commitment, day: dt.date) -> None:
    """Let the dice say what becomes of a promise that is due today."""
    if row.owner is None or _forgotten(world, row, day):
        return
    dice = chance(row.engagement.ref if row.engagement else "", row.rule, row.period, row.slot)
    slip = SLIPS.get(_key(world, row.owner), USUAL_SLIP)
    fate = dice.choices(SLIP_KINDS, SLIP_WEIGHTS)[0] if dice.random() < slip else "kept"
    if row.client is None and fate in ("moved", "waits", "waived"):
        fate = "late"
    on_time = _ending(world, row, dice)
    morning = world.moment(day, dt.time(8, dice.randrange(35, 59)))
    if fate == "kept":
        if dice.random() < HANDOVER_SHARE:
            world.plan(morning, lambda: _hand_over(world, row.pk, dice))
        world.plan(on_time, lambda: _keep(world, row.pk, dice))
    elif fate in ("late", "very late"):
        delay = dice.randint(1, 3) if fate == "late" else dice.randint(4, 8)
        moment = world.moment(world.after(day, delay), dt.time(dice.randrange(9, 17), dice.randrange(60)))
        world.plan(moment, lambda: _keep(world, row.pk, dice, words.LATE_NOTES))
    elif fate == "waived":
        world.plan(morning, lambda: _waive(world, row.pk, dice))
    elif fate == "moved":
        world.plan(morning, lambda: _move(world, row.pk, dice))
    elif fate == "waits":
        back = world.moment(world.after(day, dice.randint(3, 9)), dt.time(dice.randrange(9, 17), 20))
        world.plan(morning, lambda: _wait(world, row.pk, dice))
        world.plan(back, lambda: _keep(world, row.pk, dice))


def _forgotten(world: World, row: Commitment, day: dt.date) -> bool:
    silent = row.client is not None and row.client.name == SILENT
    return silent and (world.today - day).days < SILENT_SINCE


def _key(world: World, member: Member) -> str:
    return next((key for key, each in world.team.items() if each.pk == member.pk), "")


def _ending(world: World, row: Commitment, dice: Random) -> dt.datetime:
    """When something kept on its day is marked as done: soon after a call, else some time that day."""
    if row.starts_at is not None:
        return row.due_at + dt.timedelta(minutes=dice.randint(2, 40))
    zone = clock.zone_info(row.zone)
    wall = dt.time(dice.randrange(9, 17), dice.randrange(60))
    return dt.datetime.combine(row.due_on, wall, zone).astimezone(dt.UTC)


def _owed(pk: int) -> Commitment | None:
    """The promise as it stands, if it is still owed and there is somebody to keep it."""
    row = Commitment.objects.select_related("client", "owner").filter(pk=pk, state__in=OWED).first()
    return row if row is not None and row.owner is not None else None


def _actor(world: World, row: Commitment) -> Actor:
    owner = row.owner
    return owner.actor if owner is not None and owner.state == MemberState.ACTIVE else world.by


def _said(world: World, row: Commitment, dice: Random, choices: Sequence[str]) -> str:
    return _addressed(dice.choice(choices), world.contact(row.client))


def _addressed(text: str, contact: Contact | None) -> str:
    """The text with the contact's first name in it."""
    return text.format(contact=first_name(contact.name) if contact else "them")


def _keep(world: World, pk: int, dice: Random, notes: Sequence[str] = ()) -> None:
    row = _owed(pk)
    if row is None or (row.client is not None and row.client.stage != Stage.LIVE):
        return
    evidence = None
    if row.kind in TIMED and row.client is not None:
        evidence = (Interaction._meta.label_lower, _speak(world, row, dice).pk)
    usual = {Kind.CALL: words.CALL_NOTES, Kind.REPORT: words.REPORT_NOTES}
    notes = notes or usual.get(Kind(row.kind)) or words.OTHER_NOTES.get(row.kind, ())
    note = _said(world, row, dice, notes) if notes and row.client and dice.random() < 0.75 else ""
    keeping.complete(row, by=_actor(world, row), note=note, evidence=evidence)
    if row.kind == Kind.CALL and dice.random() < FOLLOW_UP_SHARE:
        _follow_up(world, row, dice)


def _speak(world: World, row: Commitment, dice: Random) -> Interaction:
    """What was said, as the minutes of a call or meeting."""
    assert row.client is not None  # noqa: S101 - the caller asked
    in_person = row.kind in (Kind.REVIEW, Kind.MEETING) and dice.random() < 0.5
    minutes = max(10, (row.minutes or 30) + dice.choice((-10, -5, 0, 0, 5, 10)))
    return log_interaction(
        row.client,
        Channel.MEETING if in_person else Channel.CALL,
        by=_actor(world, row),
        at=clock.now() - dt.timedelta(minutes=minutes + 5),
        contact=world.contact(row.client),
        member=row.owner,
        direction=Direction.OUT,
        summary=_said(world, row, dice, words.CALL_SUMMARIES),
        body=_said(world, row, dice, words.CALL_BODIES) if dice.random() < 0.6 else "",
        minutes=minutes,
    )


def _follow_up(world: World, row: Commitment, dice: Random) -> None:
    due = world.after(clock.now().date(), dice.randint(1, 5))
    made = keeping.promise(
        row.client,
        _said(world, row, dice, words.FOLLOW_UPS),
        by=_actor(world, row),
        owner=row.owner,
        due_on=due,
    )
    late = 0 if dice.random() < 0.8 else dice.randint(1, 4)
    done = world.moment(world.after(due, late), dt.time(dice.randrange(10, 17), dice.randrange(60)))
    world.plan(done, lambda: _keep(world, made.pk, dice))


def _waive(world: World, pk: int, dice: Random) -> None:
    if row := _owed(pk):
        keeping.waive(row, by=_actor(world, row), reason=_said(world, row, dice, words.WAIVERS))


def _move(world: World, pk: int, dice: Random) -> None:
    row = _owed(pk)
    if row is None:
        return
    to_day = world.after(row.due_on, dice.randint(1, 3))
    reason = _said(world, row, dice, words.MOVES)
    try:
        moved_at = _moved(row, to_day, by=_actor(world, row), keep_time=True, reason=reason)
    except Refusal:  # the hour is taken on that day
        moved_at = _moved(row, to_day, by=_actor(world, row), keep_time=False, reason=reason)
    world.plan(_ending(world, moved_at, dice), lambda: _keep(world, pk, dice))


def _moved(row: Commitment, to_day: dt.date, *, by: Actor, keep_time: bool, reason: str) -> Commitment:
    keeping.move(row, to_day, by=by, keep_time=keep_time, reason=reason)
    return Commitment.objects.get(pk=row.pk)


def _wait(world: World, pk: int, dice: Random) -> None:
    row = _owed(pk)
    if row is not None and row.client is not None and row.waiting_since is None:
        keeping.wait_on_client(row, by=_actor(world, row), note=_said(world, row, dice, words.WAITS))


def _hand_over(world: World, pk: int, dice: Random) -> None:
    row = _owed(pk)
    if row is None or row.client is None:
        return
    mates = row.client.team.filter(until=None, position__in=["lead", "support"]).select_related("member")
    mate = mates.exclude(member=row.owner_id).first()
    if mate is not None:
        try:
            keeping.hand_over(row, mate.member, by=_actor(world, row), note=dice.choice(words.HANDOVERS))
        except Refusal:  # they have a call at that hour themselves
            return


def _correspond(world: World, day: dt.date) -> None:
    """Mails to and fro, and now and then a meeting."""
    quiet = (world.today - day).days
    for name, client in world.clients.items():
        if (name == SILENT and quiet < SILENT_SINCE) or (name == PAUSED and quiet < 20):
            continue
        dice = chance(name, day.isoformat())
        if dice.random() < MAILS_A_WEEK / 5:
            _plan_mail(world, client.pk, name, day, dice)


def _plan_mail(world: World, client_id: int, name: str, day: dt.date, dice: Random) -> None:
    moment = world.moment(day, dt.time(dice.randrange(8, 18), dice.randrange(60)))
    channel, direction, said = dice.choices(LETTERS, LETTER_WEIGHTS)[0]
    summary = dice.choice(said)

    def write() -> None:
        client = world.clients[name]
        lead = client.team.filter(until=None, position="lead").select_related("member").first()
        if lead is None:
            return
        log_interaction(
            client,
            channel,
            by=lead.member.actor,
            at=clock.now(),
            contact=world.contact(client),
            member=lead.member,
            direction=direction,
            summary=summary,
            minutes=90 if channel == Channel.MEETING else None,
        )

    world.plan(moment, write)


def make_promises_of_this_week(world: World) -> None:
    """What was promised by hand and is still open: the head's own, and a few loose ends of the others."""
    head = world.team["imogen"]
    for title, name, offset, waits in words.HEAD_PROMISES:
        due = world.working(offset)
        made_on = min(due, world.working(-5)) - A_DAY
        _promise_at(world, world.moment(made_on, "16:10"), title, name, head, due, waits)
    for title, name, time, minutes in words.HEAD_MEETINGS:
        _meet_today(world, title, world.clients.get(name), head, time, minutes)
    for key, count in (("tomasz", 3), ("leo", 2), ("hannah", 1), ("grace", 1), ("priya", 1)):
        member = world.team[key]
        led = [s.name for s in world.sketches.values() if key in (s.lead, s.support) and s.name in LOOSE_ENDS]
        for number, name in enumerate(led[:count]):
            dice = chance("loose", key, number)
            title = _addressed(dice.choice(words.FOLLOW_UPS), world.contact(world.clients[name]))
            due = world.working(-1 - number)
            _promise_at(world, world.moment(due - 4 * A_DAY, "12:15"), title, name, member, due, "")


def _promise_at(
    world: World, moment: dt.datetime, title: str, name: str, owner: Member, due: dt.date, waits: str
) -> None:
    def act() -> None:
        client = world.clients[name]
        made = keeping.promise(client, title, by=owner.actor, owner=owner, due_on=due)
        if waits:
            keeping.wait_on_client(made, by=owner.actor, note=waits)

    world.plan(moment, act)


def _meet_today(
    world: World, title: str, client: Client | None, owner: Member, time: str, minutes: int
) -> None:
    def act() -> None:
        keeping.promise(
            client,
            title,
            by=owner.actor,
            owner=owner,
            due_on=world.working(0),
            due_time=dt.time.fromisoformat(time),
            kind=Kind.MEETING,
            minutes=minutes,
            internal=client is None,
        )

    world.plan(world.moment(world.working(-4), "17:40"), act)
