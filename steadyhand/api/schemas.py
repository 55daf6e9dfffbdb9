"""What goes in, and what comes out: the shapes of the OpenAPI document.

Answers are written from plain rows and not validated again; these shapes describe them, and a test
holds the two together.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

ChannelName = Literal["call", "email", "meeting", "note"]
StateName = Literal["open", "done", "done_late", "missed", "waived", "withdrawn"]


class Error(Schema):
    """What is wrong, what to do about it, and the field it belongs to (empty where there is none)."""

    error: str
    remedy: str
    field: str


class ClientRow(Schema):
    ref: str
    name: str
    domain: str
    stage: str
    industry: str
    country: str
    zone: str
    since: dt.date | None
    tier: int | None
    monthly_spend: str | None = Field(description="In the agency's currency.")
    plan: str | None = Field(description="new, planned, bespoke, needs_rate or nothing.")
    lead: str | None = Field(description="E-mail address.")


class ClientPage(Schema):
    items: list[ClientRow]
    next: str | None = Field(description="Send it as “after” for the next page; null at the end.")


class TeamMate(Schema):
    position: str
    name: str
    email: str
    since: dt.date


class ContactRow(Schema):
    id: int
    name: str
    email: str
    phone: str
    job_title: str
    day_to_day: bool
    decides: bool
    left_on: dt.date | None


class ServiceRow(Schema):
    name: str
    channel: str


class EngagementRow(Schema):
    ref: str
    kind: str
    title: str
    amount: str = Field(description="A month's fee of a retainer, the whole value of a project.")
    currency: str
    starts_on: dt.date
    ends_on: dt.date | None
    services: list[ServiceRow]


class ClientFull(ClientRow):
    phone: str
    website: str
    business: str
    goals: str
    ended_on: dt.date | None
    planned_until: dt.date | None
    playbook_version: int | None
    team: list[TeamMate]
    contacts: list[ContactRow]
    engagements: list[EngagementRow]


class Happened(Schema):
    """An event (`verb`, `data`) or an interaction (`channel`, `summary` and so on)."""

    id: str
    at: dt.datetime
    kind: Literal["event", "interaction"]
    visible: Literal["client", "internal"] = Field(description="Whether the client could know of it.")
    by: str | None
    verb: str | None = None
    data: dict[str, Any] | None = None
    contact: str | None = None
    channel: str | None = None
    direction: str | None = None
    summary: str | None = None
    body: str | None = None
    outcome: str | None = None
    minutes: int | None = None


class Timeline(Schema):
    items: list[Happened]
    next: str | None
    capped: bool = Field(description="Only the newest thousand with these common words are looked through.")


class InteractionIn(Schema):
    """What was said. `contact` is an e-mail address, `keeps` the id of a commitment that it keeps."""

    channel: ChannelName
    summary: str = Field("", max_length=300)
    body: str = ""
    at: dt.datetime | None = Field(None, description="When it was, with its offset; now if left out.")
    contact: str = ""
    direction: Literal["", "in", "out"] = ""
    outcome: str = Field("", max_length=60)
    minutes: int | None = Field(None, ge=1, le=600)
    keeps: str = ""


class InteractionRow(Schema):
    id: str
    client: str
    at: dt.datetime
    channel: ChannelName
    direction: str
    summary: str
    by: str | None
    contact: str | None
    minutes: int | None


class CommitmentRow(Schema):
    id: str
    client: str | None
    client_ref: str | None
    kind: str
    title: str
    due: str = Field(description="A local date, or a local date and time where an hour is agreed.")
    zone: str
    owner: str | None = Field(description="E-mail address.")
    rule: str
    period: str
    playbook_version: int | None
    state: StateName
    moved_from: dt.date | None
    internal: bool


class CommitmentPage(Schema):
    items: list[CommitmentRow]
    next: str | None


class Today(Schema):
    """What the asking member owes; each list holds at most 200."""

    date: dt.date
    zone: str
    overdue: list[CommitmentRow]
    today: list[CommitmentRow]
    waiting: list[CommitmentRow]


class PromiseRow(Schema):
    engagement: str | None
    rule: str
    kind: str
    title: str
    cadence: str
    minutes: int
    owner: str | None
    internal: bool
    because: str


class Plan(Schema):
    state: str
    tier: int | None
    monthly_spend: str | None
    missing_currency: str | None
    planned_until: dt.date | None
    playbook_version: int | None
    promises: list[PromiseRow]
    agreed_times: list[dict[str, Any]]
    departures: list[dict[str, Any]]


class VersionRow(Schema):
    playbook: str
    number: int
    published_at: dt.datetime
    published_by: str
    note: str
    live: bool


class Playbook(VersionRow):
    content: dict[str, Any] = Field(description="The whole policy of the version in force.")


class MemberRow(Schema):
    email: str
    name: str
    role: str
    state: str
    zone: str


class ImportStatus(Schema):
    id: int
    source: str
    state: str
    done: int
    total: int
    counts: dict[str, Any]
    problem: str
    made_at: dt.datetime
    checked_at: dt.datetime | None
    applied_at: dt.datetime | None
    undone_at: dt.datetime | None


class CompletionIn(Schema):
    note: str = ""
    at: dt.datetime | None = Field(None, description="When it was done, with its offset; now by default.")


class MoveIn(Schema):
    day: dt.date
    time: dt.time | None = Field(None, description="On the client's clock; none: within the day.")
    reason: str = ""


class WaiverIn(Schema):
    reason: str


class HandoverIn(Schema):
    to: str = Field(description="E-mail address of the colleague.")
    note: str = ""


class WaitIn(Schema):
    note: str = ""


class WinRow(Schema):
    id: int
    client: str = Field(description="The client's ref.")
    text: str
    source: str = Field(description="figures, delivery or words (their own).")
    on: dt.date
    noted_by: str | None
    told_at: dt.datetime | None
    told_how: str | None
    offered: bool = Field(description="Whether the whole agency may hear of it.")


class WinPage(Schema):
    items: list[WinRow]
    next: str | None = Field(description="Send it as “after” for the next page; null at the end.")


class SeriesRow(Schema):
    id: int
    title: str
    agenda: str = Field(description="The key of the playbook's agenda.")
    cadence: str
    day: str = Field(description="As “monday” or “first working day”.")
    time: str = Field(description="Local wall time in zone.")
    zone: str
    minutes: int
    led_by: str | None = Field(description="E-mail address.")
    next_at: dt.datetime | None
