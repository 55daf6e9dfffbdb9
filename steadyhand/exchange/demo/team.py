"""The demo agency's own meetings: held week by week, one of them skipped; flags, wins and feedback."""

from __future__ import annotations

import datetime as dt
from functools import partial

from steadyhand.care.feedback import give_feedback
from steadyhand.care.flags import raise_flag, settle_flag
from steadyhand.care.models import Flag
from steadyhand.clients.models import Client
from steadyhand.comms import actions
from steadyhand.comms.meetings import holding, minutes, team_meetings
from steadyhand.comms.meetings import planning as meetings
from steadyhand.comms.meetings.agenda import ALL_HANDS, WASH_UP, WEEKLY
from steadyhand.comms.models import Channel, Meeting, Series
from steadyhand.core.recurrence import Cadence
from steadyhand.exchange.demo.world import A_DAY, WEEKS, World
from steadyhand.growth.models import OpportunityKind, WinSource
from steadyhand.growth.opportunities import note_opportunity
from steadyhand.growth.wins import note_win, tell_client
from steadyhand.people import members

#: key of the series: title, cadence, day, time, minutes, who leads, who comes (nobody: everybody).
SERIES = {
    WEEKLY: (
        "Weekly client-services meeting",
        (Cadence.WEEKLY, "monday", dt.time(16, 30), 60),
        "imogen",
        ("dominic", "priya", "joel", "hannah", "tomasz", "grace", "leo", "amira"),
    ),
    ALL_HANDS: ("Weekly all-hands", (Cadence.WEEKLY, "friday", dt.time(12), 30), "ruth", ()),
    WASH_UP: (
        "Monthly wash-up",
        (Cadence.MONTHLY, "last thursday", dt.time(16), 90),
        "marcus",
        ("ruth", "imogen", "dominic", "priya"),
    ),
}

#: What was agreed in the weekly meetings, two in each: what, who, in how many days.
AGREED = (
    ("Ring the three quietest clients before Friday", "priya", 4),
    ("Ask finance which invoices wait for an order number", "grace", 7),
    ("Write down what the Berlin clients mean by urgent", "joel", 9),
    ("Show Leo how the September report is put together", "hannah", 5),
    ("Find two dates for the autumn lunch", "amira", 10),
    ("Tell delivery which launches cannot move", "tomasz", 3),
    ("Settle who covers half-term, client by client", "dominic", 6),
    ("Sit in on one of Amira's calls and say what was good", "grace", 8),
    ("Collect the questions clients asked twice this month", "leo", 5),
    ("Move the Monday reports of hotel clients to Tuesday", "hannah", 4),
    ("Check that every sponsor has rung their clients", "imogen", 9),
    ("Draft three subject lines that are not “Monthly report”", "amira", 3),
    ("Ask Marcus for the design days left before Christmas", "priya", 4),
    ("Write to the two clients whose contact has left", "tomasz", 5),
    ("List the retainers that end before March", "dominic", 7),
    ("Bring one win that nobody has heard of yet", "leo", 6),
    ("Agree who rings on the days between the years", "joel", 10),
    ("Read the notes of the last ten lost calls", "hannah", 8),
    ("Find out why two minutes went out without actions", "grace", 4),
    ("Say which clients have had no surprise this year", "priya", 9),
    ("Put the January planning dates into the diary", "dominic", 5),
    ("Thank delivery for the two launches of last week", "imogen", 2),
)
SAID = (
    "Everybody had their flags in. Two calls moved to mornings.",
    "Reports left on time, all but one. Nobody is over on call time yet.",
    "Short one: half of us were at the fair. The rest is for next week.",
    "Autumn campaigns are out. Three clients asked for figures before the report did.",
    "Nobody was silent for longer than nine days. Two flags are settled.",
    "Calls ran long again; we try the four parts with a clock.",
    "Holidays: covers are named for all but two clients.",
    "Delivery joined for ten minutes. The launches of December are agreed.",
    "Contracts: four to talk about before the year ends, each with a name.",
    "Good week. One complaint, answered the same day.",
    "Leo ran the meeting. Flags first, and we were done in forty minutes.",
)
SKIPPED_BECAUSE = "The whole team is at the trade fair in Cologne."

