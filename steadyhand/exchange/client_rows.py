"""Rows of clients and what they buy: one row for each engagement."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from steadyhand.clients.models import Stage
from steadyhand.core.refusals import Refusal
from steadyhand.exchange.columns import Columns
from steadyhand.exchange.fields import (
    read_choice,
    read_country,
    read_currency,
    read_domain,
    read_email,
    read_zone,
)
from steadyhand.exchange.known import Known, KnownClient, KnownEngagement
from steadyhand.exchange.places import zone_of
from steadyhand.exchange.plan import RowPlan, Step, changes, text_of

ENGAGEMENT_KINDS = {
    "retainer": "retainer",
    "monthly": "retainer",
    "recurring": "retainer",
    "project": "project",
    "one-off": "project",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """An engagement as a row states it."""

    kind: str
    service: str
    amount: Decimal
    currency: str
    starts_on: dt.date
    ends_on: dt.date | None
    title: str = ""

    @property
    def identity(self) -> tuple[str, str]:
        """What, within its client, makes it the same engagement next time."""
        return self.kind, "; ".join(self.services).casefold()

    @property
    def services(self) -> list[str]:
        """The services of the cell, which separates several by semicolons."""
        names: dict[str, str] = {}
        for part in self.service.split(";"):
            if part.strip():
                names.setdefault(part.strip().casefold(), part.strip()[:200])
        return list(names.values())

    @property
    def stated(self) -> dict[str, Any]:
        """Its values as steps keep them."""
        values = {
            "amount": text_of(self.amount),
            "currency": self.currency,
            "starts_on": text_of(self.starts_on),
            "ends_on": text_of(self.ends_on),
        }
        return values | {"title": self.title[:200]} if self.title else values


class ClientRows:
    """Plans the rows of a clients file, each knowing what those above it will do."""

    def __init__(self, known: Known, columns: Columns) -> None:
        self.known, self.columns = known, columns

    def plan(self, line: int, cells: dict[str, str]) -> RowPlan:
        """What this row will do; refuses one that cannot be right, before anything is planned."""
        stated, owner = self._client(cells)
        scope = self._scope(cells)
        external_id = stated["domain"] or f"name:{stated['name'].casefold()}"[:300]
        client = find_client(self.known, external_id, stated["name"], stated["domain"])
        check_usable(client, begins=scope is not None)
        if scope is not None and client is not None:
            check_no_twin(client, scope)
        match = foresee(self.known, client, scope, scope_id(client, scope, external_id)) if scope else None
        plan = RowPlan(label=stated["name"])
        client = plan_client(self.known, plan, client, stated, owner, external_id, line)
        if scope is not None and match is not None:
            plan_engagement(self.known, plan, client, scope, match, line)
            plan.label = f"{client.name}: {scope.service or scope.kind}"
        return plan

    def _client(self, cells: dict[str, str]) -> tuple[dict[str, str], str]:
        heading = self.columns.heading
        name = cells.get("name", "")
        if not name:
            raise Refusal("The client has no name.", remedy="Write one.", field=heading("name"))
        if len(name) > 200:
            raise Refusal(
                f"The name has {len(name)} letters.", remedy="Use at most 200.", field=heading("name")
            )
        agency = self.known.agency
        return {
            "name": name,
            "domain": read_domain(cells.get("domain", ""), heading("domain")),
            "country": read_country(cells.get("country", ""), heading("country"), agency.language),
            "zone": read_zone(cells.get("zone", ""), heading("zone")),
        }, read_email(cells.get("owner", ""), heading("owner"))

    def _scope(self, cells: dict[str, str]) -> Scope | None:
        if not any(cells.get(field) for field in ("kind", "service", "amount", "start", "end")):
            return None
        heading = self.columns.heading
        for field, remedy in (
            ("kind", "Write retainer or project."),
            ("amount", "Write what the client pays, 0 if nothing."),
            ("start", "Write the first day, for instance 2026-03-31."),
        ):
            if not cells.get(field):
                raise Refusal(f"“{heading(field)}” is empty.", remedy=remedy, field=heading(field))
        kind = read_choice(cells["kind"], heading("kind"), ENGAGEMENT_KINDS)
        amount, told = self.columns.amounts["amount"].read(cells["amount"])
        currency = read_currency(
            cells.get("currency", ""), heading("currency"), told=told, default=self.known.agency.currency
        )
        starts_on = self.columns.dates["start"].read(cells["start"])
        ends_on = (
            self.columns.dates["end"].read(cells.get("end", "")) if "end" in self.columns.dates else None
        )
        assert amount is not None and starts_on is not None  # noqa: S101  # both cells are filled
        if ends_on is not None and ends_on < starts_on:
            raise Refusal(
                f"It ends on {ends_on:%d %b %Y}, before it starts on {starts_on:%d %b %Y}.",
                remedy="Correct one of the two days.",
                field=heading("end"),
            )
        return Scope(kind, cells.get("service", ""), amount, currency, starts_on, ends_on)


def find_client(known: Known, external_id: str, name: str, domain: str) -> KnownClient | None:
    """The client a row means: by what its source called it, else by domain, else by its exact name.

    Refuses a domain that the same file gives to two names.
    """
    found = known.ref("client", external_id)
    client = known.clients.get(found[0]) if found else None
    holder = known.by_domain.get(domain) if domain else None
    if holder is not None and holder.line and holder.name.casefold() != name.casefold():
        raise Refusal(
            f"Line {holder.line} gives the domain {domain} to {holder.name}; here it is {name}’s.",
            remedy="Correct one of the two domains, or write the same name if they are one client.",
            field="domain",
        )
    if client is not None and (holder is None or holder is client):
        return client
    if holder is not None:
        return holder
    for namesake in known.by_name.get(name.casefold(), ()):
        if not domain or not namesake.values.get("domain"):
            return namesake
    return None


def check_usable(client: KnownClient | None, *, begins: bool) -> None:
    """Refuses a client whom this person may not see, or who has left."""
    if client is None:
        return
    if not client.is_visible:
        raise not_yours("client")
    if begins and client.stage == Stage.ENDED:
        raise Refusal(
            f"{client.name} has ended.", remedy="Leave the line out, or add them as a client again first."
        )


def not_yours(noun: str) -> Refusal:
    """Why a row may not touch what hangs on a client whom this person does not see."""
    return Refusal(
        f"The book already has this {noun}, with colleagues of yours.",
        remedy="Ask a head of client services to import this line, or to add you to the account team.",
    )


def plan_client(
    known: Known,
    plan: RowPlan,
    client: KnownClient | None,
    stated: dict[str, str],
    owner: str,
    external_id: str,
    line: int,
    *,
    stage: str = Stage.LIVE,
) -> KnownClient:
    """Add the client, or change what the source newly says of it; and who leads it."""
    seen = (known.ref("client", external_id) or (0, {}))[1]
    if client is None:
        client = _new_client(known, stated, line, stage)
        plan.steps.append(Step("add_client", client.ref, {**client.values, "stage": stage}))
    elif client.line:
        _compare_with_first(plan, known, client, stated, owner, line)
        if not stated["domain"] or (known.ref("client", external_id) is not None):
            return client
        owner = owner if not client.lead else ""
    else:
        client.line = line
        after, before = changes(stated, seen, client.values)
        if after:
            plan.steps.append(Step("change_client", client.ref, after, before))
            known.change(client, after)
    _plan_lead(known, plan, client, owner, seen)
    said = {name: value for name, value in {**stated, "owner": owner}.items() if value}
    plan_remember(known, plan, "client", external_id, client.ref, said)
    return client


def _new_client(known: Known, stated: dict[str, str], line: int, stage: str) -> KnownClient:
    agency = known.agency
    country = stated["country"] or agency.country
    zone = stated["zone"] or (agency.zone if country == agency.country else zone_of(country) or agency.zone)
    values = {**stated, "country": country, "zone": zone}
    client = KnownClient(f"c{line}", values, stage=stage, line=line)
    known.add(client)
    return client


def _compare_with_first(
    plan: RowPlan, known: Known, client: KnownClient, stated: dict[str, str], owner: str, line: int
) -> None:
    """A second row of one client: what the first said of the client counts, and a difference is said."""
    if stated["domain"] and not client.values.get("domain"):
        before = {"domain": client.values.get("domain", "")}
        plan.steps.append(Step("change_client", client.ref, {"domain": stated["domain"]}, before))
        known.change(client, {"domain": stated["domain"]})
    differs = [
        word
        for word, here, there in (
            ("country", stated["country"], client.values.get("country")),
            ("zone", stated["zone"], client.values.get("zone")),
            ("owner", owner, client.lead),
        )
        if here and there and here != there
    ]
    if differs:
        plan.remarks.append(
            f"Line {client.line} says another {' and '.join(differs)} of {client.name}; that line counts."
        )
    if owner and not client.lead:
        _plan_lead(known, plan, client, owner, {})


def _plan_lead(known: Known, plan: RowPlan, client: KnownClient, owner: str, seen: dict[str, Any]) -> None:
    if not owner or owner in (client.lead, seen.get("owner")):
        return
    if known.member_has_left(owner):
        plan.remarks.append(f"{owner} has left the agency, so {client.name} gets no lead from this line.")
        return
    if client.stage == Stage.ENDED:
        return
    known.want_member(owner)
    plan.steps.append(Step("lead_client", client.ref, {"email": owner}, {"email": client.lead}))
    client.lead = owner


def check_no_twin(client: KnownClient, scope: Scope) -> None:
    """Refuses an engagement that a line above has already stated."""
    for twin in client.engagements:
        same = (twin.kind, twin.service) == scope.identity
        if twin.line and same and twin.values["starts_on"] == text_of(scope.starts_on):
            raise Refusal(
                f"Line {twin.line} has the same engagement of {client.name} already.",
                remedy="Leave one of the two lines out, or give them different services or starts.",
            )


@dataclass(frozen=True, slots=True)
class Match:
    """What a source calls an engagement, the one it means (if there is one), and what changes."""

    external_id: str
    engagement: KnownEngagement | None
    after: dict[str, Any]


def scope_id(client: KnownClient | None, scope: Scope, client_id: str) -> str:
    """An engagement's name in a file: client, kind, service; of several such, the order they stand in."""
    engagements = client.engagements if client else []
    above = sum(1 for e in engagements if e.line and (e.kind, e.service) == scope.identity)
    return f"{client_id}|{'|'.join(scope.identity)}"[:290] + f"|{above + 1}"


