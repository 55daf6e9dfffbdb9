"""What the planner needs to know of a client, read in a handful of queries for many at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, cast

from steadyhand.clients.models import (
    AgreedTime,
    Assignment,
    Client,
    Departure,
    Engagement,
    EngagementKind,
    Pause,
    Position,
    Service,
    SpendChange,
    Stage,
)
from steadyhand.core.agency import rates_on
from steadyhand.core.clock import zone_info
from steadyhand.core.models import Agency
from steadyhand.core.recurrence import Cadence
from steadyhand.people.models import Absence, Member, MemberState
from steadyhand.playbook import facts as playbook_facts

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class TeamMate:
    """Somebody on the account team, with the role that decides what falls to them."""

    member_id: int
    role: str
    position: str


@dataclass(frozen=True, slots=True)
class EngagementFacts:
    """One engagement as the playbook sees it, and the days on which nothing is owed."""

    engagement_id: int
    facts: playbook_facts.Facts
    pauses: tuple[tuple[dt.date, dt.date | None], ...]

    @property
    def fingerprint(self) -> tuple[object, ...]:
        """All but the day a promise that depends on “now” is counted from: days pass, plans stay."""
        known = self.facts
        return (
            self.engagement_id,
            self.pauses,
            *(getattr(known, name) for name in known.__slots__ if name != "raised_on"),
        )

    def paused_on(self, day: dt.date) -> bool:
        """Whether the engagement rests on this day."""
        return any(first <= day and (last is None or day <= last) for first, last in self.pauses)


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """Everything one client's plan depends on, apart from playbook, holidays and horizon."""

    client_id: int
    zone: str
    place: tuple[str, str]
    team: tuple[TeamMate, ...]
    engagements: tuple[EngagementFacts, ...]
    monthly_spend: Decimal
    missing_currency: str

    @property
    def fingerprint(self) -> str:
        """The same text for the same facts, whatever process computes it."""
        return repr(
            (
                self.zone,
                self.place,
                self.team,
                self.missing_currency,
                [e.fingerprint for e in self.engagements],
            )
        )


@dataclass(slots=True)
class Surroundings:
    """What is the same for every client of a run: people, absences, rates."""

    as_of: dt.date
    currency: str
    rates: Mapping[str, Decimal]
    roles: dict[int, str]
    places: dict[int, tuple[str, str]]
    absences: dict[int, list[Absence]] = field(default_factory=dict)

    @classmethod
    def load(cls, as_of: dt.date) -> Surroundings:
        """Read them; four queries."""
        agency = Agency.get()
        members = Member.objects.exclude(state=MemberState.LEFT)
        rows = list(members.values_list("pk", "role", "country", "subdivision"))
        absences: dict[int, list[Absence]] = defaultdict(list)
        for absence in Absence.objects.filter(cancelled_at=None, ends_on__gte=as_of):
            absences[absence.member_id].append(absence)
        return cls(
            as_of=as_of,
            currency=agency.currency,
            rates=rates_on(as_of),
            roles={pk: role for pk, role, _, _ in rows},
            places={pk: (country, subdivision) for pk, _, country, subdivision in rows},
            absences=dict(absences),
        )

    def convert(self, amount: Decimal, currency: str) -> Decimal | None:
        """The amount in the agency's currency, to the penny; None without a rate."""
        if currency == self.currency:
            return amount
        rate = self.rates.get(currency)
        return None if rate is None else (amount * rate).quantize(CENT, ROUND_HALF_EVEN)

    def keeper(self, member_id: int, day: dt.date) -> int:
        """Who keeps a member's promise on a day: the cover while they are away."""
        for absence in self.absences.get(member_id, ()):
            if absence.spans(day) and absence.cover_id in self.roles:
                return absence.cover_id
        return member_id


def load_clients(
    client_ids: Iterable[int], around: Surroundings, raised_on: Mapping[int, dt.date | None]
) -> list[ClientFacts]:
    """The facts of these clients, in the order of their ids. Eight queries however many there are."""
    ids = list(client_ids)
    clients = (
        Client.objects.filter(pk__in=ids)
        .order_by("pk")
        .values_list("pk", "zone", "country", "subdivision", "stage", "lift", "propensity")
    )
    engagements = _grouped(
        Engagement.objects.filter(client__in=ids)
        .running(around.as_of)
        .order_by("starts_on", "pk")
        .values_list("client_id", "pk", "kind", "amount", "currency", "starts_on", "ends_on")
    )
    details = _Details.load(ids)
    teams = _grouped(
        Assignment.objects.filter(client__in=ids, until=None)
        .order_by("pk")
        .values_list("client_id", "member_id", "position")
    )
    found = []
    for pk, zone, country, subdivision, stage, lift, propensity in clients:
        team = tuple(
            TeamMate(member_id, around.roles[member_id], position)
            for member_id, position in teams.get(pk, ())
            if member_id in around.roles
        )
        rows = engagements.get(pk, []) if stage == Stage.LIVE else []
        found.append(
            _client_facts(
                pk,
                zone,
                (country, subdivision),
                team,
                [_Row(*row) for row in rows],
                details,
                around,
                lift=lift,
                propensity=propensity,
                raised_on=raised_on.get(pk) or around.as_of,
            )
        )
    return found


