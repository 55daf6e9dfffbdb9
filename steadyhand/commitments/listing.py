"""Commitments as the world outside reads them: one shape for the command line, the API and exports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby
from typing import Any, TypedDict

from django.db.models import Q

from steadyhand.clients.models import Client
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.models.commitment import NO_ENGAGEMENT, CommitmentQuerySet
from steadyhand.core.clock import zone_info
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member

#: What one row of the listing is read from, in this order.
COLUMNS = (
    "engagement__ref",
    "rule",
    "period",
    "slot",
    "client__name",
    "client__ref",
    "kind",
    "title",
    "due_on",
    "due_time",
    "starts_at",
    "zone",
    "owner__email",
    "version__number",
    "state",
    "moved_from",
    "internal",
)


class ListedCommitment(TypedDict):
    """A commitment in words and dates; the same promise reads the same after every run.

    `id` is `Commitment.key`; `due` a local date (“2026-11-27”), or a local date and time
    (“2026-11-27T10:00”) where an hour is agreed, on the clock of `zone`; `owner` an e-mail address;
    `playbook_version` None where no playbook asked for it; `moved_from` the day it was first due.
    """

    id: str
    client: str | None
    client_ref: str | None
    kind: str
    title: str
    due: str
    zone: str
    owner: str | None
    rule: str
    period: str
    playbook_version: int | None
    state: str
    moved_from: str | None
    internal: bool


def as_listed(row: tuple[Any, ...]) -> ListedCommitment:
    """One row of `COLUMNS`, as it is shown."""
    (ref, rule, period, slot, client, client_ref, kind, title, *rest) = row
    (due_on, due_time, starts_at, zone, owner, version, state, moved_from, internal) = rest
    return {
        "id": f"{ref or NO_ENGAGEMENT}.{rule}.{period}.{slot}",
        "client": client,
        "client_ref": client_ref,
        "kind": kind,
        "title": title,
        "due": local_due(due_on, due_time, starts_at, zone),
        "zone": zone,
        "owner": owner,
        "rule": rule,
        "period": period,
        "playbook_version": version,
        "state": state,
        "moved_from": moved_from.isoformat() if moved_from else None,
        "internal": internal,
    }


def local_due(day: dt.date, time: dt.time | None, starts_at: dt.datetime | None, zone: str) -> str:
    """The due day, with the hour where one is agreed; an hour the clocks skip is the one it runs at."""
    if time is None:
        return day.isoformat()
    if starts_at is None:
        return f"{day.isoformat()}T{time:%H:%M}"
    return starts_at.astimezone(zone_info(zone)).strftime("%Y-%m-%dT%H:%M")


def listed(rows: CommitmentQuerySet) -> Iterator[ListedCommitment]:
    """These commitments by due, client, rule and period; read as they are asked for, a day at a time."""
    found = rows.order_by("due_on").values_list(*COLUMNS)
    day_column = COLUMNS.index("due_on")
    for _, of_day in groupby(found.iterator(chunk_size=5000), key=lambda row: row[day_column]):
        yield from sorted(map(as_listed, of_day), key=_order)


def _order(row: ListedCommitment) -> tuple[str, ...]:
    return row["due"], row["client"] or "", row["rule"], row["period"], row["id"]


def due_between(first: dt.date, last: dt.date) -> CommitmentQuerySet:
    """Commitments due on these local days, both included; refuses a span that ends before it begins."""
    if last < first:
        raise Refusal(
            f"{last:%d %B %Y} comes before {first:%d %B %Y}.", remedy="Put the later day last.", field="to"
        )
    # The instants narrow it down by index; local days differ from them by a day at most.
    midnight = dt.time(tzinfo=dt.UTC)
    return Commitment.objects.filter(
        due_on__range=(first, last),
        due_at__gte=dt.datetime.combine(first - dt.timedelta(days=1), midnight),
        due_at__lt=dt.datetime.combine(last + dt.timedelta(days=3), midnight),
    )


def client_named(text: str) -> Client:
    """The client of this ref, name or domain; refuses when there is none, or more than one."""
    wanted = text.strip()
    exact = Client.objects.listed().filter(ref=wanted).first()
    if exact is not None:
        return exact
    found = list(Client.objects.listed().filter(Q(name__iexact=wanted) | Q(domain__iexact=wanted))[:5])
    if len(found) == 1:
        return found[0]
    if found:
        refs = ", ".join(client.ref for client in found)
        raise Refusal(
            f"More than one client is called “{wanted}”.", remedy=f"Say which: {refs}.", field="client"
        )
    raise Refusal(
        f"No client is called “{wanted}”.",
        remedy="Write the name, the domain or the short name from the client's address.",
        field="client",
    )


def member_addressed(email: str) -> Member:
    """The member with this e-mail address; refuses when nobody has it."""
    member = Member.objects.filter(email__iexact=email.strip()).first()
    if member is None:
        raise Refusal(
            f"No member has the address {email}.", remedy="Write the e-mail they work with.", field="owner"
        )
    return member