def foresee(
    known: Known, client: KnownClient | None, scope: Scope, external_id: str, *, by_reference: bool = False
) -> Match:
    """Which engagement a row means and what it changes; refuses days that would not hold together."""
    found = known.ref("engagement", external_id)
    engagement = _matching(client, scope, found[0] if found else None, by_reference) if client else None
    if engagement is None:
        return Match(external_id, None, {})
    if engagement.kind != scope.kind:
        raise Refusal(
            f"It was imported as a {engagement.kind} and would now be a {scope.kind}.",
            remedy="Undo the earlier import first, or choose what amounts mean as you did then.",
        )
    after, _ = changes(scope.stated, found[1] if found else {}, engagement.values)
    now = {**engagement.values, **after}
    if now["ends_on"] is not None and now["ends_on"] < now["starts_on"]:
        raise Refusal(
            f"With this line it would end on {now['ends_on']}, before it starts on {now['starts_on']}.",
            remedy="Correct the days here or on the client’s page.",
        )
    return Match(external_id, engagement, after)


def plan_engagement(
    known: Known, plan: RowPlan, client: KnownClient, scope: Scope, match: Match, line: int
) -> None:
    """Begin or change the engagement; a prospect who buys becomes a live client."""
    if client.stage == Stage.PROSPECT:
        plan.steps.append(Step("win_client", client.ref))
        client.stage = Stage.LIVE
    engagement = match.engagement
    if engagement is None:
        engagement = KnownEngagement(f"e{line}", *scope.identity, {"title": "", **scope.stated})
        client.engagements.append(engagement)
        values = {**scope.stated, "client": client.ref, "kind": scope.kind, "services": scope.services}
        plan.steps.append(Step("begin_engagement", engagement.ref, values))
    else:
        _plan_changes(plan, engagement, match.after)
    engagement.line = line
    plan_remember(known, plan, "engagement", match.external_id, engagement.ref, scope.stated)


