"""What the API tells of clients: few queries, plain rows, built for being asked often.

Everything starts from what the actor may see; a page is found by key, never by offset. Amounts of money
are text, moments are UTC.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import DateField, DecimalField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from steadyhand.clients.models import (
    AgreedTime,
    Assignment,
    Client,
    Contact,
    Departure,
    Engagement,
    Position,
    Service,
    Stage,
)
from steadyhand.commitments.drafting import owner_of
from steadyhand.commitments.facts import load_clients
from steadyhand.commitments.ground import Ground
from steadyhand.commitments.models import ClientPlan
from steadyhand.comms.models import Interaction
from steadyhand.core.actor import Actor
from steadyhand.core.models import Audience, Event
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability
from steadyhand.playbook.evaluation import promises

Data = dict[str, Any]

CLIENT_COLUMNS = (
    "pk",
    "ref",
    "name",
    "domain",
    "stage",
    "industry",
    "country",
    "zone",
    "since",
    "plan__tier",
    "plan__monthly_spend",
    "plan__state",
)

#: Stands in the stream as the interaction itself.
SHOWN_OTHERWISE = "interaction.logged"

LAST_DAY = dt.date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Order:
    """How clients may be sorted: a column without gaps, and which end comes first."""

    column: Any
    descends: bool = False
    read: Callable[[Any], Any] = str


ORDERS: dict[str, Order] = {
    "name": Order(F("name")),
    "-name": Order(F("name"), descends=True),
    "tier": Order(Coalesce("plan__tier", Value(999), output_field=IntegerField()), read=int),
    "-spend": Order(
        Coalesce("plan__monthly_spend", Value(Decimal(0)), output_field=DecimalField()),
        descends=True,
        read=Decimal,
    ),
    "since": Order(Coalesce("since", Value(LAST_DAY), output_field=DateField()), read=dt.date.fromisoformat),
}


def clients(
    actor: Actor,
    *,
    q: str = "",
    lead: str = "",
    tier: int | None = None,
    stage: str = "live",
    sort: str = "name",
    after: str = "",
    limit: int = 25,
) -> Data:
    """A page of clients, with the key of the next one (None at the end). Two queries."""
    if sort not in ORDERS:
        raise Refusal(
            f"Clients are not sorted by “{sort}”.", remedy=f"Use one of {', '.join(ORDERS)}.", field="sort"
        )
    found = Client.objects.visible_to(actor)
    found = found.listed() if stage == "all" else found.filter(stage=_stage(stage))
    if q:
        found = found.filter(Q(name__icontains=q) | Q(domain__icontains=q))
    if tier is not None:
        found = found.filter(plan__tier=tier)
    if lead:
        led = Assignment.objects.filter(client=OuterRef("pk"), position=Position.LEAD, until=None)
        found = found.filter(Exists(led.filter(member__email=lead.strip().lower())))
    order = ORDERS[sort]
    column = "name" if sort in ("name", "-name") else "place"
    if column == "place":
        found = found.annotate(place=order.column)
    if after:
        found = found.filter(_beyond(column, order, *_read_key(after, order)))
    sign = "-" if order.descends else ""
    rows = list(
        found.order_by(f"{sign}{column}", f"{sign}pk").values_list(*CLIENT_COLUMNS, column)[: limit + 1]
    )
    page = rows[:limit]
    leads = _leads([row[0] for row in page])
    last = page[-1] if len(rows) > limit else None
    return {
        "items": [_client(row, leads.get(row[0])) for row in page],
        "next": _write_key(last[-1], last[0]) if last is not None else None,
    }


def client(actor: Actor, ref: str) -> Data | None:
    """One client in full; None where there is none the actor sees. Four queries."""
    more = ("phone", "website", "business", "goals", "ended_on", "plan__until", "plan__version__number")
    row = Client.objects.visible_to(actor).filter(ref=ref).values_list(*CLIENT_COLUMNS, *more).first()
    if row is None or row[4] == Stage.MERGED:
        return None
    pk = row[0]
    team = (
        Assignment.objects.filter(client=pk, until=None)
        .order_by("position", "pk")
        .values_list("position", "member__name", "member__email", "since")
    )
    members = [
        {"position": position, "name": name, "email": email, "since": since}
        for position, name, email, since in team
    ]
    lead = next((str(mate["email"]) for mate in members if mate["position"] == Position.LEAD), None)
    phone, website, business, goals, ended_on, until, version = row[len(CLIENT_COLUMNS) :]
    return _client(row, lead) | {
        "phone": phone,
        "website": website,
        "business": business,
        "goals": goals,
        "ended_on": ended_on,
        "planned_until": until,
        "playbook_version": version,
        "team": members,
        "contacts": contacts(pk),
        "engagements": engagements(pk),
    }


def contacts(client_id: int) -> list[Data]:
    """The people at a client, whom we speak with daily first."""
    columns = ("pk", "name", "email", "phone", "job_title", "day_to_day", "decides", "left_on")
    found = Contact.objects.filter(client=client_id).values_list(*columns)[:200]
    names = ("id", *columns[1:])
    return [dict(zip(names, row, strict=True)) for row in found]


def engagements(client_id: int) -> list[Data]:
    """What a client has bought. Two queries."""
    columns = ("pk", "ref", "kind", "title", "amount", "currency", "starts_on", "ends_on")
    rows = list(Engagement.objects.filter(client=client_id).values_list(*columns))
    services: dict[int, list[Data]] = {}
    of = Service.objects.filter(engagement__client=client_id).order_by("engagement_id", "number")
    for engagement_id, name, channel in of.values_list("engagement_id", "name", "channel"):
        services.setdefault(engagement_id, []).append({"name": name, "channel": channel})
    return [
        dict(zip(columns[1:], row[1:], strict=True)) | {"services": services.get(row[0], [])} for row in rows
    ]


def find(actor: Actor, ref: str) -> int | None:
    """The id of a client the actor sees; of a merged one, the client it became."""
    row = _named(actor, ref).values_list("pk", "merged_into").first()
    return None if row is None else row[1] or row[0]


def _named(actor: Actor, ref: str) -> QuerySet[Client]:
    return Client.objects.visible_to(actor).filter(ref=ref).order_by()


def timeline(actor: Actor, ref: str, *, after: str = "", limit: int = 50) -> Data | None:
    """What happened with a client and what was said, newest first. Three queries, however long it is."""
    husks = Exists(Client.objects.filter(merged_into=OuterRef("pk")))
    known = _named(actor, ref).annotate(husks=husks).values_list("pk", "merged_into", "husks").first()
    if known is None:
        return None
    client_id, became, has_husks = known
    ids = _records(became or client_id) if became or has_husks else [client_id]
    place = _read_place(after) if after else None
    happened = _older(_events(actor, ids), place, "e").order_by("-at", "-id")
    said = _older(Interaction.objects.filter(client=ids[0]), place, "i").order_by("-at", "-id")
    rows: list[tuple[dt.datetime, str, int, Data]] = [
        (at, "e", pk, {"id": f"e{pk}", "at": at, "kind": "event", "verb": verb, "by": by, "data": data})
        for pk, at, verb, by, data in happened.values_list("pk", "at", "verb", "actor_name", "data")[
            : limit + 1
        ]
    ]
    columns = ("channel", "direction", "summary", "body", "outcome", "minutes")
    for pk, at, contact, member, *rest in said.values_list(
        "pk", "at", "contact__name", "member__name", *columns
    )[: limit + 1]:
        told = {"id": f"i{pk}", "at": at, "kind": "interaction", "by": member, "contact": contact}
        rows.append((at, "i", pk, told | dict(zip(columns, rest, strict=True))))
    rows.sort(key=lambda row: row[:3], reverse=True)
    page = rows[:limit]
    following = f"{page[-1][0].isoformat()}~{page[-1][1]}{page[-1][2]}" if len(rows) > limit else None
    return {"items": [row[3] for row in page], "next": following}


def plan(actor: Actor, client_id: int) -> Data:
    """What the playbook asks for a client, what was agreed, and where they depart from it."""
    state = (
        ClientPlan.objects.filter(client=client_id)
        .values("state", "tier", "monthly_spend", "missing_currency", "until", "version__number")
        .first()
    )
    of_client = {"engagement__client": client_id}
    agreed = AgreedTime.objects.filter(**of_client).order_by("engagement__ref", "rule")
    departures = Departure.objects.filter(**of_client).order_by("engagement__ref", "rule")
    return {
        "state": state["state"] if state else "new",
        "tier": state["tier"] if state else None,
        "monthly_spend": state["monthly_spend"] if state else None,
        "missing_currency": (state["missing_currency"] if state else "") or None,
        "planned_until": state["until"] if state else None,
        "playbook_version": state["version__number"] if state else None,
        "promises": _promises(client_id),
        "agreed_times": [
            {"engagement": ref, "rule": rule, "weekday": weekday, "day_of_month": number, "time": time}
            for ref, rule, weekday, number, time in agreed.values_list(
                "engagement__ref", "rule", "weekday", "day_of_month", "time"
            )
        ],
        "departures": [
            {"engagement": ref, "rule": rule, "cadence": cadence, "minutes": minutes, "reason": reason}
            for ref, rule, cadence, minutes, reason in departures.values_list(
                "engagement__ref", "rule", "cadence", "minutes", "reason"
            )
        ],
    }


def _promises(client_id: int) -> list[Data]:
    ground = Ground.survey()
    if ground is None:
        return []
    found = load_clients([client_id], ground.around, {})
    refs = dict(Engagement.objects.filter(client=client_id).values_list("pk", "ref"))
    emails = dict(Member.objects.filter(assignments__client=client_id).values_list("pk", "email"))
    return [
        {
            "engagement": refs.get(engagement.engagement_id),
            "rule": promise.rule,
            "kind": str(promise.kind),
            "title": promise.title,
            "cadence": str(promise.cadence),
            "minutes": promise.minutes,
            "owner": emails.get(owner_of(promise.responsibility, facts.team, ground.policy) or 0),
            "internal": promise.internal,
            "because": promise.because,
        }
        for facts in found
        for engagement in facts.engagements
        for promise in promises(ground.policy, engagement.facts)
    ]


def _stage(stage: str) -> Stage:
    if stage not in (Stage.LIVE, Stage.ENDED):
        raise Refusal(f"There is no stage “{stage}”.", remedy="Use live, ended or all.", field="stage")
    return Stage(stage)


def _client(row: tuple[Any, ...], lead: str | None) -> Data:
    (_, ref, name, domain, stage, industry, country, zone, since, tier, spend, state) = row[:12]
    return {
        "ref": ref,
        "name": name,
        "domain": domain,
        "stage": stage,
        "industry": industry,
        "country": country,
        "zone": zone,
        "since": since,
        "tier": tier,
        "monthly_spend": spend,
        "plan": state,
        "lead": lead,
    }


def _leads(ids: Iterable[int]) -> dict[int, str]:
    led = Assignment.objects.filter(client__in=list(ids), position=Position.LEAD, until=None)
    return dict(led.values_list("client_id", "member__email"))


def _beyond(column: str, order: Order, value: Any, pk: int) -> Q:
    """After the row with this value and id; the first half lets an index find the place."""
    further, reach = ("lt", "lte") if order.descends else ("gt", "gte")
    return Q(**{f"{column}__{reach}": value}) & (
        Q(**{f"{column}__{further}": value}) | Q(**{column: value, f"pk__{further}": pk})
    )


def _write_key(value: Any, pk: int) -> str:
    text = value.isoformat() if isinstance(value, dt.date) else str(value)
    return base64.urlsafe_b64encode(json.dumps([text, pk]).encode()).decode().rstrip("=")


def _read_key(key: str, order: Order) -> tuple[Any, int]:
    try:
        text, pk = json.loads(base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)))
        return order.read(text), int(pk)
    except (ValueError, TypeError, ArithmeticError) as error:
        raise unknown_key() from error


def unknown_key() -> Refusal:
    """The sentence for a place in a list that nobody was given here."""
    return Refusal(
        "“after” is not a key of this list.",
        remedy="Send what “next” said, with the same sort.",
        field="after",
    )


def _records(client_id: int) -> list[int]:
    """A client, and the records merged into it: their events keep the id they happened to."""
    ids, last = [client_id], [client_id]
    while last := list(Client.objects.filter(merged_into__in=last).values_list("pk", flat=True)):
        ids += last
    return ids


def _events(actor: Actor, ids: list[int]) -> QuerySet[Event]:
    # One id alone is compared, not listed: then the index gives the newest without sorting.
    of_client = {"client_id": ids[0]} if len(ids) == 1 else {"client_id__in": ids}
    found = Event.objects.filter(**of_client)
    hidden = [
        audience
        for audience, capability in (
            (Audience.FINANCE, Capability.SEE_FINANCE),
            (Audience.PEOPLE, Capability.SEE_PEOPLE_DATA),
        )
        if not actor.may(capability)
    ]
    found = found.exclude(verb=SHOWN_OTHERWISE)
    return found.exclude(audience__in=hidden) if hidden else found


def _older(rows: QuerySet[Any], place: tuple[dt.datetime, str, int] | None, stream: str) -> QuerySet[Any]:
    """After a place in the merged order: time, then stream, then id, all descending."""
    if place is None:
        return rows
    at, of, pk = place
    same = Q(at=at, id__lt=pk) if stream == of else Q(at=at) if stream < of else Q(pk__in=[])
    return rows.filter(Q(at__lte=at) & (Q(at__lt=at) | same))


def _read_place(key: str) -> tuple[dt.datetime, str, int]:
    moment, _, place = key.replace(" ", "+").partition("~")
    try:
        at, pk = dt.datetime.fromisoformat(moment), int(place[1:])
    except ValueError as error:
        raise unknown_key() from error
    if at.tzinfo is None or place[:1] not in {"e", "i"}:
        raise unknown_key()
    return at, place[0], pk
