"""How far the agency has taken its playbook on: each step, what the data shows, where it is done (B15).

A step ticks itself where the data shows that it is done; else somebody ticks it by hand. For most steps the
data shows a part at the most: then it says so, and the hand decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from steadyhand.clients.models import Assignment, Client, Position
from steadyhand.comms.meetings.agenda import ALL_HANDS, PLANNING, WASH_UP, WEEKLY
from steadyhand.comms.models import Meeting, Series
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.delivery.models import Strategy
from steadyhand.newbusiness.models import Consultation
from steadyhand.onboarding.models import Handover
from steadyhand.playbook.content import AdoptionStep
from steadyhand.playbook.models import AdoptionTick, Version

#: The all-hands has begun once it was held so often on one day of the week (B15, step 15).
HELD_ENOUGH = 2

NAMES = {WEEKLY: "weekly client-services meeting", PLANNING: "monthly planning", WASH_UP: "wash-up"}


@dataclass(frozen=True, slots=True)
class Place:
    """The page on which a step is done."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What the data says of a step; `done` only where it leaves nothing open."""

    words: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class Data:
    """What the steps are judged by, read once: counts of live clients, and the days of meetings held.

    `consulted` are pitches on which client services had its say, `kicked_off` handovers that reached the
    client's kickoff, `signed_off` strategies a client agreed to.
    """

    version: Version
    clients: int
    led: int
    sponsored: int
    tiered: int
    led_by: dict[str, str]
    held: dict[str, list[dt.date]]
    consulted: int
    under_way: int
    kicked_off: int
    signed_off: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step as the page shows it. `after` are the titles of steps that come first and are still open."""

    entry: AdoptionStep
    place: Place | None
    shown: Shown | None
    tick: AdoptionTick | None
    after: tuple[str, ...] = ()

    @property
    def by_itself(self) -> bool:
        """Whether the data shows that it is done, and no earlier step is open."""
        return self.shown is not None and self.shown.done and not self.after

    @property
    def done(self) -> bool:
        """By itself, or by hand."""
        return self.by_itself or self.tick is not None


@dataclass(frozen=True, slots=True)
class Adoption:
    """Every step of the playbook in force."""

    title: str
    steps: list[Step]

    @property
    def done(self) -> int:
        """How many are."""
        return sum(step.done for step in self.steps)

    @property
    def open(self) -> list[Step]:
        """Those still to do."""
        return [step for step in self.steps if not step.done]


def adoption(actor: Actor) -> Adoption | None:
    """The steps with what is known of each; None where no playbook is in force. Eight queries."""
    version = Version.live()
    if version is None:
        return None
    data = _read(version, actor)
    ticks = {tick.step_key: tick for tick in AdoptionTick.objects.visible_to(actor).standing()}
    steps: dict[str, Step] = {}
    for entry in _earlier_first(version.policy.content.adoption_steps):
        read = READS.get(entry.key)
        steps[entry.key] = Step(
            entry,
            PLACES.get(entry.key),
            read(data) if read else None,
            ticks.get(entry.key),
            tuple(steps[key].entry.title for key in entry.after if key in steps and not steps[key].done),
        )
    in_order = sorted(steps.values(), key=lambda step: step.entry.number)
    return Adoption(version.policy.title, in_order)


def _earlier_first(steps: tuple[AdoptionStep, ...]) -> list[AdoptionStep]:
    """Each step after those it waits for; where steps wait for each other, as they stand."""
    known: dict[str, AdoptionStep] = {}
    waiting = list(steps)
    while waiting:
        ready = [step for step in waiting if all(key in known for key in step.after)] or waiting
        known |= {step.key: step for step in ready}
        waiting = [step for step in waiting if step.key not in known]
    return list(known.values())


def _read(version: Version, actor: Actor) -> Data:
    places = Assignment.objects.filter(client=OuterRef("pk"), until=None)
    counted = (
        Client.objects.visible_to(actor)
        .live()
        .aggregate(
            clients=Count("pk"),
            led=Count("pk", filter=Exists(places.filter(position=Position.LEAD))),
            sponsored=Count("pk", filter=Exists(places.filter(position=Position.SPONSOR))),
            tiered=Count("plan__tier"),
        )
    )
    running = Series.objects.visible_to(actor).running().select_related("led_by")
    led_by = {row.agenda_key: row.led_by.name if row.led_by else "" for row in running}
    meetings = Meeting.objects.visible_to(actor).filter(
        agenda_key__in=[*NAMES, ALL_HANDS], closed_at__isnull=False
    )
    held: dict[str, list[dt.date]] = {}
    for key, starts_at, zone in meetings.values_list("agenda_key", "starts_at", "zone"):
        held.setdefault(key, []).append(starts_at.astimezone(clock.zone_info(zone)).date())
    handovers = Handover.objects.visible_to(actor)
    passed = handovers.aggregate(
        under_way=Count("pk", filter=Q(closed_at=None)),
        kicked_off=Count("pk", filter=Q(client_kickoff__closed_at__isnull=False)),
    )
    return Data(
        version=version,
        led_by=led_by,
        held=held,
        consulted=Consultation.objects.visible_to(actor).exclude(said="").count(),
        signed_off=Strategy.objects.visible_to(actor).filter(versions__sign_off__isnull=False).count(),
        **counted,
        **passed,
    )


def _of_clients(count: int, data: Data, what: str) -> str:
    noun = "client" if data.clients == 1 else "clients"
    return f"{count:,} of {data.clients:,} live {noun} {what}"


def _reporting_matrix(data: Data) -> Shown:
    since = data.version.published_at.date()
    return Shown(f"{data.version} is in force since {since.day} {since:%b %Y}.", done=True)


def _pricing(data: Data) -> Shown:
    lines = len(data.version.policy.new_business.client_services)
    if not lines:
        return Shown("The playbook in force has no such matrix.")
    return Shown(f"The playbook in force prices it, in {_counted(lines, 'line')}.", done=True)


def _pitching(data: Data) -> Shown:
    if not data.version.policy.new_business.pitch_questions:
        return Shown("The playbook in force asks no questions before a pitch.")
    said = f"Client services had its say on {_counted(data.consulted, 'pitch', 'pitches')}."
    return Shown(said, done=data.consulted > 0)


def _onboarding(data: Data) -> Shown:
    going = f"{_counted(data.under_way, 'handover')} under way"
    return Shown(f"{going}; {data.kicked_off} reached the client's kickoff.", done=data.kicked_off > 0)


def _planning(data: Data) -> Shown:
    if PLANNING not in data.led_by:
        return Shown("Monthly planning is not in the calendar yet.")
    led = data.led_by[PLANNING]
    said = f"Monthly planning is in the calendar, {f'led by {led}' if led else 'with no leader yet'}"
    signed = _counted(data.signed_off, "strategy is", "strategies are")
    return Shown(f"{said}; {signed} signed off.", done=bool(led and data.signed_off))


def _counted(count: int, noun: str, plural: str = "") -> str:
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def _sponsors(data: Data) -> Shown:
    return Shown(
        f"{_of_clients(data.sponsored, data, 'have an executive sponsor')}.",
        done=data.sponsored * 2 > data.clients,
    )


def _meetings(data: Data) -> Shown:
    unset = [name for key, name in NAMES.items() if key not in data.led_by]
    unheld = [name for key, name in NAMES.items() if key in data.led_by and not data.held.get(key)]
    if not unset and not unheld:
        return Shown("All three are in the calendar, and the first of each has been held.", done=True)
    said = []
    if unset:
        said.append(f"Not set up: {', '.join(unset)}.")
    if unheld:
        said.append(f"Not held yet: {', '.join(unheld)}.")
    return Shown(" ".join(said))


def _all_hands(data: Data) -> Shown:
    days = data.held.get(ALL_HANDS, [])
    if not days:
        return Shown("It has not been held yet.")
    most = max(sum(one.weekday() == day.weekday() for one in days) for day in days)
    times = "once" if len(days) == 1 else f"{len(days)} times"
    return Shown(f"Held {times}.", done=most >= HELD_ENOUGH)


def _leads(data: Data) -> Shown:
    return Shown(
        f"{_of_clients(data.led, data, 'have an accountable lead')}.",
        done=0 < data.clients == data.led,
    )


def _tiers(data: Data) -> Shown:
    return Shown(
        f"{_of_clients(data.tiered, data, 'have a tier')}; each tier has its leading role.",
        done=0 < data.clients == data.tiered,
    )


#: What the data shows, by the key of the step.
READS: dict[str, Callable[[Data], Shown]] = {
    "pricing-matrix": _pricing,
    "pitch-process": _pitching,
    "onboarding": _onboarding,
    "reporting-matrix": _reporting_matrix,
    "planning-process": _planning,
    "sponsors": _sponsors,
    "meeting-framework": _meetings,
    "structure-in-force": _leads,
    "all-hands": _all_hands,
    "client-tiers": _tiers,
}

#: Where each step is done. Steps without a place are done outside, and ticked by hand.
PLACES: dict[str, Place] = {
    "pricing-matrix": Place("Pitching and pricing", "/playbook/new-business/"),
    "pitch-process": Place("New business", "/leads/"),
    "onboarding": Place("Handovers", "/handovers/"),
    "reporting-matrix": Place("Reporting matrix", "/playbook/rhythm/"),
    "activity-dashboards": Place("Who gets a dashboard", "/playbook/rhythm/"),
    "planning-process": Place("The team's meetings", "/meetings/series/"),
    "entertainment-calendar": Place("Entertainment budgets", "/playbook/allowances/"),
    "sponsors": Place("Clients", "/clients/"),
    "meeting-framework": Place("The team's meetings", "/meetings/series/"),
    "people-plan": Place("People", "/team/people/"),
    "structure-in-force": Place("Clients without a lead", "/clients/?lead=none"),
    "all-hands": Place("All-hands", "/team/all-hands/"),
    "structure-shared": Place("Roles", "/team/roles/"),
    "client-tiers": Place("Tiers", "/playbook/tiers/"),
}
