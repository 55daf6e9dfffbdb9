"""Actions agreed in a call or a meeting: written while it is held, promised when it is closed (S5, S9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from steadyhand.clients.models import Client
from steadyhand.commitments import keeping
from steadyhand.commitments.keeping import NotYours, may_act_for
from steadyhand.commitments.kinds import Kind
from steadyhand.commitments.models import Commitment
from steadyhand.comms.models import Action, Call, Meeting
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member

#: What a commitment made of an action names as its source.
ABOUT = "comms.action"


@transaction.atomic
def add_action(
    held: Call | Meeting,
    text: str,
    *,
    by: Actor,
    owner: Member | None = None,
    due_on: dt.date | None = None,
    theirs: bool = False,
    internal: bool = False,
    client: Client | None = None,
    topic: str = "",
) -> Action:
    """Something to be done, in a line. No event yet: closing the call or meeting promises it.

    In the team's own meeting `client` says whom it is for; what is promised there stays internal.
    """
    _refuse_strangers(held, by)
    if client is not None and not may_act_for(client.pk, by):
        raise NotYours(
            f"You are not on the account team of {client.name}.", remedy="Ask their lead to put you on it."
        )
    if not text.strip():
        raise Refusal("Say what is to be done.", remedy="One line is enough.", field="text")
    if due_on is not None and due_on < clock.today(_zone(held)):
        raise Refusal(f"{due_on:%d %B %Y} is over.", remedy="Choose today or a day to come.", field="due_on")
    return Action.objects.create(
        client=held.client or client,
        call=held if isinstance(held, Call) else None,
        meeting=held if isinstance(held, Meeting) else None,
        text=text.strip()[:200],
        owner=owner,
        due_on=due_on,
        theirs=theirs,
        internal=internal,
        topic=topic,
        made_at=clock.now(),
    )


@transaction.atomic
def drop_action(action: Action, *, by: Actor) -> Action:
    """It was noted by mistake; one that is promised already is waived on its promise instead."""
    held = action.call or action.meeting
    _refuse_strangers(held, by)
    if action.commitment_id is not None:
        raise Refusal(f"“{action.text}” is promised already.", remedy="Waive the promise, with a reason.")
    if action.dropped_at is None:
        action.dropped_at = clock.now()
        action.save(update_fields=["dropped_at"])
        events.record("action.dropped", by=by, client_id=action.client_id, subject=action, text=action.text)
    return action


@dataclass(frozen=True, slots=True)
class Settled:
    """Whose an action is and by when, looked at once more before it is promised."""

    action: Action
    owner: Member | None
    due_on: dt.date
    theirs: bool = False


@transaction.atomic
def settle_actions(held: Call | Meeting, settled: Iterable[Settled], *, by: Actor) -> None:
    """Part of closing: owners and days as they were confirmed. Refuses a day that is over."""
    _refuse_strangers(held, by)
    open_ones = {action.pk: action for action in held.actions.filter(dropped_at=None, commitment=None)}
    for said in settled:
        action = open_ones.get(said.action.pk)
        if action is None:
            continue
        if said.due_on < clock.today(_zone(held)):
            raise Refusal(
                f"{said.due_on:%d %B %Y} is over.",
                remedy=f"Choose a day to come for “{action.text}”.",
                field=f"due_{action.pk}",
            )
        action.owner, action.due_on, action.theirs = said.owner, said.due_on, said.theirs
        action.save(update_fields=["owner", "due_on", "theirs"])


@transaction.atomic
def promise_actions(
    held: Call | Meeting, *, by: Actor, default_owner: Member | None, batch: UUID | None = None
) -> list[Commitment]:
    """Make every action that is not yet one a commitment; without an owner `default_owner`'s, without a
    day due a week from now. What the client will do is promised as a follow-up that waits on them."""
    promised = []
    waiting = held.actions.filter(dropped_at=None, commitment=None).select_related("client", "owner")
    for action in waiting.order_by("made_at", "pk"):
        today = clock.today(_zone(held))
        due_on = max(action.due_on or today + dt.timedelta(days=7), today)
        row = keeping.promise(
            action.client,
            action.text,
            by=by,
            owner=action.owner or default_owner,
            due_on=due_on,
            kind=Kind.FOLLOW_UP if action.theirs else Kind.ACTION,
            internal=action.internal or held.client_id is None,
            about=(ABOUT, action.pk),
            batch=batch,
        )
        if action.theirs:
            keeping.wait_on_client(row, by=by, note=action.text, batch=batch)
        action.commitment, action.due_on = row, due_on
        action.save(update_fields=["commitment", "due_on"])
        promised.append(row)
    return promised


@transaction.atomic
def unpromise_actions(held: Call | Meeting, *, by: Actor, batch: UUID | None = None) -> int:
    """Part of opening a closed call or meeting again: what its actions promised is withdrawn.

    A promise somebody has gone on with since (kept, moved, handed over) stays. How many were withdrawn.
    """
    withdrawn = 0
    promised = held.actions.filter(dropped_at=None, commitment__isnull=False).select_related("commitment")
    for action in promised:
        if action.commitment is None or not keeping.is_as_promised(action.commitment):
            continue
        keeping.unpromise(action.commitment, by=by, batch=batch)
        action.commitment = None
        action.save(update_fields=["commitment"])
        withdrawn += 1
    return withdrawn


def _zone(held: Call | Meeting) -> str:
    return held.client.zone if held.client else getattr(held, "zone", "UTC")


def _refuse_strangers(held: Call | Meeting | None, by: Actor) -> None:
    if held is None:
        return
    if held.client_id is None:
        attends = isinstance(held, Meeting) and Meeting.objects.visible_to(by).filter(pk=held.pk).exists()
        if by.is_system or attends:
            return
        raise NotYours("You are not in that meeting.", remedy="Ask whoever leads it.")
    if not may_act_for(held.client_id, by):
        raise NotYours("You are not on that account team.", remedy="Ask their lead to put you on it.")