#: Birthdays (day, month) and years at the agency.
DAYS = {"ruth": (14, 6, 19), "imogen": (3, 2, 7), "leo": (0, 0, 2), "grace": (0, 0, 4), "tomasz": (21, 9, 1)}

#: Who is worried about a client: how many days ago, its place in the book, the worry, how it ended.
WORRIES = (
    (
        -52,
        3,
        "grace",
        "They read our report out loud and asked what any of it means",
        "We went through it on the phone; the next one opens with three figures.",
    ),
    (
        -30,
        6,
        "tomasz",
        "Two of their last three calls were called off an hour before",
        "Their new baby; calls are at eight now.",
    ),
    (-6, 9, "hannah", "Their finance director asked what the notice period is", ""),
    (-4, 12, "tomasz", "They want to see every text before it goes out, all of a sudden", ""),
    (-1, 15, "priya", "Their marketing manager leaves in January and nobody knows who follows", ""),
)

#: What went well: days ago, place in the book, who noted it, how we know, the win, how they were told.
WENT_WELL = (
    (
        -47,
        2,
        "priya",
        WinSource.FIGURES,
        "Enquiries are up by a third on last autumn, at the same spend",
        "call",
    ),
    (
        -33,
        8,
        "grace",
        WinSource.DELIVERY,
        "The new site went live a week early and nobody noticed but us",
        "email",
    ),
    (-18, 5, "hannah", WinSource.WORDS, "“You are the first agency that rings before I do.”", ""),
    (-4, 1, "joel", WinSource.FIGURES, "First place for the search they have wanted for two years", "call"),
    (
        -1,
        4,
        "amira",
        WinSource.DELIVERY,
        "Sixty people came to the workshop; they had set out forty chairs",
        "",
    ),
)

CHANCES = (
    (-20, 2, "priya", OpportunityKind.CROSS_SELL, "They send letters by hand; nobody has shown them e-mail"),
    (-9, 7, "grace", OpportunityKind.UPSELL, "A second shop opens in May"),
)


def tell(world: World) -> None:
    """Put all of it into the past."""
    _set_up(world)
    _hold(world)
    _worry_and_win(world)
    _give_feedback(world)


def _set_up(world: World) -> None:
    def act() -> None:
        everybody = list(world.team.values())
        for key, (title, (cadence, day, time, length), leader, circle) in SERIES.items():
            series = team_meetings.set_up_series(
                title,
                by=world.team["imogen"].actor,
                agenda_key=key,
                cadence=cadence,
                day=day,
                time=time,
                minutes=length,
                led_by=world.team[leader],
                members=[world.team[name] for name in circle] or everybody,
            )
            world.made.setdefault(Series._meta.label_lower, []).append(series.pk)
        for name, (day_of, month, years) in DAYS.items():
            joined_on = world.today.replace(day=1, year=world.today.year - years) + 9 * A_DAY
            birthday = {"birth_day": day_of, "birth_month": month} if month else {}
            members.change_member(world.team[name], by=world.by, joined_on=joined_on, **birthday)

    world.plan(world.moment(world.begins, "06:00"), act)


def _hold(world: World) -> None:
    """Each week the next ones are made, and those of the week are held; one of them was not."""
    for week in range(WEEKS + 1):
        monday = world.begins + 7 * week * A_DAY
        world.plan(world.moment(monday, "06:30"), lambda: team_meetings.make_all_next() and None)
        if week == 4:
            world.plan(world.moment(monday, "09:00"), partial(_skip, world))
        for day in range(5):
            moment = world.moment(monday + day * A_DAY, "18:10")
            world.plan(moment, partial(_hold_day, world, monday + day * A_DAY, week))


