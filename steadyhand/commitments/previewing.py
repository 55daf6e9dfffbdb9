"""What publishing a changed playbook would do to the book, before it is published (B1).

Nothing is written. The book is read a few hundred clients at a time and only the sums are kept, with
the first clients of each kind of change by name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from steadyhand.clients.models import Client, Stage
from steadyhand.commitments.drafting import owner_of
from steadyhand.commitments.facts import ClientFacts, load_clients
from steadyhand.commitments.ground import Ground
from steadyhand.commitments.models import ClientPlan
from steadyhand.core.actor import Actor
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from steadyhand.playbook.evaluation import promises
from steadyhand.playbook.policy import Policy, tier_of
from steadyhand.playbook.promises import Promise, dated, minutes_a_month
from steadyhand.playbook.rules import RULES

STEP = 500
#: So many clients of each change are named; the rest are counted.
NAMED = 50
WEEKS_A_MONTH = 365.2425 / 12 / 7


class Cell(NamedTuple):
    """What one rule gives a client: how often, how long each. None where it gives nothing."""

    often: str
    minutes: int


@dataclass(slots=True)
class Change:
    """One kind of change (“calls: fortnightly → weekly”) and whom it touches."""

    rule: str
    label: str
    before: str
    after: str
    count: int = 0
    clients: list[tuple[str, str]] = field(default_factory=list)

    @property
    def gains(self) -> bool:
        """Whether clients get more of it than before."""
        return not self.before or (bool(self.after) and _weight(self.after) > _weight(self.before))


@dataclass(slots=True)
class Load:
    """Hours a month before and after."""

    before: float = 0.0
    after: float = 0.0

    @property
    def change(self) -> float:
        """Hours a month more (or fewer)."""
        return self.after - self.before


@dataclass(slots=True)
class PersonLoad(Load):
    """One person's hours a week on promises, and how many they have for accounts."""

    member_id: int = 0
    name: str = ""
    capacity: float = 0.0

    @property
    def over_by(self) -> float:
        """Hours a week above capacity after the change; 0 when it fits."""
        return max(self.after - self.capacity, 0.0)


@dataclass(slots=True)
class Preview:
    """The effect of a changed playbook on the whole book."""

    clients: int = 0
    clients_changed: int = 0
    appear: int = 0
    go: int = 0
    changes: list[Change] = field(default_factory=list)
    tiers: Counter[tuple[int, int]] = field(default_factory=Counter)
    roles: dict[str, Load] = field(default_factory=dict)
    pushed_over: list[PersonLoad] = field(default_factory=list)


def preview(
    policy: Policy, *, visible_to: Actor | None = None, progress: Callable[[int, int], None] | None = None
) -> Preview:
    """Compare the live playbook with `policy` for every client that is looked after.

    `visible_to` limits which clients are named, never what is counted.
    """
    ground = Ground.survey()
    result = Preview()
    if ground is None:
        return result
    tally = _Tally(replace(ground, policy=policy), ground, result)
    ids = list(Client.objects.filter(stage=Stage.LIVE).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), STEP):
        step = ids[start : start + STEP]
        raised = dict(ClientPlan.objects.filter(client__in=step).values_list("client_id", "raised_on"))
        for facts in load_clients(step, ground.around, raised):
            tally.add(facts)
        if progress is not None:
            progress(min(start + STEP, len(ids)), len(ids))
    tally.finish(visible_to)
    return result


