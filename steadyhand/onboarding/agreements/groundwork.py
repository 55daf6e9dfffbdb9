"""No engagement starts without a written brief, objective and plan on file (O3).

Those without are listed, and chased: whoever leads the client is promised to put the papers on file by the
day the work begins.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from steadyhand.clients.models import Engagement, Position, Stage
from steadyhand.clients.models.engagement import EngagementQuerySet
from steadyhand.commitments import keeping
from steadyhand.commitments.calendars import working_days
from steadyhand.commitments.kinds import OWED
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.core.refusals import Refusal
from steadyhand.onboarding.models import Groundwork, GroundworkKind, GroundworkWaiver

ABOUT = "clients.engagement"
CHASER = Actor.system("groundwork")

#: Engagements that begin within so many days are looked at, and those that began so many days ago.
AHEAD = dt.timedelta(days=30)
BEHIND = dt.timedelta(days=14)
LONGEST = 20_000


@transaction.atomic
def file_groundwork(engagement: Engagement, kind: str, text: str, *, by: Actor) -> Groundwork:
    """Put the brief, objective or plan of an engagement on file; it takes the place of an earlier one."""
    engagement = Engagement.objects.select_for_update(of=("self",)).get(pk=engagement.pk)
    if kind not in GroundworkKind.values:
        raise Refusal(f"“{kind}” is no such paper.", remedy="It is a brief, objective or plan.", field="kind")
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise Refusal("Write it down, in at most 20,000 characters.", field="text")
    at = clock.now()
    engagement.groundwork.filter(kind=kind, until=None).update(until=at)
    made = Groundwork.objects.create(engagement=engagement, kind=kind, text=text, by_name=by.name, at=at)
    if not missing(engagement):
        for row in _chased([engagement.pk]):
            keeping.complete(row, by=CHASER, note="Brief, objective and plan are on file.")
    events.record(
        "groundwork.filed",
        by=by,
        client_id=engagement.client_id,
        subject=engagement,
        title=engagement.title,
        kind=kind,
    )
    return made


@transaction.atomic
def waive_groundwork(engagement: Engagement, *, by: Actor, reason: str) -> GroundworkWaiver:
    """Let the engagement start without, for a reason that stays readable."""
    engagement = Engagement.objects.select_for_update(of=("self",)).get(pk=engagement.pk)
    if not reason.strip():
        raise Refusal("Say why it may start without.", remedy="The head reads it.", field="reason")
    if not missing(engagement):
        raise Refusal(f"{engagement.title} has its brief, objective and plan on file.")
    if engagement.groundwork_waivers.filter(until=None).exists():
        raise Refusal(f"{engagement.title} may start without already.")
    made = GroundworkWaiver.objects.create(
        engagement=engagement, reason=reason.strip()[:500], by_name=by.name, at=clock.now()
    )
    for row in _chased([engagement.pk]):
        keeping.unpromise(row, by=CHASER)
    events.record(
        "groundwork.waived",
        by=by,
        client_id=engagement.client_id,
        subject=engagement,
        title=engagement.title,
        reason=made.reason,
    )
    return made


@transaction.atomic
def unwaive_groundwork(engagement: Engagement, *, by: Actor) -> None:
    """It may not start without, after all."""
    ended = engagement.groundwork_waivers.filter(until=None).update(until=clock.now())
    if not ended:
        raise Refusal(f"{engagement.title} was not let off.")
    events.record(
        "groundwork.unwaived",
        by=by,
        client_id=engagement.client_id,
        subject=engagement,
        title=engagement.title,
    )


def missing(engagement: Engagement) -> list[GroundworkKind]:
    """What is not on file yet, in order."""
    return missing_of([engagement.pk])[engagement.pk]


def missing_of(engagements: Iterable[int]) -> dict[int, list[GroundworkKind]]:
    """The same for many. One query."""
    filed = defaultdict(set)
    numbers = list(engagements)
    for pk, kind in (
        Groundwork.objects.standing().filter(engagement__in=numbers).values_list("engagement", "kind")
    ):
        filed[pk].add(kind)
    return {pk: [kind for kind in GroundworkKind if kind not in filed[pk]] for pk in numbers}


def refuse_without_groundwork(engagement: Engagement) -> None:
    """Refuse to go on with an engagement that may not start yet."""
    lacking = missing(engagement)
    if lacking and not engagement.groundwork_waivers.filter(until=None).exists():
        named = " and ".join(filter(None, [", ".join(lacking[:-1]), lacking[-1]]))
        raise Refusal(
            f"{engagement.title} has no written {named} on file, and no engagement starts without.",
            remedy="Put it on file, or say why it may start without.",
        )


def without_groundwork(day: dt.date) -> EngagementQuerySet:
    """Engagements that begin soon or have just begun, whose papers are not all there and not waived."""
    filed = Count("groundwork", filter=Q(groundwork__until=None))
    waived = GroundworkWaiver.objects.standing().filter(engagement=OuterRef("pk"))
    return (
        Engagement.objects.running(day)
        .filter(~Exists(waived), starts_on__range=(day - BEHIND, day + AHEAD))
        .filter(client__stage__in=[Stage.LIVE, Stage.PROSPECT])
        .annotate(filed=filed)
        .filter(filed__lt=len(GroundworkKind))
        .select_related("client")
        .order_by("starts_on", "pk")
    )


def chase_groundwork() -> int:
    """Promise the papers of every engagement that lacks them, once each; how many were promised."""
    agency = Agency.current()
    if agency is None:
        return 0
    found = list(without_groundwork(clock.today(agency.zone))[:200])
    chased = {row.about_id for row in _chased([one.pk for one in found])}
    made = 0
    for engagement in found:
        if engagement.pk not in chased:
            made += _chase(engagement)
    return made


@transaction.atomic
def _chase(engagement: Engagement) -> int:
    Engagement.objects.select_for_update(of=("self",)).get(pk=engagement.pk)
    if _chased([engagement.pk]):
        return 0
    client = engagement.client
    lead = client.team.filter(until=None, position=Position.LEAD).select_related("member").first()
    today = clock.today(client.zone)
    due = max(engagement.starts_on, today)
    days = working_days(client)
    keeping.promise(
        client,
        f"Put brief, objective and plan of {engagement.title} on file",
        by=CHASER,
        owner=lead.member if lead else None,
        due_on=due if days.is_working(due) else days.next_working(due),
        internal=True,
        about=(ABOUT, engagement.pk),
    )
    return 1


def _chased(engagements: list[int]) -> list[Commitment]:
    return list(
        Commitment.objects.filter(about_type=ABOUT, about_id__in=engagements, state__in=OWED).select_related(
            "client"
        )
    )
