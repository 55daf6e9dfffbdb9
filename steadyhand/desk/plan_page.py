"""A client's communication plan in its six parts, read from the playbook for what the client buys (S1)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from steadyhand.clients.models import AgreedTime, Client, Departure, Engagement
from steadyhand.commitments.drafting import owner_of
from steadyhand.commitments.facts import ClientFacts, EngagementFacts, load_clients
from steadyhand.commitments.ground import Ground
from steadyhand.commitments.kinds import TIMED, State
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock
from steadyhand.core.recurrence import Cadence
from steadyhand.people.models import Member
from steadyhand.playbook.evaluation import agency_promises, promises
from steadyhand.playbook.policy import allowance_minutes, entertainment_budget
from steadyhand.playbook.promises import Promise
from steadyhand.playbook.rules import DEPARTABLE, RULES

NEXT_DATES = 3
MOST_PLANNED = 200


class Part(StrEnum):
    """The parts of a plan, in the order they are read; the first four a client reads too."""

    START = "start"
    REPORTING = "reporting"
    CALLS = "calls"
    FEEDBACK = "feedback"
    ENTERTAINMENT = "entertainment"
    SURPRISE = "surprise"
    UPSELL = "upsell"


LABELS = {
    Part.START: "Getting started",
    Part.REPORTING: "Reporting",
    Part.CALLS: "Calls and meetings",
    Part.FEEDBACK: "Feedback",
    Part.ENTERTAINMENT: "Entertainment",
    Part.SURPRISE: "Surprise and delight",
    Part.UPSELL: "Upsell and cross-sell",
}
INTERNAL = frozenset({Part.ENTERTAINMENT, Part.SURPRISE, Part.UPSELL})
PART_OF = {
    "service-setup": Part.START,
    "first-month-meeting": Part.START,
    "project-setup": Part.START,
    "opening-call": Part.START,
    "plan-agreement": Part.START,
    "report": Part.REPORTING,
    "dashboard": Part.REPORTING,
    "paid-search-report": Part.REPORTING,
    "closing-report": Part.REPORTING,
    "call": Part.CALLS,
    "project-call": Part.CALLS,
    "review": Part.CALLS,
    "survey": Part.FEEDBACK,
    "sponsor-call": Part.FEEDBACK,
    "entertainment": Part.ENTERTAINMENT,
    "surprise-vote": Part.SURPRISE,
    "upsell-review": Part.UPSELL,
}
NOTHING = {
    Part.START: "Everything has started.",
    Part.REPORTING: "No reports are planned.",
    Part.CALLS: "No calls are planned.",
    Part.FEEDBACK: "Nobody asks how happy they are yet.",
    Part.ENTERTAINMENT: "No entertainment is planned.",
    Part.SURPRISE: "There is no pot for surprises.",
    Part.UPSELL: "Nobody looks for upsell and cross-sell.",
}
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


@dataclass(slots=True)
class Line:
    """One rule of one engagement: what, how often, by whom, why, when next, and what may be changed."""

    rule: str
    title: str
    part: Part
    engagement: Engagement | None = None
    cadence: str = ""
    minutes: int = 0
    owner_id: int | None = None
    owner: Member | None = None
    because: str = ""
    internal: bool = False
    next: list[Commitment] = field(default_factory=list)
    agreed: AgreedTime | None = None
    departure: Departure | None = None
    has_time: bool = False
    has_weekday: bool = False
    has_day_of_month: bool = False
    is_gone: bool = False

    @property
    def may_depart(self) -> bool:
        return self.engagement is not None and self.rule in DEPARTABLE

    @property
    def may_repeat(self) -> bool:
        return not RULES[self.rule].once

    @property
    def often(self) -> str:
        """How often, where the title does not say it already."""
        return "" if self.title.lower().startswith(self.cadence) else self.cadence.capitalize()

    @property
    def anchor(self) -> str:
        """Its name within the page."""
        return f"{self.rule}-{self.engagement.pk}" if self.engagement else self.rule

    @property
    def when_words(self) -> str:
        """“Tuesdays at 10:00”, as agreed; empty until something is."""
        if self.agreed is None:
            return ""
        day = ""
        if self.agreed.weekday is not None:
            day = f"{WEEKDAYS[self.agreed.weekday]}s"
        elif self.agreed.day_of_month is not None:
            day = f"day {self.agreed.day_of_month} of the month"
        time = f"at {self.agreed.time:%H:%M}" if self.agreed.time else ""
        return " ".join(part for part in (day, time) if part)


@dataclass(slots=True)
class Section:
    """One part of the plan."""

    part: Part
    lines: list[Line]
    note: str = ""

    @property
    def label(self) -> str:
        return LABELS[self.part]

    @property
    def internal(self) -> bool:
        return self.part in INTERNAL

    @property
    def nothing(self) -> str:
        return NOTHING[self.part]


@dataclass(slots=True)
class PlanPage:
    """The plan of a client. `missing` is what a plan may still name; `bespoke` what waits to be agreed."""

    client: Client
    sections: list[Section]
    planned: list[Commitment]
    until: dt.date | None
    version_number: int | None
    revision: int
    needs_rate: str = ""
    engagements: list[Engagement] = field(default_factory=list)
    bespoke: Engagement | None = None
    addable: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    allowance: int = 0
    due_to_agree: Commitment | None = None

    @property
    def line_count(self) -> int:
        return sum(len(section.lines) for section in self.sections)

    def line(self, engagement_id: int, rule: str) -> Line | None:
        """One line of it."""
        for section in self.sections:
            for line in section.lines:
                if line.engagement and line.engagement.pk == engagement_id and line.rule == rule:
                    return line
        return None


def plan_page(client: Client, *, for_client: bool = False) -> PlanPage:
    """The plan as it is now. `for_client` leaves out everything internal. A fixed number of queries."""
    today = clock.today(client.zone)
    ground = Ground.survey()
    page = PlanPage(client, [], [], None, None, client.plan_revision)
    if ground is None:
        return page
    raised = client.plan.raised_on if hasattr(client, "plan") else None
    facts = load_clients([client.pk], ground.around, {client.pk: raised})[0]
    page.needs_rate = facts.missing_currency
    page.version_number = ground.version.number
    page.until = ground.until
    page.allowance = allowance_minutes(ground.policy, facts.monthly_spend)
    known = {
        e.pk: e
        for e in client.engagements.running(today).prefetch_related("agreed_times", "departures", "services")
    }
    page.engagements = list(known.values())
    rows = Commitment.objects.filter(client=client, state=State.OPEN, due_on__gte=today)
    rows = rows.for_client_eyes() if for_client else rows
    page.planned = list(rows.select_related("owner").order_by("due_at", "pk")[:MOST_PLANNED])
    lines = [
        line
        for each in facts.engagements
        if each.engagement_id in known
        for line in _lines(each, known[each.engagement_id], facts, ground, page)
    ]
    _give_owners_and_dates(lines, page.planned)
    if not for_client:
        lines += _surprises(ground)
    sparse = for_client or page.bespoke is not None
    page.sections = _sections(lines, facts, ground, client, for_client=for_client, sparse=sparse)
    return page


def _lines(
    each: EngagementFacts, engagement: Engagement, facts: ClientFacts, ground: Ground, page: PlanPage
) -> list[Line]:
    agreed = {a.rule: a for a in engagement.agreed_times.all()}
    departures = {d.rule: d for d in engagement.departures.all()}
    lines: dict[str, Line] = {}
    for promise in promises(ground.policy, each.facts):
        if promise.rule == "plan-agreement":
            page.bespoke = engagement
        if promise.rule in lines or _is_over(promise, ground.as_of):
            continue
        line = _line(promise, engagement)
        line.agreed, line.departure = agreed.get(promise.rule), departures.get(promise.rule)
        line.owner_id = owner_of(promise.responsibility, facts.team, ground.policy)
        lines[promise.rule] = line
    for rule, departure in departures.items():
        if not departure.cadence and rule in RULES:
            lines[rule] = Line(
                rule=rule,
                title=RULES[rule].noun.capitalize(),
                part=PART_OF[rule],
                engagement=engagement,
                departure=departure,
                internal=RULES[rule].internal,
                is_gone=True,
            )
    page.addable[engagement.pk] = [
        (key, RULES[key].noun.capitalize())
        for key in DEPARTABLE
        if key not in lines and key not in {"service-setup", "first-month-meeting"}
    ]
    return list(lines.values())


def _is_over(promise: Promise, today: dt.date) -> bool:
    """Whether something done once lies so far back that the plan need not name it any more."""
    last = promise.bounds[1] or promise.bounds[0] + dt.timedelta(days=90)
    return promise.cadence is Cadence.ONCE and promise.anchor is None and last < today


def _line(promise: Promise, engagement: Engagement) -> Line:
    in_weeks = promise.cadence in (Cadence.WEEKLY, Cadence.FORTNIGHTLY)
    named = promise.period != "once"
    repeats = promise.cadence is not Cadence.ONCE
    return Line(
        rule=promise.rule,
        title=RULES[promise.rule].noun.capitalize() if named else promise.title,
        part=PART_OF[promise.rule],
        engagement=engagement,
        cadence="once" if not repeats and not named else ("weekly" if named else promise.cadence.words),
        minutes=promise.minutes,
        because=promise.because,
        internal=promise.internal,
        has_time=str(promise.kind) in TIMED,
        has_weekday=repeats or named,
        has_day_of_month=repeats and not in_weeks,
    )


def _give_owners_and_dates(lines: list[Line], planned: list[Commitment]) -> None:
    """The next dates from the ledger, which knows of moves, and the owners by name: one query."""
    for promise in planned:
        for line in lines:
            same = line.engagement is not None and promise.engagement_id == line.engagement.pk
            if same and promise.rule == line.rule and len(line.next) < NEXT_DATES:
                line.next.append(promise)
    members = Member.objects.in_bulk({line.owner_id for line in lines if line.owner_id is not None})
    for line in lines:
        line.owner = members.get(line.owner_id or 0)


def _surprises(ground: Ground) -> list[Line]:
    return [
        Line(
            rule=promise.rule,
            title=promise.title,
            part=Part.SURPRISE,
            cadence=promise.cadence.words,
            minutes=promise.minutes,
            because=promise.because,
            internal=True,
        )
        for promise in agency_promises(ground.policy)
    ]


def _sections(
    lines: list[Line],
    facts: ClientFacts,
    ground: Ground,
    client: Client,
    *,
    for_client: bool,
    sparse: bool,
) -> list[Section]:
    """The parts that hold something; all of them unless `sparse`."""
    notes = {}
    pot = entertainment_budget(ground.policy, facts.monthly_spend, client.propensity)
    if facts.monthly_spend and not pot.amount:
        notes[Part.ENTERTAINMENT] = f"No budget: {pot.reason}"
    sections = []
    for part in Part:
        if for_client and part in INTERNAL:
            continue
        of_part = [line for line in lines if line.part == part]
        if for_client:
            of_part = [line for line in of_part if not (line.internal or line.is_gone)]
        if of_part or (part is not Part.START and not sparse):
            sections.append(Section(part, of_part, notes.get(part, "")))
    return sections
