"""A win is noted, told to the client, offered to the all-hands; it is a moment to ask for more (S21)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

from django.db import transaction

from steadyhand.clients.models import Assignment, Client, Contact, Position
from steadyhand.commitments import keeping
from steadyhand.commitments.calendars import working_days
from steadyhand.commitments.keeping import NotYours, may_act_for
from steadyhand.commitments.kinds import OWED
from steadyhand.comms.models import Call, Channel, Meeting, Message
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.growth.models import Win, WinSource
from steadyhand.people.models import Member

#: What the promises that a win makes are about, and the evidence that keeps the telling.
ABOUT = "growth.win"

#: Working days within which the client hears of it, and within which we ask who else we could help.
TELL_WITHIN, ASK_WITHIN = 1, 5


@transaction.atomic
def note_win(
    client: Client,
    text: str,
    *,
    by: Actor,
    source: WinSource = WinSource.FIGURES,
    on: dt.date | None = None,
    member: Member | None = None,
    contact: Contact | None = None,
    call: Call | None = None,
    message: Message | None = None,
    meeting: Meeting | None = None,
    offered: bool = True,
) -> Win:
    """Something went well. Unless it is their own words, telling them is promised for the next working day.

    `offered` puts it before the whole agency; a quiet win stays with the account team.
    """
    _refuse_strangers(client.pk, by)
    today = clock.today(client.zone)
    if not text.strip():
        raise Refusal(
            "Say what went well.", remedy="One line, with the figure where there is one.", field="text"
        )
    if on is not None and on > today:
        raise Refusal("That is still to come.", remedy="Note it once it has happened.", field="on")
    if contact is not None and contact.client_id != client.pk:
        raise Refusal(
            f"{contact.name} belongs to another client.", remedy="Choose their contact.", field="contact"
        )
    at, batch = clock.now(), uuid4()
    theirs = source == WinSource.WORDS
    win = Win.objects.create(
        client=client,
        contact=contact,
        text=text.strip()[:300],
        source=WinSource(source),
        on=on or today,
        noted_by=member,
        noted_at=at,
        call=call,
        message=message,
        meeting=meeting,
        offered_at=at if offered else None,
        told_at=at if theirs else None,
        told_how=_heard_by(call, message, meeting) if theirs else "",
    )
    if not theirs:
        win.telling = keeping.promise(
            client,
            _fits(f"Tell them: {win.text}"),
            by=by,
            owner=member or _lead(client),
            due_on=working_days(client).add_working(today, TELL_WITHIN),
            about=(ABOUT, win.pk),
            closes_with=ABOUT,
            batch=batch,
        )
        win.save(update_fields=["telling"])
    events.record(
        "win.noted",
        by=by,
        client_id=client.pk,
        subject=win,
        batch=batch,
        text=win.text,
        source=str(win.source),
    )
    return win


@transaction.atomic
def tell_client(win: Win, *, by: Actor, how: Channel, at: dt.datetime | None = None) -> Win:
    """The client has heard of it, at `at` (now); the promise to tell them is kept."""
    row = _standing(win, by)
    if row.told_at is not None:
        raise Refusal("They have heard of it already.")
    at, batch = at or clock.now(), uuid4()
    row.told_at, row.told_how = at, Channel(how)
    row.save(update_fields=["told_at", "told_how"])
    if row.telling is not None and row.telling.state in OWED:
        keeping.complete(row.telling, by=by, at=at, evidence=(ABOUT, row.pk), batch=batch)
    events.record(
        "win.told", by=by, client_id=row.client_id, subject=row, batch=batch, text=row.text, how=str(how)
    )
    return row


@transaction.atomic
def take_back_telling(win: Win, *, by: Actor) -> Win:
    """They have not heard of it after all."""
    row = _standing(win, by)
    if row.told_at is None or row.source == WinSource.WORDS:
        raise Refusal("Nobody has told them.")
    batch = uuid4()
    row.told_at, row.told_how = None, ""
    row.save(update_fields=["told_at", "told_how"])
    if row.telling is not None and row.telling.state not in OWED:
        keeping.reopen(row.telling, by=by, batch=batch)
    events.record("win.untold", by=by, client_id=row.client_id, subject=row, batch=batch, text=row.text)
    return row


@transaction.atomic
def offer_win(win: Win, *, by: Actor, offered: bool = True) -> Win:
    """Put it before the whole agency, or keep it with the account team."""
    row = _standing(win, by)
    if (row.offered_at is not None) == offered:
        raise Refusal("It is offered already." if offered else "It is not offered to the all-hands.")
    row.offered_at = clock.now() if offered else None
    row.save(update_fields=["offered_at"])
    events.record("win.offered", by=by, client_id=row.client_id, subject=row, text=row.text, offered=offered)
    return row


@transaction.atomic
def ask_for_referral(
    win: Win, *, by: Actor, owner: Member | None = None, due_on: dt.date | None = None
) -> Win:
    """Take it as the moment to ask who else we could help (G7): promised, within five working days."""
    row = _standing(win, by)
    if row.asking is not None and row.asking.state in OWED:
        raise Refusal("Asking them is promised already.", remedy="Open the promise to move it.")
    batch = uuid4()
    today = clock.today(row.client.zone)
    row.asking = keeping.promise(
        row.client,
        "Ask who else we could help",
        by=by,
        owner=owner or _lead(row.client),
        due_on=due_on or working_days(row.client).add_working(today, ASK_WITHIN),
        internal=True,
        about=(ABOUT, row.pk),
        batch=batch,
    )
    row.save(update_fields=["asking"])
    events.record(
        "win.referral_moment", by=by, client_id=row.client_id, subject=row, batch=batch, text=row.text
    )
    return row


@transaction.atomic
def drop_win(win: Win, *, by: Actor) -> Win:
    """It was noted by mistake; what it made us promise is waived with it."""
    row = _standing(win, by)
    batch = uuid4()
    row.dropped_at = clock.now()
    row.save(update_fields=["dropped_at"])
    _settle_promises(row, by, batch)
    events.record("win.dropped", by=by, client_id=row.client_id, subject=row, batch=batch, text=row.text)
    return row


@transaction.atomic
def restore_win(win: Win, *, by: Actor) -> Win:
    """It was no mistake after all; its promises are owed again."""
    row = Win.objects.select_for_update(of=("self",)).select_related("telling", "asking").get(pk=win.pk)
    _refuse_strangers(row.client_id, by)
    if row.dropped_at is None:
        raise Refusal("That win stands.")
    batch = uuid4()
    for promised in (row.telling, row.asking):
        waived = promised.waivers.filter(undone_at=None, at__gte=row.dropped_at) if promised else None
        if promised is not None and waived is not None and waived.exists():
            keeping.unwaive(promised, by=by, batch=batch)
    row.dropped_at = None
    row.save(update_fields=["dropped_at"])
    events.record("win.restored", by=by, client_id=row.client_id, subject=row, batch=batch, text=row.text)
    return row


def _settle_promises(row: Win, by: Actor, batch: UUID) -> None:
    for promised in (row.telling, row.asking):
        if promised is not None and promised.state in OWED:
            keeping.waive(promised, by=by, reason="The win was noted by mistake.", batch=batch)


def _standing(win: Win, by: Actor) -> Win:
    rows = Win.objects.select_for_update(of=("self",)).select_related("client", "telling", "asking")
    row = rows.get(pk=win.pk)
    _refuse_strangers(row.client_id, by)
    if row.dropped_at is not None:
        raise Refusal("That win was taken back.", remedy="Restore it first.")
    return row


def _lead(client: Client) -> Member | None:
    place = Assignment.objects.filter(client=client, position=Position.LEAD, until=None)
    lead = place.select_related("member").first()
    return lead.member if lead is not None else None


def _heard_by(call: Call | None, message: Message | None, meeting: Meeting | None) -> Channel:
    if message is not None:
        return Channel.EMAIL
    return Channel.MEETING if meeting is not None else Channel.CALL


def _fits(title: str) -> str:
    return title if len(title) <= 200 else f"{title[:199]}…"


def _refuse_strangers(client_id: int, by: Actor) -> None:
    if not may_act_for(client_id, by):
        raise NotYours("You are not on that account team.", remedy="Ask their lead to put you on it.")