def _matching(
    client: KnownClient, scope: Scope, subject: int | str | None, by_reference: bool
) -> KnownEngagement | None:
    free = [e for e in client.engagements if not e.line]
    if subject is not None:
        found = next((e for e in free if e.ref == subject), None)
        if found is not None:
            return found
    if by_reference:
        return None
    same = [e for e in free if (e.kind, e.service) == scope.identity]
    exact = [e for e in same if e.values["starts_on"] == text_of(scope.starts_on)]
    return next(iter(exact or same), None)


def _plan_changes(plan: RowPlan, engagement: KnownEngagement, after: dict[str, Any]) -> None:
    now = {**engagement.values, **after}
    for verb, names in (
        ("change_spend", ("amount", "currency")),
        ("change_engagement", ("starts_on", "ends_on", "title")),
    ):
        if any(name in after for name in names):
            before = {name: engagement.values[name] for name in names}
            plan.steps.append(Step(verb, engagement.ref, {name: now[name] for name in names}, before))
    engagement.values.update(after)


def plan_remember(
    known: Known, plan: RowPlan, kind: str, external_id: str, ref: int | str, said: dict[str, Any]
) -> None:
    """Keep what the source calls the thing and last said of it, where that is new."""
    found = known.ref(kind, external_id)
    seen = {**(found[1] if found else {}), **said}
    if found is None or found[0] != ref or found[1] != seen:
        values = {"kind": kind, "external_id": external_id, "seen": seen}
        before = {"subject_id": found[0], "seen": found[1]} if found else {}
        plan.steps.append(Step("remember", ref, values, before))
        known.refs[kind, external_id] = (ref, seen)