def _hold_day(world: World, day: dt.date, week: int) -> None:
    rows = Meeting.objects.filter(
        occurrence__isnull=False,
        closed_at=None,
        cancelled_at=None,
        starts_at__gte=world.moment(day, "00:00"),
        starts_at__lt=world.moment(day, "18:00"),
    )
    for meeting in rows.select_related("led_by").order_by("starts_at"):
        assert meeting.led_by is not None  # noqa: S101 - the series above all have a leader
        by = meeting.led_by.actor
        if meeting.agenda_key == WEEKLY:
            first = meeting.agenda.earliest("position")
            minutes.write_minutes(meeting, SAID[week % len(SAID)], by=by, item=first)
            for turn in (2 * week, 2 * week + 1):
                text, name, days = AGREED[turn % len(AGREED)]
                actions.add_action(
                    meeting, text, by=by, owner=world.team[name], due_on=world.after(day, days), topic=""
                )
        elif meeting.agenda_key == WASH_UP:
            minutes.decide(meeting, "What is promised on a call is written down on the call.", by=by)
        holding.close_meeting(meeting, by=by, minutes=meeting.minutes)


def _skip(world: World) -> None:
    row = Meeting.objects.filter(agenda_key=WEEKLY, closed_at=None, cancelled_at=None).earliest("starts_at")
    meetings.cancel_meeting(row, by=world.team["imogen"].actor, reason=SKIPPED_BECAUSE)


def _worry_and_win(world: World) -> None:
    def worry(number: int, who: str, text: str) -> None:
        member = world.team[who]
        raise_flag(_client(world, number), text, by=world.team["imogen"].actor, member=member)

    def settle(number: int, how: str) -> None:
        flag = Flag.objects.open().filter(client=_client(world, number)).first()
        if flag is not None:
            settle_flag(flag, how, by=world.team["imogen"].actor)

    def win(number: int, who: str, source: WinSource, text: str, how: str) -> None:
        head, member = world.team["imogen"].actor, world.team[who]
        noted = note_win(_client(world, number), text, by=head, source=source, member=member)
        if how:
            tell_client(noted, by=head, how=Channel(how))

    def chance(number: int, who: str, kind: OpportunityKind, text: str) -> None:
        head, owner = world.team["imogen"].actor, world.team[who]
        note_opportunity(_client(world, number), text, by=head, kind=kind, owner=owner)

    for days, number, who, text, how in WORRIES:
        world.plan(world.moment(world.working(days), "10:35"), partial(worry, number, who, text))
        if how:
            world.plan(world.moment(world.working(days + 8), "15:20"), partial(settle, number, how))
    for days, number, who, source, text, told in WENT_WELL:
        world.plan(world.moment(world.working(days), "16:25"), partial(win, number, who, source, text, told))
    for days, number, who, kind, text in CHANCES:
        world.plan(world.moment(world.working(days), "11:45"), partial(chance, number, who, kind, text))


def _give_feedback(world: World) -> None:
    said = (
        (-37, "leo", "hannah", "Your briefs are clear now. On Fridays they still come after lunch."),
        (-16, "yuki", "tomasz", "Tell us sooner when a launch moves; we had people waiting."),
        (-2, "amira", "grace", "Thank you for taking the call with the printer. I learnt a lot."),
    )

    def give(giver: str, about: str, text: str) -> None:
        give_feedback(world.team[about], text, by=world.team[giver].actor)

    for days, giver, about, text in said:
        world.plan(world.moment(world.working(days), "17:15"), partial(give, giver, about, text))


def _client(world: World, number: int) -> Client:
    """One of those that are looked after at that time; always the same for a number."""
    live = Client.objects.live().filter(pk__in=[client.pk for client in world.clients.values()])
    rows = list(live.filter(engagements__isnull=False).distinct().order_by("pk"))
    return rows[number % len(rows)]