@dataclass(slots=True)
class _Row:
    pk: int
    kind: str
    amount: Decimal
    currency: str
    starts_on: dt.date
    ends_on: dt.date | None
    converted: Decimal | None = None
    changed_on: dt.date | None = None
    converted_before: Decimal | None = None


@dataclass(slots=True)
class _Details:
    """Services, pauses, agreed times, departures and the latest change of spend, by engagement."""

    services: dict[int, list[Any]]
    pauses: dict[int, list[Any]]
    agreed: dict[int, list[Any]]
    departures: dict[int, list[Any]]
    changes: dict[int, list[Any]]

    @classmethod
    def load(cls, client_ids: list[int]) -> _Details:
        of_clients = {"engagement__client__in": client_ids}
        return cls(
            services=_grouped(
                Service.objects.filter(**of_clients)
                .order_by("number")
                .values_list("engagement_id", "number", "name", "channel", "website_build")
            ),
            pauses=_grouped(
                Pause.objects.filter(**of_clients)
                .order_by("from_day", "pk")
                .values_list("engagement_id", "from_day", "to_day")
            ),
            agreed=_grouped(
                AgreedTime.objects.filter(**of_clients)
                .order_by("rule")
                .values_list("engagement_id", "rule", "weekday", "day_of_month", "time")
            ),
            departures=_grouped(
                Departure.objects.filter(**of_clients)
                .order_by("rule")
                .values_list("engagement_id", "rule", "cadence", "minutes", "reason")
            ),
            changes=_grouped(
                SpendChange.objects.filter(**of_clients)
                .order_by("at", "pk")
                .values_list("engagement_id", "at", "before", "currency")
            ),
        )


def _grouped(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for key, *rest in rows:
        groups[key].append(tuple(rest))
    return groups


def _client_facts(
    pk: int,
    zone: str,
    place: tuple[str, str],
    team: tuple[TeamMate, ...],
    rows: list[_Row],
    details: _Details,
    around: Surroundings,
    *,
    lift: str,
    propensity: str,
    raised_on: dt.date,
) -> ClientFacts:
    missing = ""
    for row in rows:
        row.converted = around.convert(row.amount, row.currency)
        if row.converted is None:
            missing = row.currency
        if row.pk in details.changes:
            at, before, currency = details.changes[row.pk][-1]
            row.changed_on = at.astimezone(zone_info(zone)).date()
            row.converted_before = around.convert(before, currency)
    retainers = [row for row in rows if row.kind == EngagementKind.RETAINER]
    spend = sum(
        (row.converted or Decimal(0) for row in retainers if row.starts_on <= around.as_of), Decimal(0)
    )
    planned = []
    if not missing:
        has_sponsor = any(mate.position == Position.SPONSOR for mate in team)
        for row in rows:
            alongside = _alongside(row, retainers)
            planned.append(
                EngagementFacts(
                    engagement_id=row.pk,
                    pauses=tuple(details.pauses.get(row.pk, ())),
                    facts=playbook_facts.Facts(
                        kind=cast(playbook_facts.EngagementKind, row.kind),
                        spend=_spend_of(row, alongside),
                        leading=row.kind == EngagementKind.RETAINER and alongside[0] is row,
                        start=row.starts_on,
                        end=row.ends_on,
                        services=tuple(
                            playbook_facts.ServiceFact(*service)
                            for service in details.services.get(row.pk, ())
                        ),
                        tier_spend=spend or _spend_of(row, alongside),
                        has_sponsor=has_sponsor,
                        lift=cast(playbook_facts.LiftReason, lift),
                        propensity=cast(playbook_facts.PropensityName, propensity),
                        departures=tuple(
                            playbook_facts.Departure(
                                rule, Cadence(cadence) if cadence else None, minutes, reason
                            )
                            for rule, cadence, minutes, reason in details.departures.get(row.pk, ())
                        ),
                        agreed=tuple(
                            playbook_facts.Agreed(*agreed) for agreed in details.agreed.get(row.pk, ())
                        ),
                        raised_on=raised_on,
                        **_latest_change(alongside),
                    ),
                )
            )
    return ClientFacts(pk, zone, place, team, tuple(planned), spend, missing)


def _alongside(row: _Row, retainers: list[_Row]) -> list[_Row]:
    """The client's retainers that run at the same time as this one, the earliest first.

    What a client pays a month decides its plan (B2), so retainers that run side by side count
    together and the first of them carries what is owed to the client; one that follows another does not.
    """
    if row.kind != EngagementKind.RETAINER:
        return [row]
    return [
        other
        for other in retainers
        if (other.ends_on is None or other.ends_on >= row.starts_on)
        and (row.ends_on is None or row.ends_on >= other.starts_on)
    ]


def _spend_of(row: _Row, alongside: list[_Row]) -> Decimal:
    return sum((other.converted or Decimal(0) for other in alongside), Decimal(0))


def _latest_change(alongside: list[_Row]) -> dict[str, Any]:
    """When these engagements' spend last changed, and what they came to until then."""
    changed = [row for row in alongside if row.changed_on is not None and row.converted_before is not None]
    if not changed:
        return {}
    last = max(changed, key=lambda row: (row.changed_on, row.pk))
    others = sum((row.converted or Decimal(0) for row in alongside if row is not last), Decimal(0))
    return {"changed_on": last.changed_on, "spend_before": others + (last.converted_before or Decimal(0))}
