"""What people do with a prompt: say it in a call, put it off, dismiss it with a reason (R8).

Making it an opportunity is growth's act (`growth/from_insights.py`).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from steadyhand.comms.models import Call
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.rights import refuse_strangers
from steadyhand.reporting.models import Insight, InsightState

#: Days for which its rule says nothing more to that client.
QUIET_ONCE_SAID, QUIET_ONCE_DISMISSED, QUIET_ONCE_TAKEN = 90, 180, 180


@transaction.atomic
def plan_insight(insight: Insight, *, by: Actor) -> Insight:
    """Say it on the next call: it stands on that call's page."""
    row = locked(insight, by)
    if row.state not in (InsightState.OPEN, InsightState.PASSED):
        raise Refusal(f"That prompt is {row.get_state_display()}.", remedy="Take that back first.")
    row.state = InsightState.PLANNED
    row.save(update_fields=["state"])
    _record("insight.planned", row, by)
    return row


@transaction.atomic
def unplan_insight(insight: Insight, *, by: Actor) -> Insight:
    """Not on the next call after all."""
    row = locked(insight, by)
    if row.state != InsightState.PLANNED:
        raise Refusal("That prompt is not planned for a call.")
    row.state = InsightState.OPEN
    row.save(update_fields=["state"])
    _record("insight.unplanned", row, by)
    return row


@transaction.atomic
def use_insight(insight: Insight, call: Call, *, by: Actor) -> Insight:
    """It was said in this call. Its rule is then quiet for that client for ninety days."""
    row = locked(insight, by)
    if call.client_id != row.client_id:
        raise Refusal("That call is with another client.", remedy="Choose a prompt of this client.")
    if not row.is_standing:
        raise Refusal(f"That prompt is {row.get_state_display()} already.", remedy="Take that back first.")
    row.call = call
    _settle(row, InsightState.USED, QUIET_ONCE_SAID)
    _record("insight.used", row, by, call=call.pk)
    return row


@transaction.atomic
def dismiss_insight(insight: Insight, reason: str, *, by: Actor) -> Insight:
    """Not worth saying, and why. Its rule is then quiet for that client for half a year."""
    row = locked(insight, by)
    if not row.is_standing:
        raise Refusal(f"That prompt is {row.get_state_display()} already.", remedy="Take that back first.")
    if not reason.strip():
        raise Refusal(
            "Say why it is not worth saying.",
            remedy="A few words: the next one to look wonders.",
            field="reason",
        )
    row.reason = reason.strip()[:300]
    _settle(row, InsightState.DISMISSED, QUIET_ONCE_DISMISSED)
    _record("insight.dismissed", row, by, reason=row.reason)
    return row


@transaction.atomic
def reopen_insight(insight: Insight, *, by: Actor) -> Insight:
    """It was not said, or not to be dismissed, after all: it may be said again."""
    row = locked(insight, by)
    if row.state not in (InsightState.USED, InsightState.DISMISSED):
        raise Refusal("There is nothing to take back.")
    open_again(row)
    _record("insight.reopened", row, by)
    return row


def take(insight: Insight, *, by: Actor) -> Insight:
    """Part of making it an opportunity, which is the act that is recorded."""
    row = locked(insight, by)
    if row.state in (InsightState.TAKEN, InsightState.DISMISSED):
        raise Refusal(f"That prompt is {row.get_state_display()} already.", remedy="Take that back first.")
    _settle(row, InsightState.TAKEN, QUIET_ONCE_TAKEN)
    return row


def open_again(row: Insight) -> None:
    """As if nobody had settled it; part of taking back what settled it."""
    row.state, row.call, row.reason = InsightState.OPEN, None, ""
    row.quiet_until = row.settled_at = None
    row.save(update_fields=["state", "call", "reason", "quiet_until", "settled_at"])


def locked(insight: Insight, by: Actor) -> Insight:
    """The row, held for this act; refused to strangers."""
    row = Insight.objects.select_for_update(of=("self",)).select_related("client").get(pk=insight.pk)
    refuse_strangers(row.client_id, by)
    return row


def _settle(row: Insight, state: InsightState, quiet_days: int) -> None:
    row.state, row.settled_at = state, clock.now()
    row.quiet_until = clock.today(row.client.zone) + dt.timedelta(days=quiet_days)
    row.save(update_fields=["state", "settled_at", "quiet_until", "call", "reason"])


def _record(verb: str, row: Insight, by: Actor, **data: Any) -> None:
    events.record(verb, by=by, client_id=row.client_id, subject=row, text=row.question, **data)
