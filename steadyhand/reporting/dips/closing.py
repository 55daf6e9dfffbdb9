"""What people do about a dip: say what it was, tell the client; and what their answers teach.

An answer moves the thresholds of that client's view of that metric only, and for two years.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import OWED, State
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.rights import refuse_strangers
from steadyhand.people.models import Member
from steadyhand.reporting.models.incident import Cause, Incident, IncidentState

#: What a promise to look at a dip names as what it serves.
ABOUT = "reporting.incident"
#: By how much an answer raises or lowers what a score must reach, and the bounds of that.
LESSONS = {
    Cause.REAL: 0.95,
    Cause.SEASON: 1.2,
    Cause.KNOWN: 1.05,
    Cause.ELSEWHERE: 1.1,
    Cause.FALSE_ALARM: 1.25,
}
GENTLEST, STRICTEST = 0.85, 2.0
REMEMBERED = dt.timedelta(days=730)


@transaction.atomic
def settle(
    incident: Incident, cause: Cause, explanation: str, *, by: Actor, member: Member | None = None
) -> Incident:
    """Say what it was. That keeps the promise to look, and teaches what to expect of this client."""
    row = _locked(incident, by)
    if not row.is_open:
        raise Refusal("That dip is closed already.", remedy="Open it again first.")
    if not explanation.strip():
        raise Refusal(
            "Say in a sentence what it was.", remedy="The client will ask the same.", field="explanation"
        )
    row.state, row.cause, row.explanation = IncidentState.SETTLED, cause, explanation.strip()[:1000]
    row.explained_at = row.closed_at = clock.now()
    row.closed_by = member
    row.save(update_fields=["state", "cause", "explanation", "explained_at", "closed_at", "closed_by"])
    for promise in _promises(row).filter(state__in=OWED):
        keeping.complete(promise, by=by, evidence=(ABOUT, row.pk))
    _record("dip.settled", row, by, cause=row.get_cause_display(), explanation=row.explanation)
    return row


@transaction.atomic
def reopen(incident: Incident, *, by: Actor) -> Incident:
    """It is not explained after all."""
    row = _locked(incident, by)
    if row.is_open:
        raise Refusal("That dip is open.")
    if Incident.objects.open().filter(client=row.client_id, metric=row.metric).exists():
        raise Refusal(
            f"Another dip in {row.label.lower()} is open for {row.client.name}.", remedy="Look at that one."
        )
    row.state, row.cause, row.explanation = IncidentState.OPEN, "", ""
    row.explained_at = row.closed_at = row.closed_by = None
    row.save(update_fields=["state", "cause", "explanation", "explained_at", "closed_at", "closed_by"])
    for promise in _promises(row):
        if promise.state in (State.DONE, State.DONE_LATE):
            keeping.reopen(promise, by=by)
        elif promise.state == State.WAIVED:
            keeping.unwaive(promise, by=by)
    _record("dip.reopened", row, by)
    return row


@transaction.atomic
def note_told(incident: Incident, *, by: Actor, first: bool) -> Incident:
    """The client was told; `first`: by us, before they asked."""
    row = _locked(incident, by)
    if row.told_at is not None:
        raise Refusal("It is written down that they were told.")
    row.told_at, row.told_first = clock.now(), first
    row.save(update_fields=["told_at", "told_first"])
    _record("dip.told", row, by, first=first)
    return row


@transaction.atomic
def untell(incident: Incident, *, by: Actor) -> Incident:
    """They were not told after all."""
    row = _locked(incident, by)
    if row.told_at is None:
        raise Refusal("Nobody wrote down that they were told.")
    row.told_at = row.told_first = None
    row.save(update_fields=["told_at", "told_first"])
    _record("dip.untold", row, by)
    return row


@transaction.atomic
def clear(incident: Incident, *, by: Actor) -> Incident:
    """Later or revised figures show no dip: it closes by itself, and nobody needs to look any more."""
    row = _locked(incident, by)
    row.state, row.closed_at = IncidentState.CLEARED, clock.now()
    row.save(update_fields=["state", "closed_at"])
    for promise in _promises(row).filter(state__in=OWED):
        keeping.waive(promise, by=by, reason="Later figures show no dip.")
    _record("dip.cleared", row, by)
    return row


def merge(husk_id: int, client_id: int) -> None:
    """A client's dips go to the client it turned out to be; one that is open there already is cleared."""
    taken = Incident.objects.open().filter(client=client_id).values_list("metric", flat=True)
    twice = Incident.objects.open().filter(client=husk_id, metric__in=list(taken))
    twice.update(state=IncidentState.CLEARED, closed_at=clock.now())
    Incident.objects.filter(client=husk_id).update(client=client_id)


def strictness(client_id: int | None = None) -> dict[str, float]:
    """What answers have taught, by “<client>:<metric>”: the factor on the evidence a dip must show.

    Of every client, or of one.
    """
    factors: dict[str, float] = defaultdict(lambda: 1.0)
    since = clock.now() - REMEMBERED
    told = Incident.objects.filter(state=IncidentState.SETTLED, closed_at__gte=since).order_by("pk")
    if client_id is not None:
        told = told.filter(client=client_id)
    for client, metric, cause in told.values_list("client_id", "metric", "cause"):
        factors[f"{client}:{metric}"] *= LESSONS.get(Cause(cause), 1.0)
    return {key: min(max(factor, GENTLEST), STRICTEST) for key, factor in factors.items()}


def _locked(incident: Incident, by: Actor) -> Incident:
    row = Incident.objects.select_for_update(of=("self",)).select_related("client").get(pk=incident.pk)
    refuse_strangers(row.client_id, by)
    return row


def _promises(row: Incident) -> QuerySet[Commitment]:
    return Commitment.objects.filter(about_type=ABOUT, about_id=row.pk)


def _record(verb: str, row: Incident, by: Actor, **data: Any) -> None:
    events.record(verb, by=by, client_id=row.client_id, subject=row, metric=row.label, **data)
