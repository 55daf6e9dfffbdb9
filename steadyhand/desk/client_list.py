"""The list of clients: who they are, who leads them, what is due next. One page of it at a time.

The page is found by key, never by offset; what costs something (the next promise, what is overdue, the
lead) is read for the rows shown and for no others.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, cast
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from steadyhand.clients.models import Assignment, Client, Position, Service, Stage
from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import Commitment, PlanState
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.statements import Records, Slot, Statement
from steadyhand.people.colleagues import everybody
from steadyhand.people.models import Member

PAGE = 25
MOST_COUNTED = 1000

#: What one may order by: the columns it comes to, the last of them unique.
ORDERS: dict[str, tuple[str, str]] = {
    "name": ("name", ""),
    "spend": ("plan__monthly_spend", "-"),
    "tier": ("plan__tier", ""),
    "since": ("since", ""),
}
STAGES = {"live": Stage.LIVE, "ended": Stage.ENDED}
PLANS = {
    PlanState.PLANNED: "planned",
    PlanState.BESPOKE: "plan to be agreed",
    PlanState.NEEDS_RATE: "needs a rate",
    PlanState.NOTHING: "nothing to plan",
}
NOBODY = "none"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks the list for; its query string is the address and the saved view."""

    q: str = ""
    lead: str = ""
    tier: str = ""
    stage: str = "live"
    plan: str = ""
    late: bool = False
    industry: str = ""
    country: str = ""
    service: str = ""
    sort: str = "name"
    descending: bool = False

    @classmethod
    def read(cls, params: Mapping[str, str]) -> Wish:
        """From an address; what cannot be meant falls back to what the list shows by itself."""
        params = {name: _printable(value) for name, value in params.items()}
        sort = params.get("sort", "")
        column = sort.removeprefix("-")
        known = column in ORDERS
        stage = params.get("stage", "")
        return cls(
            q=params.get("q", "").strip()[:100],
            lead=params.get("lead", "") if params.get("lead", "").isdigit() or _is_nobody(params) else "",
            tier=params.get("tier", "") if params.get("tier", "").isdigit() else "",
            stage=stage if stage in {"ended", "all"} else "live",
            plan=params.get("plan", "") if params.get("plan", "") in PLANS else "",
            late=params.get("late", "") == "1",
            industry=params.get("industry", "").strip()[:100],
            country=params.get("country", "").strip().upper()[:2],
            service=params.get("service", "").strip()[:100],
            sort=column if known else "name",
            descending=known and sort.startswith("-"),
        )

    @property
    def query(self) -> str:
        """The query string: only what differs from the plain list, always in the same order."""
        parts = {
            "q": self.q,
            "lead": self.lead,
            "tier": self.tier,
            "stage": self.stage if self.stage != "live" else "",
            "plan": self.plan,
            "late": "1" if self.late else "",
            "industry": self.industry,
            "country": self.country,
            "service": self.service,
            "sort": self.ordering if self.ordering != "name" else "",
        }
        return urlencode({name: value for name, value in parts.items() if value})

    @property
    def ordering(self) -> str:
        return f"{'-' if self.descending else ''}{self.sort}"

    @property
    def is_plain(self) -> bool:
        """Whether nothing is filtered away."""
        return not replace(self, sort="name", descending=False).query

    @property
    def hides_filters(self) -> bool:
        """Whether none of the rarer filters is in use."""
        return not (self.industry or self.country or self.service or self.late)


def _printable(text: str) -> str:
    """Without control characters, which a database refuses."""
    return "".join(letter for letter in text if letter.isprintable())


def _is_nobody(params: Mapping[str, str]) -> bool:
    return params.get("lead") == NOBODY


@dataclass(slots=True)
class Row:
    """One client in the list."""

    client: Client
    lead: Member | None = None
    next_promise: Commitment | None = None
    overdue: int = 0

    @property
    def plan_words(self) -> str:
        """The state of the plan, where there is something to say."""
        plan = getattr(self.client, "plan", None)
        if plan is None or plan.planned_at is None:
            return "being planned"
        if plan.state == PlanState.NEEDS_RATE:
            return f"needs a rate for {plan.missing_currency}"
        return PLANS.get(plan.state, "")


@dataclass(slots=True)
class ClientList:
    """One page of clients."""

    rows: list[Row]
    total: str
    older: str = ""
    is_first: bool = True
    leads: list[tuple[int, str]] = field(default_factory=list)
    others: list[tuple[int, str]] = field(default_factory=list)


def client_list(actor: Actor, wish: Wish, after: str = "") -> ClientList:
    """The page of clients this actor asks for, after the row whose key is `after`."""
    found = filtered(actor, wish)
    key = _read_key(after, wish)
    page = found.select_related("plan").order_by(*_order(wish))
    if key is not None:
        page = page.filter(_beyond(wish, *key))
    clients = list(page[: PAGE + 1])
    has_more = len(clients) > PAGE
    rows = _dressed(clients[:PAGE])
    leads = everybody(actor)
    return ClientList(
        rows=rows,
        total=_counted(found),
        older=_write_key(rows[-1].client, wish) if has_more else "",
        is_first=key is None,
        leads=leads,
        others=[lead for lead in leads if lead[0] != actor.member_id],
    )


