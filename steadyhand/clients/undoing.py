"""Taking back what was done to a client: every act names its batch, and a batch can be undone as a whole.

Each undo is itself a verb of the same kind and leaves its own event; nothing that changed since is touched.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models, transaction

from steadyhand.clients import book, engagements, plans, team
from steadyhand.clients.models import Client, Contact, Engagement
from steadyhand.core.actor import Actor
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal


@transaction.atomic
def undo(client: Client, batch: UUID, *, by: Actor) -> int:
    """Take back every act of a batch on this client; how many. Refuses what was changed again since."""
    acts = list(Event.objects.filter(batch=batch, client_id=client.pk, actor_id=by.id).order_by("-id"))
    undone = 0
    if any(act.verb == "client.team_changed" for act in acts):
        undone += team.take_back(batch, by=by)
    for act in acts:
        take_back = UNDOES.get(act.verb)
        if take_back is not None:
            take_back(act, by)
            undone += 1
    if not undone:
        raise Refusal("There is nothing left to take back.", remedy="Look at the timeline for what happened.")
    return undone


def _earlier(row: models.Model, act: Event) -> dict[str, Any]:
    """The values before the act, as the row's fields hold them; refuses where they changed again."""
    values: dict[str, Any] = {}
    for name, (before, after) in act.data["changed"].items():
        if str(getattr(row, name)) != after:
            raise Refusal(
                f"“{name.replace('_', ' ')}” was changed again since.", remedy="Change it by hand instead."
            )
        field = row._meta.get_field(name)
        assert isinstance(field, models.Field)  # noqa: S101
        values[name] = field.to_python(None if before == "None" else before)
    return values


def _client(act: Event, by: Actor) -> None:
    client = Client.objects.get(pk=act.client_id or 0)
    book.change_client(client, by=by, **_earlier(client, act))


def _contact(act: Event, by: Actor) -> None:
    contact = Contact.objects.get(pk=act.subject_id or 0)
    book.change_contact(contact, by=by, **_earlier(contact, act))


def _engagement(act: Event, by: Actor) -> None:
    engagement = _of(act)
    values = {"ends_on": engagement.ends_on} | _earlier(engagement, act)
    engagements.change_engagement(engagement, by=by, **values)


def _spend(act: Event, by: Actor) -> None:
    engagement = _of(act)
    if engagement.amount != Decimal(act.data["after"]):
        raise Refusal("The spend was changed again since.", remedy="Change it by hand instead.")
    engagements.change_spend(
        engagement,
        Decimal(act.data["before"]),
        by=by,
        currency=act.data["before_currency"],
        reason="Taken back",
    )


def _end(act: Event, by: Actor) -> None:
    engagement = _of(act)
    engagements.change_engagement(engagement, by=by, ends_on=_day(act.data["before"]))


def _pause(act: Event, by: Actor) -> None:
    from_day = dt.date.fromisoformat(act.data["from_day"])
    engagement = _of(act)
    if not engagement.pauses.filter(from_day=from_day).exists():
        raise Refusal("It is not paused any more.")
    engagements.resume_engagement(engagement, on=from_day, by=by)


def _resume(act: Event, by: Actor) -> None:
    before = act.data["before"]
    from_day, on = _day(before["from_day"]), _day(act.data["on"])
    assert from_day is not None and on is not None  # noqa: S101
    engagement = _of(act)
    engagements.pause_engagement(
        engagement, from_day=max(from_day, on), to_day=_day(before["to_day"]), by=by, reason=before["reason"]
    )


def _time(act: Event, by: Actor) -> None:
    before = act.data["before"] or {}
    time = before.get("time")
    plans.agree_time(
        _of(act),
        act.data["rule"],
        by=by,
        weekday=before.get("weekday"),
        day_of_month=before.get("day_of_month"),
        time=dt.time.fromisoformat(time) if time else None,
    )


def _departure(act: Event, by: Actor) -> None:
    engagement = _of(act)
    before = act.data["before"]
    if before:
        plans.depart(engagement, act.data["rule"], by=by, **before)
    else:
        plans.return_to_playbook(engagement, act.data["rule"], by=by)


def _of(act: Event) -> Engagement:
    return Engagement.objects.select_related("client").get(pk=act.subject_id or 0)


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


UNDOES: dict[str, Callable[[Event, Actor], None]] = {
    "client.changed": _client,
    "contact.changed": _contact,
    "engagement.changed": _engagement,
    "engagement.spend_changed": _spend,
    "engagement.ended": _end,
    "engagement.paused": _pause,
    "engagement.resumed": _resume,
    "plan.time_agreed": _time,
    "plan.departed": _departure,
    "plan.returned": _departure,
}
