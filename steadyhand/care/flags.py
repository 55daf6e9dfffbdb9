"""Raising a flag, and what becomes of it (C2, first half)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from steadyhand.care.models import Flag, FlagSource
from steadyhand.clients.models import Client, Contact
from steadyhand.commitments import keeping
from steadyhand.commitments.keeping import NotYours, may_act_for
from steadyhand.commitments.kinds import Kind
from steadyhand.commitments.models import Commitment
from steadyhand.comms.models import Call, Meeting, Message
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member

#: What an action agreed about a flag names as what it serves.
ABOUT = "care.flag"


@transaction.atomic
def raise_flag(
    client: Client,
    text: str,
    *,
    by: Actor,
    source: FlagSource = FlagSource.TEAM,
    member: Member | None = None,
    contact: Contact | None = None,
    call: Call | None = None,
    meeting: Meeting | None = None,
    message: Message | None = None,
    batch: UUID | None = None,
) -> Flag:
    """A serious worry, in a line. Whoever is on the account team may raise one; the client never sees it."""
    _refuse_strangers(client.pk, by)
    if not text.strip():
        raise Refusal("Say what the worry is.", remedy="One line is enough.", field="text")
    flag = Flag.objects.create(
        client=client,
        contact=contact,
        text=text.strip()[:500],
        source=source,
        raised_by=member,
        call=call,
        meeting=meeting,
        message=message,
        raised_at=clock.now(),
    )
    events.record(
        "flag.raised",
        by=by,
        client_id=client.pk,
        subject=flag,
        batch=batch,
        text=flag.text,
        source=str(source),
    )
    return flag


@transaction.atomic
def settle_flag(flag: Flag, how: str, *, by: Actor) -> Flag:
    """It is dealt with; `how` stays readable."""
    row = _open(flag, by)
    if not how.strip():
        raise Refusal("Say how it was settled.", remedy="One sentence; the head will read it.", field="how")
    row.settled_at, row.settled_how = clock.now(), how.strip()
    row.save(update_fields=["settled_at", "settled_how"])
    events.record(
        "flag.settled", by=by, client_id=row.client_id, subject=row, text=row.text, how=row.settled_how
    )
    return row


@transaction.atomic
def withdraw_flag(flag: Flag, *, by: Actor) -> Flag:
    """It was raised by mistake."""
    row = _open(flag, by)
    row.withdrawn_at = clock.now()
    row.save(update_fields=["withdrawn_at"])
    events.record("flag.withdrawn", by=by, client_id=row.client_id, subject=row, text=row.text)
    return row


@transaction.atomic
def reopen_flag(flag: Flag, *, by: Actor) -> Flag:
    """It is not settled after all, or was no mistake: the worry stands again."""
    row = Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk)
    _refuse_strangers(row.client_id, by)
    if row.settled_at is None and row.withdrawn_at is None:
        raise Refusal("That flag is open.")
    row.settled_at, row.settled_how, row.withdrawn_at = None, "", None
    row.save(update_fields=["settled_at", "settled_how", "withdrawn_at"])
    events.record("flag.reopened", by=by, client_id=row.client_id, subject=row, text=row.text)
    return row


@transaction.atomic
def agree_action(flag: Flag, text: str, *, by: Actor, owner: Member | None, due_on: dt.date) -> Commitment:
    """What is done about it, as a promise that nobody outside sees."""
    row = _open(flag, by)
    if not text.strip():
        raise Refusal("Say what is done about it.", remedy="One line is enough.", field="text")
    return keeping.promise(
        row.client,
        text,
        by=by,
        owner=owner,
        due_on=due_on,
        kind=Kind.ACTION,
        internal=True,
        about=(ABOUT, row.pk),
    )


def _open(flag: Flag, by: Actor) -> Flag:
    row = Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk)
    _refuse_strangers(row.client_id, by)
    if row.settled_at or row.withdrawn_at:
        raise Refusal("That flag is closed already.")
    return row


def _refuse_strangers(client_id: int, by: Actor) -> None:
    if not may_act_for(client_id, by):
        raise NotYours("You are not on that account team.", remedy="Ask their lead to put you on it.")
