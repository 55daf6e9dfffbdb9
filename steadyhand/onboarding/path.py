"""The steps that letters, meetings and the planner's promises prove (W5, B10)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from steadyhand.commitments.kinds import OWED, State
from steadyhand.commitments.models import Commitment
from steadyhand.comms.models import Answer, Attendee, Meeting, Message, MessageState
from steadyhand.onboarding.models import Handover
from steadyhand.onboarding.steps import Step, Waits, step
from steadyhand.people.models import Member

#: What a letter's promise names as its cause; the planner's rules of the first week and month.
LETTER, SETUP, FIRST_MONTH = "comms.message", "service-setup", "first-month-meeting"

#: A letter that is on its way needs nothing more of anybody.
LEAVING = (MessageState.QUEUED, MessageState.SENDING)


@step("answer", order=10)
def answer(handovers: Sequence[Handover], at: dt.datetime) -> Mapping[int, Step]:
    """The good news was answered, by letter or by telephone."""
    due = _due([one.answer_id for one in handovers])
    found = {}
    for one in handovers:
        called = one.answer_call
        read = _letter("answer", "Answer the good news", one.answer, one.won_by, one.won_at, due)
        found[one.pk] = (
            Step(
                read.key, read.title, one.won_by, read.due_on, Waits.NOBODY, done_at=called.at, note="by call"
            )
            if called is not None and not read.is_done
            else read
        )
    return found


@step("introduction", order=20)
def introduction(handovers: Sequence[Handover], at: dt.datetime) -> Mapping[int, Step]:
    """Whoever won them introduced whoever looks after them."""
    due = _due([one.introduction_id for one in handovers])
    return {
        one.pk: _letter(
            "introduction",
            f"Introduce {one.led_by.name}" if one.led_by else "Introduce the account lead",
            one.introduction,
            one.won_by,
            one.won_at,
            due,
        )
        for one in handovers
    }


@step("reply", order=30)
def reply(handovers: Sequence[Handover], at: dt.datetime) -> Mapping[int, Step]:
    """The account lead answered on the same thread, once introduced."""
    due = _due([one.reply_id for one in handovers])
    found = {}
    for one in handovers:
        introduced = sent_at(one.introduction)
        read = _letter(
            "reply",
            "Reply with agreement, forms and dates",
            one.reply,
            one.led_by,
            introduced or one.won_at,
            due,
        )
        first = introduced is None and not read.is_done
        found[one.pk] = _behind(read, "the introduction") if first else read
    return found


@step("internal-kickoff", order=60)
def internal_kickoff(handovers: Sequence[Handover], at: dt.datetime) -> Mapping[int, Step]:
    """Our own people heard what was promised, before the client was met (O4)."""
    title = "Hold the internal kickoff"
    return {one.pk: _meeting("internal-kickoff", title, one, one.internal_kickoff) for one in handovers}


@step("client-kickoff", order=70)
def client_kickoff(handovers: Sequence[Handover], at: dt.datetime) -> Mapping[int, Step]:
    """The client was met; until the day is agreed it waits on them (O5)."""
    answers = _answers([one.client_kickoff_id for one in handovers])
    found = {}
    for one in handovers:
        meeting = one.client_kickoff
        read = _meeting("client-kickoff", "Hold the client kickoff", one, meeting)
        told = sent_at(one.reply)
        asked = meeting.invited_at if meeting is not None and meeting.invited_at else told
        if meeting is None or not meeting.is_open or asked is None or answers.get(meeting.pk):
            found[one.pk] = read
            continue
        who = one.contact.name if one.contact else one.client.name
        note = f"{read.note}; they have not agreed to it"
        found[one.pk] = Step(
            read.key,
            read.title,
            read.owner,
            read.due_on,
            Waits.CLIENT,
            who,
            asked,
            None,
            read.url,
            read.click,
            note,
        )
    return found


@step("set-up", order=80)
def set_up(handovers: Sequence[Handover], at: dt.datetime) -> Mapping[int, Step]:
    """Every service but a website was set up and started inside the first week (B10)."""
    url = "/clients/{}/set-up/"
    return _planned(handovers, SETUP, "set-up", "Set up every service", url, "Open set-up")


@step("first-month", order=90)
def first_month(handovers: Sequence[Handover], at: dt.datetime) -> Mapping[int, Step]:
    """The weekly meetings of the first month, each free to decline (B10)."""
    url = "/clients/{}/first-month/"
    return _planned(handovers, FIRST_MONTH, "first-month", "First-month weekly meetings", url, "Plan them")


def sent_at(message: Message | None) -> dt.datetime | None:
    """When a letter left; None while it has not."""
    return message.at if message is not None and message.state == MessageState.SENT else None


def _letter(
    key: str,
    title: str,
    message: Message | None,
    owner: Member | None,
    since: dt.datetime,
    due: Mapping[int, dt.date],
) -> Step:
    if message is None:
        return Step(
            key, title, owner, waits=Waits.US, who=_name(owner), since=since, note="its draft is gone"
        )
    day, url = due.get(message.pk), f"/messages/{message.pk}/"
    left = sent_at(message)
    if left is not None:
        return Step(key, title, owner, day, Waits.NOBODY, done_at=left, url=url, click="Read it")
    leaving = message.state in LEAVING
    note = "on its way" if leaving else message.get_state_display()
    return Step(key, title, owner, day, Waits.US, _name(owner), since, None, url, "Open draft", note)


def _meeting(key: str, title: str, handover: Handover, meeting: Meeting | None) -> Step:
    anew = f"/meetings/new/?client={handover.client.ref}"
    if meeting is None or meeting.cancelled_at is not None:
        owner = meeting.led_by if meeting is not None else handover.led_by
        since = meeting.cancelled_at if meeting is not None else handover.won_at
        return Step(
            key, title, owner, None, Waits.US, _name(owner), since, None, anew, "Plan it", "not planned"
        )
    owner, url, local = meeting.led_by, f"/meetings/{meeting.pk}/", meeting.local
    if meeting.closed_at is not None:
        held = meeting.began_at or meeting.closed_at
        return Step(key, title, owner, local.date(), Waits.NOBODY, done_at=held, url=url, click="Read it")
    note = f"at {local:%H:%M}"
    return Step(
        key,
        title,
        owner,
        local.date(),
        Waits.US,
        _name(owner),
        handover.won_at,
        None,
        url,
        "Open meeting",
        note,
    )


def _planned(
    handovers: Sequence[Handover], rule: str, key: str, title: str, url: str, click: str
) -> Mapping[int, Step]:
    """How far the planner's promises of one rule are, for each engagement that has any."""
    rows: dict[int, list[Commitment]] = defaultdict(list)
    owed = Commitment.objects.filter(engagement__in=[one.engagement_id for one in handovers], rule=rule)
    for row in owed.exclude(state=State.WITHDRAWN).select_related("owner").order_by("due_at", "pk"):
        rows[row.engagement_id or 0].append(row)
    found = {}
    for one in handovers:
        theirs = rows.get(one.engagement_id, [])
        left = [row for row in theirs if row.state in OWED]
        if not theirs:
            continue
        note = f"{len(theirs) - len(left)} of {len(theirs)} done"
        page = url.format(one.client.ref)
        if not left:
            done = max(row.changed_at for row in theirs)
            found[one.pk] = Step(
                key, title, one.led_by, theirs[-1].due_on, Waits.NOBODY, done_at=done, note=note
            )
            continue
        owner = left[0].owner or one.led_by
        found[one.pk] = Step(
            key, title, owner, left[0].due_on, Waits.US, _name(owner), one.won_at, None, page, click, note
        )
    return found


def _behind(read: Step, what: str) -> Step:
    """The same, while something else must come first."""
    return Step(
        read.key,
        read.title,
        read.owner,
        read.due_on,
        Waits.EARLIER,
        what,
        None,
        None,
        read.url,
        read.click,
        read.note,
    )


def _due(messages: Sequence[int | None]) -> dict[int, dt.date]:
    """By when each of these letters is promised. One query."""
    rows = Commitment.objects.filter(about_type=LETTER, about_id__in=[pk for pk in messages if pk])
    return {pk: day for pk, day in rows.values_list("about_id", "due_on") if pk is not None}


def _answers(meetings: Sequence[int | None]) -> dict[int, bool]:
    """Whether somebody at the client said they come. One query."""
    coming = Attendee.objects.filter(
        meeting__in=[pk for pk in meetings if pk],
        contact__isnull=False,
        removed_at=None,
        answer=Answer.ACCEPTED,
    )
    return dict.fromkeys(coming.values_list("meeting", flat=True), True)


def _name(owner: Member | None) -> str:
    return owner.name if owner is not None else "nobody yet"
