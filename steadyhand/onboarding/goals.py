"""What success is, in the client's own words, asked again each quarter; and the goals made of it (O5)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from steadyhand.clients.models import Client, Contact
from steadyhand.commitments.keeping import NotYours, may_act_for
from steadyhand.comms.models import Meeting
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.onboarding.models import Goal, GoalState, SuccessWords
from steadyhand.onboarding.smart import Doubt, Wording, doubts

#: After so many days without an answer it is time to ask again.
ASK_AGAIN_AFTER = 91


class VagueGoal(Refusal):
    """The goal is vague; `doubts` says where, letter by letter. It stands with a reason all the same."""

    def __init__(self, found: list[Doubt]) -> None:
        self.doubts = found
        super().__init__(
            " ".join(f"{one.letter}: {one.sentence}" for one in found),
            remedy="Or say below why it stands as it is.",
            field=found[0].field,
        )


@transaction.atomic
def hear_success(
    client: Client,
    words: str,
    *,
    by: Actor,
    contact: Contact | None = None,
    meeting: Meeting | None = None,
    on: dt.date | None = None,
) -> SuccessWords:
    """Their answer to “what is success for you?”, word for word; earlier answers stay beside it."""
    _refuse_strangers(client.pk, by)
    today = clock.today(client.zone)
    if not words.strip():
        raise Refusal("Write down what they said.", remedy="Word for word, however short.", field="words")
    if contact is not None and contact.client_id != client.pk:
        raise Refusal(
            f"{contact.name} belongs to another client.", remedy="Choose their contact.", field="contact"
        )
    if on is not None and on > today:
        raise Refusal("That day is still to come.", remedy="Say when they said it.", field="said_on")
    heard = SuccessWords.objects.create(
        client=client,
        contact=contact,
        meeting=meeting,
        words=words.strip()[:1000],
        said_on=on or today,
        by_name=by.name,
        at=clock.now(),
    )
    events.record(
        "success.heard",
        by=by,
        client_id=client.pk,
        subject=heard,
        text=heard.words,
        contact=contact.name if contact else "",
    )
    return heard


@transaction.atomic
def unhear_success(heard: SuccessWords, *, by: Actor) -> SuccessWords:
    """It was written down by mistake."""
    row = SuccessWords.objects.select_for_update().get(pk=heard.pk)
    _refuse_strangers(row.client_id, by)
    if row.dropped_at is not None:
        raise Refusal("That was taken back already.")
    row.dropped_at = clock.now()
    row.save(update_fields=["dropped_at"])
    events.record("success.unheard", by=by, client_id=row.client_id, subject=row, text=row.words)
    return row


def asks_again(client: Client, today: dt.date) -> bool:
    """Whether a quarter has passed since they last said what success is; or they never did."""
    last = SuccessWords.objects.standing().filter(client=client).values_list("said_on", flat=True).first()
    return last is None or last + dt.timedelta(days=ASK_AGAIN_AFTER) <= today


@transaction.atomic
def set_goal(client: Client, wording: Wording, *, by: Actor, override: str = "") -> Goal:
    """Agree a goal with the client. Refuses a vague one, saying which of the five letters is missing; with
    `override`, the reason why it stands, it is kept as it is."""
    _refuse_strangers(client.pk, by)
    if not wording.text.strip():
        raise Refusal("Say what the goal is.", remedy="One sentence.", field="text")
    found = doubts(wording, clock.today(client.zone))
    if found and not override.strip():
        raise VagueGoal(found)
    goal = Goal.objects.create(
        client=client,
        text=wording.text.strip()[:300],
        measure=wording.measure.strip()[:300],
        achievable=wording.achievable.strip()[:300],
        relevant=wording.relevant.strip()[:300],
        due_on=wording.due_on,
        override=override.strip()[:300] if found else "",
        by_name=by.name,
        at=clock.now(),
    )
    _record("goal.set", goal, by=by, override=goal.override)
    return goal


@transaction.atomic
def settle_goal(goal: Goal, *, by: Actor, reached: bool, outcome: str = "") -> Goal:
    """It was reached, or missed; what came of it in a line."""
    row = _locked(goal, by)
    if row.state != GoalState.OPEN:
        raise Refusal(f"That goal is {row.get_state_display()}.", remedy="Open it again first.")
    row.state = GoalState.REACHED if reached else GoalState.MISSED
    row.outcome, row.settled_at = outcome.strip()[:300], clock.now()
    row.save(update_fields=["state", "outcome", "settled_at"])
    _record("goal.settled", row, by=by, reached=reached, outcome=row.outcome)
    return row


@transaction.atomic
def reopen_goal(goal: Goal, *, by: Actor) -> Goal:
    """It is still to be reached after all."""
    row = _locked(goal, by)
    if row.state == GoalState.OPEN:
        raise Refusal("That goal is open.")
    row.state, row.outcome, row.settled_at = GoalState.OPEN, "", None
    row.save(update_fields=["state", "outcome", "settled_at"])
    _record("goal.reopened", row, by=by)
    return row


@transaction.atomic
def drop_goal(goal: Goal, *, by: Actor) -> Goal:
    """It was no goal of theirs."""
    row = _locked(goal, by)
    if row.state == GoalState.DROPPED:
        raise Refusal("That goal was taken back already.")
    row.state, row.settled_at = GoalState.DROPPED, clock.now()
    row.save(update_fields=["state", "settled_at"])
    _record("goal.dropped", row, by=by)
    return row


def _locked(goal: Goal, by: Actor) -> Goal:
    row = Goal.objects.select_for_update().get(pk=goal.pk)
    _refuse_strangers(row.client_id, by)
    return row


def _record(verb: str, row: Goal, *, by: Actor, **data: Any) -> None:
    events.record(verb, by=by, client_id=row.client_id, subject=row, text=row.text, **data)


def _refuse_strangers(client_id: int, by: Actor) -> None:
    if not may_act_for(client_id, by):
        raise NotYours("You are not on that account team.", remedy="Ask their lead to put you on it.")
