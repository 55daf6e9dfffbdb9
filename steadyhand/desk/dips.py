"""Dips across clients, and one dip with everything a person needs to explain it (R2). No tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median

from django.db.models import QuerySet

from steadyhand.clients.models import Assignment, Client, Contact, Position
from steadyhand.commitments.kinds import OWED
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.desk.dips_picture import Picture, picture_of
from steadyhand.desk.event_words import told
from steadyhand.desk.timeline_streams import readable, records
from steadyhand.people.models import Member
from steadyhand.reporting.dips.closing import ABOUT, strictness
from steadyhand.reporting.metrics import wording
from steadyhand.reporting.metrics.definitions import METRICS, Metric, MetricKind
from steadyhand.reporting.metrics.reading import currency_of
from steadyhand.reporting.models import Annotation, Cause, Incident, IncidentState, Shock, Source

MOST, MOST_EVENTS = 100, 12
#: Days before a dip in which what happened may have caused it.
BEFORE = dt.timedelta(days=7)
#: Routine, or told on this page already: none of it makes figures fall.
NO_CAUSE = ("dip.", "annotation.", "source.", "figures.", "feed.", "report.")
ROUTINE = tuple(f"commitment.{past}" for past in ("promised", "moved", "handed_over", "waiting", "reopened"))
#: What costs nothing, whatever was counted.
NO_LOSS = (Cause.TRACKING, Cause.FALSE_ALARM)
#: How a slice is said within a sentence.
WHERE = {"device": "on {}", "channel": "from {}", "country": "in {}", "page": "on {}"}
#: What is measured: the dips of the last so many days.
MEASURED = dt.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Line:
    """A dip in a list: what fell, by how much, since when, and who looks."""

    incident: Incident
    fell: str
    owner: str

    @property
    def title(self) -> str:
        """“Sessions 43% below”."""
        return f"{self.incident.label} {self.fell}"


@dataclass(frozen=True, slots=True)
class Measure:
    """How fast we are, in days at the median, over the dips of a year; None where there are none yet."""

    noticed: float | None
    explained: float | None
    told: float | None
    first: int
    counted: int


@dataclass(slots=True)
class DipsPage:
    """The list: open ones, or those that are closed."""

    lines: list[Line]
    is_open: bool
    is_mine: bool
    more: bool
    measure: Measure
    shocks: list[Shock] = field(default_factory=list)


def dips_page(actor: Actor, member: Member, *, mine: bool, closed: bool) -> DipsPage:
    """Newest first, of clients one sees. Five queries, however many there are."""
    seen = Incident.objects.visible_to(actor)
    rows = (seen.settled() if closed else seen.open()).select_related("client").defer("picture")
    if mine:
        led = Assignment.objects.filter(member=member, position=Position.LEAD, until=None)
        rows = rows.filter(client__in=led.values("client"))
    found = list(rows[: MOST + 1])
    recent = clock.today("UTC") - dt.timedelta(days=14)
    shocks = [] if closed else list(Shock.objects.filter(last_day__gte=recent))
    return DipsPage(_lines(found[:MOST]), not closed, mine, len(found) > MOST, _measure(seen), shocks)


def _lines(incidents: Sequence[Incident]) -> list[Line]:
    promises = Commitment.objects.filter(about_type=ABOUT, about_id__in=[one.pk for one in incidents])
    owners = {
        row.about_id: row.owner.name for row in promises.select_related("owner") if row.owner is not None
    }
    return [Line(one, _fell(one), owners.get(one.pk, "nobody yet")) for one in incidents]


def _fell(incident: Incident) -> str:
    way = "below" if incident.change < 0 else "above"
    return f"{abs(incident.change):.0%} {way} what was to be expected"


def _measure(seen: QuerySet[Incident]) -> Measure:
    counted = seen.filter(noticed_at__gte=clock.now() - MEASURED).exclude(state=IncidentState.CLEARED)
    dates = list(
        counted.values_list(
            "first_day", "noticed_at", "explained_at", "told_at", "told_first", "client__zone"
        )
    )
    noticed = [_days(at - clock.midnight(first, zone)) for first, at, _, _, _, zone in dates]
    explained = [_days(done - at) for _, at, done, _, _, _ in dates if done]
    telling = [_days(done - at) for _, at, _, done, _, _ in dates if done]
    return Measure(
        noticed=median(noticed) if noticed else None,
        explained=median(explained) if explained else None,
        told=median(telling) if telling else None,
        first=sum(first is True for *_, first, _ in dates),
        counted=sum(first is not None for *_, first, _ in dates),
    )


def _days(span: dt.timedelta) -> float:
    return round(span.total_seconds() / 86_400, 1)


@dataclass(frozen=True, slots=True)
class Slice:
    """A slice that bears the loss, in words."""

    name: str
    spoken: str
    metric: str
    expected: str
    observed: str
    share: str


@dataclass(frozen=True, slots=True)
class Happening:
    """Something else that happened in those days."""

    day: dt.date
    text: str
    note: str = ""


@dataclass(slots=True)
class Dip:
    """One dip with all that its page shows."""

    incident: Incident
    client: Client
    fell: str
    unusual: str
    lost: str
    expected: str
    observed: str
    also: list[tuple[str, str]]
    slices: list[Slice]
    happened: list[Happening]
    picture: Picture
    promise: Commitment | None
    contact: Contact | None
    subject: str
    words: str
    taught: str


def dip(pk: int, actor: Actor) -> Dip | None:
    """One dip as far as one may see it. Nine queries."""
    row = Incident.objects.visible_to(actor).select_related("client", "closed_by").filter(pk=pk).first()
    if row is None:
        return None
    currency = currency_of(Source.objects.filter(client=row.client_id))
    promises = Commitment.objects.filter(about_type=ABOUT, about_id=row.pk).select_related("owner")
    contact = row.client.contacts.filter(left_on=None).order_by("-day_to_day", "pk").first()
    slices = [_slice(one, row, currency) for one in row.drivers]
    subject, words = drafted(row, contact, slices)
    return Dip(
        incident=row,
        client=row.client,
        fell=_fell(row),
        unusual=how_unusual(row.p),
        lost=_said(row.definition, row.lost, currency) if row.lost and row.cause not in NO_LOSS else "",
        expected=_said(row.definition, row.expected, currency),
        observed=_said(row.definition, row.observed, currency),
        also=[_beside(one) for one in row.also],
        slices=slices,
        happened=_happened(row, actor),
        picture=picture_of(row),
        promise=next((one for one in promises if one.state in OWED), None),
        contact=contact,
        subject=subject,
        words=words,
        taught=_taught(row, strictness(row.client_id).get(f"{row.client_id}:{row.metric}", 1.0)),
    )


def _taught(row: Incident, factor: float) -> str:
    """What answers so far have changed about this figure of this client; empty where nothing."""
    if abs(factor - 1) < 0.01:
        return ""
    way = "stronger" if factor > 1 else "weaker"
    so = "must be" if factor > 1 else "may be"
    return (
        f"Learned from answers: before {row.label.lower()} of {row.client.name} wakes anybody again, the "
        f"evidence {so} {abs(factor - 1):.0%} {way}. No other figure is touched by that."
    )


def how_unusual(p: float) -> str:
    """What a p means to somebody who has twenty figures: how often chance alone does as much."""
    years = 1 / (max(p, 1e-9) * 365)
    if years > 100:
        return "A series like this one falls as far by chance less than once in a hundred years."
    if years >= 2:
        return f"A series like this one falls as far by chance about once in {years:.0f} years."
    return f"A series like this one falls as far by chance about {max(1 / years, 1):.0f} times a year."


def _said(metric: Metric | None, amount: float, currency: str) -> str:
    if metric is None:
        return f"{amount:,.0f}"
    return wording.value(metric, Decimal(str(amount)), currency)


def _beside(one: dict[str, object]) -> tuple[str, str]:
    metric = METRICS.get(str(one["metric"]))
    expected, observed = float(str(one["expected"])), float(str(one["observed"]))
    change = observed / expected - 1 if expected else 0.0
    way = "below" if change < 0 else "above"
    return metric.label if metric else str(one["metric"]), f"{abs(change):.0%} {way}"


def _slice(one: dict[str, object], row: Incident, currency: str) -> Slice:
    where = one["where"]
    metric = METRICS.get(str(one.get("metric", row.metric)))
    pairs = [(str(dim), str(value)) for dim, value in where] if isinstance(where, list) else []
    return Slice(
        name=" and ".join(f"{dim}: {value}" for dim, value in pairs),
        spoken=" ".join(WHERE.get(dim, f"where the {dim} is {{}}").format(value) for dim, value in pairs),
        metric=metric.label if metric else row.label,
        expected=_said(metric, float(str(one["expected"])), currency),
        observed=_said(metric, float(str(one["observed"])), currency),
        share=f"{float(str(one['share'])):.0%}",
    )


def _happened(row: Incident, actor: Actor) -> list[Happening]:
    """What was noted beside the figures since the week before, then what was done with the client by then."""
    first = row.first_day - BEFORE
    last = row.last_day or clock.today(row.client.zone)
    notes = Annotation.objects.standing().filter(client=row.client_id, day__range=(first, last))
    found = [Happening(note.day, note.text, note.get_kind_display()) for note in notes]
    zone = row.client.zone
    span = (clock.midnight(first, zone), clock.midnight(row.first_day + dt.timedelta(days=2), zone))
    acts = readable(records(row.client_id), actor).filter(at__range=span).exclude(verb__in=ROUTINE)
    for noun in NO_CAUSE:
        acts = acts.exclude(verb__startswith=noun)
    for event in acts[:MOST_EVENTS]:
        lead, text, _ = told(event)
        day = event.at.astimezone(clock.zone_info(zone)).date()
        found.append(Happening(day, f"{lead}: {text}" if text else lead))
    return found


def drafted(row: Incident, contact: Contact | None, slices: Sequence[Slice]) -> tuple[str, str]:
    """Subject and words to the client: what we saw, since when, where, what comes next. To be written on."""
    name = contact.name.split()[0] if contact else ""
    label, since = row.label.lower(), f"{row.first_day.day} {row.first_day:%B}"
    way = "lower" if row.change < 0 else "higher"
    seen = f"Since {since} your {label} have been {abs(row.change):.0%} {way} than is usual for these days."
    if row.definition and row.definition.kind is not MetricKind.COUNT:
        seen = (
            f"Since {since} your {label} has been {abs(row.change):.0%} {way} than is usual for these days."
        )
    if row.last_day:
        seen += f" It was back to normal after {row.last_day.day} {row.last_day:%B}."
    parts = [f"Hello {name}," if name else "Hello,", seen]
    if slices:
        parts.append(f"Most of it is {slices[0].spoken}.")
    if row.explanation:
        parts.append(row.explanation)
    elif row.tracking_suspected:
        parts.append(
            "It looks as if counting stopped rather than your customers: we are checking the tags on your "
            "site first. Did anything change there that day?"
        )
    else:
        parts.append(
            "We noticed it ourselves and are finding out why. Did anything change on your side that day: the "
            "site, prices, a campaign?"
        )
    if row.closed_at is None:
        parts.append("I will come back to you with what we find.")
    return f"Your {label} since {since}", "\n\n".join(parts)
