"""What the API tells of clients: few queries, plain rows, built for being asked often.

Everything starts from what the actor may see; a page is found by key, never by offset. Amounts of money
are text, moments are UTC.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import (
    DateField,
    DecimalField,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Coalesce

from steadyhand.clients.models import (
    AgreedTime,
    Assignment,
    Client,
    Contact,
    Departure,
    Engagement,
    Position,
    Stage,
)
from steadyhand.commitments.drafting import owner_of
from steadyhand.commitments.facts import load_clients
from steadyhand.commitments.ground import Ground
from steadyhand.commitments.models import ClientPlan
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.core.statements import Row, Seen, Slot, Statement
from steadyhand.people.models import Member
from steadyhand.playbook.evaluation import promises

Data = dict[str, Any]

MOST_CONTACTS = 200

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
    """A page of clients, with the key of the next one (None at the end). One query."""
    if sort not in ORDERS:
        raise Refusal(
            f"Clients are not sorted by “{sort}”.", remedy=f"Use one of {', '.join(ORDERS)}.", field="sort"
        )
    if stage != "all":
        _stage(stage)
    order = ORDERS[sort]
    if q or lead or tier is not None or after:
        found = _filtered(actor, stage, q=q, lead=lead, tier=tier)
        rows: list[Row] = list(_ordered(found, order, after, limit))
    else:
        rows = _first_page(stage, sort, limit).rows(actor)
    page = rows[:limit]
    last = page[-1] if len(rows) > limit else None
    return {
        "items": [_client(row, row[-2]) for row in page],
        "next": _write_key(last[-1], last[0]) if last is not None else None,
    }


def _filtered(
    actor: Actor, stage: str, *, q: str = "", lead: str = "", tier: int | None = None
) -> QuerySet[Client]:
    found = Client.objects.visible_to(actor)
    found = found.listed() if stage == "all" else found.filter(stage=_stage(stage))
    if q:
        found = found.filter(Q(name__icontains=q) | Q(domain__icontains=q))
    if tier is not None:
        found = found.filter(plan__tier=tier)
    if lead:
        led = Assignment.objects.filter(client=OuterRef("pk"), position=Position.LEAD, until=None)
        found = found.filter(Exists(led.filter(member__email=lead.strip().lower())))
    return found


def _ordered(found: QuerySet[Client], order: Order, after: str, limit: int) -> QuerySet[Client, Row]:
    """What follows a key, and one more than asked for; lead's address and ordering value come last."""
    column = "name" if order.column == F("name") else "place"
    if column == "place":
        found = found.annotate(place=order.column)
    if after:
        found = found.filter(_beyond(column, order, *_read_key(after, order)))
    sign = "-" if order.descends else ""
    leading = FilteredRelation("team", condition=Q(team__position=Position.LEAD, team__until=None))
    found = found.annotate(leading=leading).order_by(f"{sign}{column}", f"{sign}pk")
    return found.values_list(*CLIENT_COLUMNS, "leading__member__email", column)[: limit + 1]


@lru_cache(maxsize=64)
def _first_page(stage: str, sort: str, limit: int) -> Seen:
    """Unfiltered, from the first client on: what is asked for most."""
    return Seen(lambda actor: _ordered(_filtered(actor, stage), ORDERS[sort], "", limit))


MORE_COLUMNS = ("phone", "website", "business", "goals", "ended_on", "plan__until", "plan__version__number")
TEAM_COLUMNS = ("position", "member__name", "member__email", "since")
CONTACT_COLUMNS = ("pk", "name", "email", "phone", "job_title", "day_to_day", "decides", "left_on")
ENGAGEMENT_COLUMNS = ("ref", "kind", "title", "amount", "currency", "starts_on", "ends_on")

IN_FULL = Seen(
    lambda actor: (
        Client.objects.visible_to(actor)
        .filter(ref=Slot("ref"))
        .order_by()
        .values_list(*CLIENT_COLUMNS, *MORE_COLUMNS)
    )
)
TEAM = Statement(
    lambda: (
        Assignment.objects.filter(client=Slot("client"), until=None)
        .order_by("position", "pk")
        .values_list(*TEAM_COLUMNS)
    )
)
CONTACTS = Statement(
    lambda: Contact.objects.filter(client=Slot("client")).values_list(*CONTACT_COLUMNS)[:MOST_CONTACTS]
)
ENGAGEMENTS = Statement(
    lambda: (
        Engagement.objects.filter(client=Slot("client"))
        .order_by("starts_on", "pk", "services__number")
        .values_list("pk", "services__name", "services__channel", *ENGAGEMENT_COLUMNS)
    )
)


def client(actor: Actor, ref: str) -> Data | None:
    """One client in full; None where there is none the actor sees. Four queries."""
    row = IN_FULL.first(actor, ref=ref)
    if row is None or row[4] == Stage.MERGED:
        return None
    pk = row[0]
    members = [
        {"position": position, "name": name, "email": email, "since": since}
        for position, name, email, since in TEAM.rows(client=pk)
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
    names = ("id", *CONTACT_COLUMNS[1:])
    return [dict(zip(names, row, strict=True)) for row in CONTACTS.rows(client=client_id)]


def engagements(client_id: int) -> list[Data]:
    """What a client has bought, with its services."""
    found: dict[int, Data] = {}
    for pk, service, channel, *columns in ENGAGEMENTS.rows(client=client_id):
        engagement = found.setdefault(pk, dict(zip(ENGAGEMENT_COLUMNS, columns, strict=True)))
        services = engagement.setdefault("services", [])
        if service is not None:
            services.append({"name": service, "channel": channel})
    return list(found.values())


NAMED = Seen(
    lambda actor: (
        Client.objects.visible_to(actor)
        .filter(ref=Slot("ref"))
        .order_by()
        .values_list("pk", "merged_into", Exists(Client.objects.filter(merged_into=OuterRef("pk"))))
    )
)


def find(actor: Actor, ref: str) -> int | None:
    """The id of a client the actor sees; of a merged one, the client it became, if they see that."""
    row = NAMED.first(actor, ref=ref)
    return None if row is None else became(actor, row[0], row[1])


def became(actor: Actor, pk: int, into: int | None) -> int | None:
    if into is None:
        return pk
    return Client.objects.visible_to(actor).filter(pk=into).values_list("pk", flat=True).first()


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