def filtered(actor: Actor, wish: Wish) -> QuerySet[Client]:
    """The clients a wish means, unordered; also what a bulk act over “all of these” starts from."""
    clients = Client.objects.visible_to(actor)
    clients = clients.listed() if wish.stage == "all" else clients.filter(stage=STAGES[wish.stage])
    if wish.q:
        clients = clients.filter(Q(name__icontains=wish.q) | Q(domain__icontains=wish.q))
    if wish.lead:
        leads = Assignment.objects.filter(client=OuterRef("pk"), position=Position.LEAD, until=None)
        has = Exists(leads) if wish.lead == NOBODY else Exists(leads.filter(member=int(wish.lead)))
        clients = clients.filter(~has if wish.lead == NOBODY else has)
    if wish.tier:
        clients = clients.filter(plan__tier=int(wish.tier))
    if wish.plan:
        clients = clients.filter(plan__state=wish.plan)
    if wish.late:
        clients = clients.filter(
            Exists(Commitment.objects.filter(client=OuterRef("pk")).overdue(clock.now()))
        )
    if wish.industry:
        clients = clients.filter(industry__icontains=wish.industry)
    if wish.country:
        clients = clients.filter(country=wish.country)
    if wish.service:
        named = Q(name__icontains=wish.service) | Q(channel=wish.service.lower().replace(" ", "-"))
        clients = clients.filter(Exists(Service.objects.filter(named, engagement__client=OuterRef("pk"))))
    return clients


def _descends(wish: Wish) -> bool:
    return (ORDERS[wish.sort][1] == "-") != wish.descending


def _order(wish: Wish) -> list[Any]:
    column, descends = F(ORDERS[wish.sort][0]), _descends(wish)
    if wish.sort == "name":
        return ["-name", "-id"] if descends else ["name", "id"]
    return [column.desc(nulls_last=True) if descends else column.asc(nulls_last=True), "id"]


def _beyond(wish: Wish, value: Any, pk: int) -> Q:
    """What comes after the row with this value and id; clients without a value come last."""
    column, descends = ORDERS[wish.sort][0], _descends(wish)
    later_id = Q(pk__lt=pk) if descends and wish.sort == "name" else Q(pk__gt=pk)
    if value is None:
        return Q(**{f"{column}__isnull": True}) & later_id
    further, reach = ("lt", "lte") if descends else ("gt", "gte")
    beyond = Q(**{f"{column}__{further}": value}) | (Q(**{column: value}) & later_id)
    if wish.sort == "name":
        return Q(**{f"{column}__{reach}": value}) & beyond  # the first half lets an index find the place
    return beyond | Q(**{f"{column}__isnull": True})


def _value_of(client: Client, wish: Wish) -> Any:
    value: Any = client
    for name in ORDERS[wish.sort][0].split("__"):
        value = getattr(value, name, None)
    return value


def _write_key(client: Client, wish: Wish) -> str:
    value = _value_of(client, wish)
    text = json.dumps([None if value is None else str(value), client.pk], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_key(key: str, wish: Wish) -> tuple[Any, int] | None:
    """The place a key names; None for one that nobody made here, which shows the first page."""
    if not key:
        return None
    read = {"name": str, "spend": Decimal, "tier": int, "since": dt.date.fromisoformat}[wish.sort]
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)))
        return (None if value is None else read(value)), int(pk)  # type: ignore[operator]
    except (ValueError, TypeError, ArithmeticError):
        return None


def _counted(found: QuerySet[Client]) -> str:
    """How many there are, counted no further than a thousand."""
    count = found.order_by()[: MOST_COUNTED + 1].count()
    return f"{MOST_COUNTED:,}+" if count > MOST_COUNTED else f"{count:,}"


def _dressed(clients: list[Client]) -> list[Row]:
    """The clients with lead, next promise and what is overdue: three queries."""
    rows = {client.pk: Row(client) for client in clients}
    if not rows:
        return []
    now, shown = clock.now(), dict(zip(PLACES, [*rows, *[0] * len(PLACES)], strict=False))
    for assignment in LEADS.found(**shown):
        rows[assignment.client_id].lead = assignment.member
    for promise in NEXT.found(now=now, **shown):
        assert promise.client_id is not None  # noqa: S101
        rows[promise.client_id].next_promise = promise
    for client_id, count in LATE.rows(now=now, **shown):
        rows[client_id].overdue = count
    return list(rows.values())


#: The clients of a page; where there are fewer, the rest of the places hold nobody.
PLACES = [f"client{number}" for number in range(PAGE)]
SHOWN = Client.objects.filter(pk__in=cast(list[int], [Slot(place) for place in PLACES])).order_by()

LEADS = Records(
    lambda: (
        Assignment.objects.filter(client__in=SHOWN.values("pk"), position=Position.LEAD, until=None)
        .select_related("member")
        .only("client_id", "member__name")
    )
)
NEXT = Records(
    lambda: Commitment.objects.filter(
        pk__in=SHOWN.values_list(
            Subquery(
                Commitment.objects.filter(client=OuterRef("pk"), state=State.OPEN, due_at__gte=Slot("now"))
                .order_by("due_at", "pk")
                .values("pk")[:1]
            )
        )
    ).only("client_id", "title", "due_on")
)
LATE = Statement(
    lambda: (
        Commitment.objects.filter(client__in=SHOWN.values("pk"))
        .overdue(cast(dt.datetime, Slot("now")))
        .order_by()
        .values_list("client")
        .annotate(Count("pk"))
    )
)