class _Tally:
    """The running sums."""

    def __init__(self, new: Ground, old: Ground, result: Preview) -> None:
        self.new, self.old, self.result = new, old, result
        self.changes: dict[tuple[str, str, str], tuple[Change, list[int]]] = {}
        self.minutes: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])

    def add(self, facts: ClientFacts) -> None:
        """One client under both playbooks."""
        self.result.clients += 1
        before, after = self._promises(facts, self.old), self._promises(facts, self.new)
        self._weigh(facts, before, self.old.policy, 0)
        self._weigh(facts, after, self.new.policy, 1)
        self._tier(facts)
        cells_before, cells_after = _cells(before), _cells(after)
        if cells_before == cells_after and _timing(before) == _timing(after):
            return
        self.result.clients_changed += 1
        for rule in sorted(cells_before.keys() | cells_after.keys()):
            was, becomes = cells_before.get(rule), cells_after.get(rule)
            if was != becomes:
                self._change(facts.client_id, rule, was, becomes)
        was_due, becomes_due = self._due(facts, before), self._due(facts, after)
        self.result.appear += len(becomes_due - was_due)
        self.result.go += len(was_due - becomes_due)

    def _promises(self, facts: ClientFacts, ground: Ground) -> list[tuple[int, Promise]]:
        return [
            (engagement.engagement_id, promise)
            for engagement in facts.engagements
            for promise in promises(ground.policy, engagement.facts)
        ]

    def _weigh(self, facts: ClientFacts, owed: list[tuple[int, Promise]], policy: Policy, side: int) -> None:
        owners: dict[str, int | None] = {}
        for _, promise in owed:
            duty = promise.responsibility
            if duty not in owners:
                owners[duty] = owner_of(duty, facts.team, policy)
            owner_id = owners[duty]
            if owner_id is not None:
                self.minutes[owner_id][side] += minutes_a_month(promise)

    def _tier(self, facts: ClientFacts) -> None:
        worth = max((e.facts.tier_spend for e in facts.engagements), default=None)
        if worth is not None:
            was, becomes = tier_of(self.old.policy, worth).number, tier_of(self.new.policy, worth).number
            if was != becomes:
                self.result.tiers[was, becomes] += 1

    def _change(self, client_id: int, rule: str, was: Cell | None, becomes: Cell | None) -> None:
        words = _words(was), _words(becomes)
        change, named = self.changes.setdefault((rule, *words), (Change(rule, RULES[rule].noun, *words), []))
        change.count += 1
        if len(named) < NAMED:
            named.append(client_id)

    def _due(self, facts: ClientFacts, owed: list[tuple[int, Promise]]) -> set[tuple[int, str, str, int]]:
        window = (self.old.as_of, self.old.until)
        days = self.old.calendar.days(facts.place)
        return {
            (engagement_id, promise.rule, occurrence.period_key, promise.slot)
            for engagement_id, promise in owed
            for occurrence in dated(promise, window=window, days=days)
        }

    def finish(self, visible_to: Actor | None) -> None:
        """Put names to the numbers."""
        named_ids = {pk for _, ids in self.changes.values() for pk in ids}
        clients = Client.objects.filter(pk__in=named_ids)
        if visible_to is not None:
            clients = clients.visible_to(visible_to)
        names = {pk: (ref, name) for pk, ref, name in clients.values_list("pk", "ref", "name")}
        for change, ids in self.changes.values():
            change.clients = sorted((names[pk] for pk in ids if pk in names), key=lambda pair: pair[1])
        self.result.changes = sorted(
            (change for change, _ in self.changes.values()), key=lambda c: (-c.count, c.rule)
        )
        for member in Member.objects.filter(pk__in=self.minutes):
            self._person(member)
        self.result.pushed_over.sort(key=lambda person: -person.over_by)

    def _person(self, member: Member) -> None:
        before, after = (minutes / 60 for minutes in self.minutes[member.pk])
        role = self.result.roles.setdefault(Role(member.role).label, Load())
        role.before += before
        role.after += after
        share = self.new.policy.role_shares.get(member.role)  # type: ignore[call-overload]
        hours = float(member.weekly_hours) * (share.accounts / 100 if share else 1.0)
        load = PersonLoad(
            before=before / WEEKS_A_MONTH,
            after=after / WEEKS_A_MONTH,
            member_id=member.pk,
            name=member.name,
            capacity=hours,
        )
        if load.over_by and load.after > load.before:
            self.result.pushed_over.append(load)


def _cells(owed: list[tuple[int, Promise]]) -> dict[str, Cell]:
    return {promise.rule: Cell(promise.cadence.words, promise.minutes) for _, promise in owed}


def _timing(owed: list[tuple[int, Promise]]) -> list[tuple[object, ...]]:
    """Everything of a promise that decides when it is due."""
    return [(e, p.rule, p.slot, p.cadence, p.preference, p.bounds, p.anchor) for e, p in owed]


def _words(cell: Cell | None) -> str:
    if cell is None:
        return ""
    return f"{cell.often}, {cell.minutes} min" if cell.minutes else cell.often


#: How much of a thing a cadence is, to tell a gain from a loss.
_ORDER = ("once", "yearly", "half-yearly", "quarterly", "monthly", "fortnightly", "weekly")


def _weight(words: str) -> tuple[int, int]:
    often, _, rest = words.partition(", ")
    minutes = int(rest.split()[0]) if rest else 0
    return (_ORDER.index(often) if often in _ORDER else 0, minutes)


def lines(result: Preview) -> Iterator[str]:
    """The preview in sentences, for a terminal."""
    yield f"{result.clients_changed} of {result.clients} clients change."
    for change in result.changes:
        clients = "1 client" if change.count == 1 else f"{change.count:,} clients"
        yield f"{clients}: {change.label}: {change.before or 'none'} → {change.after or 'none'}"
    for role, load in sorted(result.roles.items()):
        yield f"{role}: {load.change:+.1f} h a month (from {load.before:.1f} to {load.after:.1f})"
    for person in result.pushed_over:
        yield f"{person.name} goes over capacity by {person.over_by:.1f} h a week."
    yield f"{result.appear} promises appear in the horizon; {result.go} go."
