"""Handovers under way, and what one of them looks like: read-only, from the rows of the rooms below (W5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from steadyhand.clients.models import Assignment, Client
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.delivery.models import Timeline
from steadyhand.desk.client_page import account_team
from steadyhand.onboarding.escalation import Rung, escalation_path
from steadyhand.onboarding.handover import Lap, Path, paths_of
from steadyhand.onboarding.kickoffs import actions_of
from steadyhand.onboarding.loads import Load, loads_of
from steadyhand.onboarding.models import Goal, Handover, PitchPromise, SuccessWords

#: Rows of a list, and days back over which laps are measured.
PAGE, MEASURED = 50, 120


@dataclass(frozen=True, slots=True)
class Measured:
    """The middle one of a lap over the handovers of the last months: as many took longer as shorter."""

    title: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class HandoverList:
    """Those under way (or closed), who is late first; and how long laps take."""

    paths: list[Path]
    more: bool
    laps: list[Measured]


def handover_list(actor: Actor, *, closed: bool = False) -> HandoverList:
    """What somebody may see of them. A fixed number of queries, however many."""
    seen = Handover.objects.visible_to(actor)
    rows = seen.filter(closed_at__isnull=not closed).preloaded()
    found = paths_of(rows[: PAGE + 1])
    paths = found[:PAGE]
    if not closed:
        paths.sort(key=lambda path: (-len(path.late), path.handover.won_at))
    return HandoverList(paths, len(found) > PAGE, measured(found))


def measured(paths: Sequence[Path]) -> list[Measured]:
    """The middle of each lap that was finished lately."""
    now = clock.now()
    finished: dict[str, list[Lap]] = {}
    for path in paths:
        for lap in path.laps:
            if lap.until is not None and (now - lap.until).days <= MEASURED:
                finished.setdefault(lap.title, []).append(lap)
    return [Measured(title, _middle(laps), len(laps)) for title, laps in finished.items()]


def _middle(laps: list[Lap]) -> str:
    hours = median(lap.hours for lap in laps)
    nearest = min(laps, key=lambda lap: abs(lap.hours - hours))
    return nearest.words


@dataclass(frozen=True, slots=True)
class KickoffPage:
    """Both kickoffs of a handover: what our own people hear first, then what the client tells us."""

    handover: Handover
    promises: list[PitchPromise]
    timelines: list[Timeline]
    team: list[tuple[Assignment, Load]]
    success: list[SuccessWords]
    goals: list[Goal]
    escalation: list[Rung]
    letter_pk: int | None


def kickoff_page(handover: Handover) -> KickoffPage:
    """Of a preloaded handover. A fixed number of queries."""
    client = handover.client
    places = account_team(client)
    loads = loads_of(place.member for place in places)
    letter = actions_of(handover)
    return KickoffPage(
        handover=handover,
        promises=list(PitchPromise.objects.standing().filter(handover=handover)),
        timelines=list(
            Timeline.objects.filter(client=client, dropped_at=None).select_related(
                "service", "given_by", "asked_of"
            )
        ),
        team=[(place, loads[place.member_id]) for place in places],
        success=success_of(client),
        goals=list(Goal.objects.standing().filter(client=client)),
        escalation=escalation_path(client),
        letter_pk=letter.pk if letter is not None else None,
    )


def success_of(client: Client) -> list[SuccessWords]:
    """What they said success is, the latest first."""
    return list(SuccessWords.objects.standing().filter(client=client).select_related("contact"))
