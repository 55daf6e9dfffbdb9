"""`/api/clients/<ref>/work/…`: links, content, recommendations, website health and the plan of a month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

from django.http import Http404, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from steadyhand.api.answers import Data, answer
from steadyhand.api.authentication import ApiRequest
from steadyhand.api.commitments import ReadsOnly
from steadyhand.api.idempotency import once
from steadyhand.clients.models import Client, Stage
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.models import (
    Backlink,
    ContentItem,
    Entry,
    PlannedWork,
    Recommendation,
    SiteScore,
)
from steadyhand.delivery.work.planning import done_against_plan, plan_work
from steadyhand.delivery.work.tables import ADVICE, CONTENT, LINKS, PART, SCORES, WorkTable
from steadyhand.delivery.work.taking_in import take_in
from steadyhand.desk.work_page import month_named
from steadyhand.people.roles import Capability
from steadyhand.reporting.metrics import periods

router = Router(tags=["work"])

#: Lines of one request; more comes in several.
MOST = 5_000
Limit = Annotated[int, Query(ge=1, le=500)]
Text = Annotated[str, Field(max_length=2000)]


class LinkIn(Schema):
    """A link. Told again by its `url` (else `domain` and `date`), what is said replaces what stood there."""

    date: dt.date | None = None
    domain: Text = ""
    type: Text = ""
    status: Text = ""
    anchor: Text = ""
    url: Text = ""
    authority: int | None = None
    note: Text = ""


class ContentIn(Schema):
    """A piece of content. Told again by its `url`, else by `title` and `date`."""

    date: dt.date | None = None
    title: Text = ""
    type: Text = ""
    status: Text = ""
    url: Text = ""
    words: int | None = None
    note: Text = ""


class RecommendationIn(Schema):
    """A recommendation. Told again by its `url` and `issue`; `state` is open, done or declined."""

    date: dt.date | None = None
    url: Text = ""
    issue: Text = ""
    action: Text = ""
    state: Text = ""
    note: Text = ""


class ScoreIn(Schema):
    """The website's health on a day: the tool's `score`, or its parts alone (then their mean)."""

    date: dt.date | None = None
    score: int | None = None
    parts: dict[str, int] = Field(default_factory=dict, max_length=30)
    tool: Text = ""
    note: Text = ""


class PlanIn(Schema):
    """So many `links` or so much `content` a month from `month` on; in that month alone without `lasting`."""

    what: str
    type: Text = ""
    count: int
    month: dt.date
    lasting: bool = True


class LinksIn(Schema):
    """Links to take in."""

    rows: list[LinkIn] = Field(default_factory=list, max_length=MOST)


class ContentsIn(Schema):
    """Content to take in."""

    rows: list[ContentIn] = Field(default_factory=list, max_length=MOST)


class RecommendationsIn(Schema):
    """Recommendations to take in."""

    rows: list[RecommendationIn] = Field(default_factory=list, max_length=MOST)


class ScoresIn(Schema):
    """Scores to take in."""

    rows: list[ScoreIn] = Field(default_factory=list, max_length=MOST)


class PlansIn(Schema):
    """Plans to make."""

    rows: list[PlanIn] = Field(default_factory=list, max_length=50)


class RefusedLine(Schema):
    """A line that was left out: its place in the request, from 1, and why."""

    line: int
    sentence: str


class TakenRow(Schema):
    """What became of the lines."""

    new: int
    changed: int
    unchanged: int
    refused: list[RefusedLine]


class LinkRow(Schema):
    """A link; `done_on` is the day on which its status came to count as done."""

    id: int
    date: dt.date
    domain: str
    type: str
    status: str
    anchor: str
    url: str
    authority: int | None
    done_on: dt.date | None
    note: str


class ContentRow(Schema):
    """A piece of content."""

    id: int
    date: dt.date
    title: str
    type: str
    status: str
    url: str
    words: int | None
    done_on: dt.date | None
    note: str


class RecommendationRow(Schema):
    """A recommendation, and what was said when it was settled."""

    id: int
    date: dt.date
    url: str
    issue: str
    action: str
    state: str
    answer: str
    answered_by: str
    answered_at: dt.datetime | None
    by_client: bool
    note: str


class ScoreRow(Schema):
    """A score of the audit tool; with `from_parts` the mean of its parts."""

    id: int
    date: dt.date
    score: int
    parts: dict[str, int]
    tool: str
    from_parts: bool
    note: str


class PlanRow(Schema):
    """A line of a month: what was planned (`null`: nothing) and what was done."""

    what: str
    type: str
    planned: int | None
    done: int


@router.get("/{ref}/work/links", response=list[LinkRow], summary="Links, the newest first")
def links(request: ApiRequest, ref: str, before: str = "", limit: Limit = 100) -> HttpResponse:
    """`before` is the `id` of the last line you have."""
    return answer(request, _rows(request, ref, LINKS, before, limit))


@router.post("/{ref}/work/links", response={201: TakenRow}, summary="Send links")
def send_links(request: ApiRequest, ref: str, sent: LinksIn) -> HttpResponse:
    """The same again changes nothing. Lines that cannot be taken are told, the rest is taken in."""
    return _take(request, ref, LINKS, sent.rows)


@router.get("/{ref}/work/content", response=list[ContentRow], summary="Content, the newest first")
def content(request: ApiRequest, ref: str, before: str = "", limit: Limit = 100) -> HttpResponse:
    """`before` is the `id` of the last line you have."""
    return answer(request, _rows(request, ref, CONTENT, before, limit))


@router.post("/{ref}/work/content", response={201: TakenRow}, summary="Send content")
def send_content(request: ApiRequest, ref: str, sent: ContentsIn) -> HttpResponse:
    """The same again changes nothing."""
    return _take(request, ref, CONTENT, sent.rows)


@router.get(
    "/{ref}/work/recommendations",
    response=list[RecommendationRow],
    summary="Recommendations for the website, the newest first",
)
def recommendations(request: ApiRequest, ref: str, before: str = "", limit: Limit = 100) -> HttpResponse:
    """`before` is the `id` of the last line you have."""
    return answer(request, _rows(request, ref, ADVICE, before, limit))


@router.post("/{ref}/work/recommendations", response={201: TakenRow}, summary="Send recommendations")
def send_recommendations(request: ApiRequest, ref: str, sent: RecommendationsIn) -> HttpResponse:
    """A state “open” does not take back what somebody answered."""
    return _take(request, ref, ADVICE, sent.rows)


@router.get("/{ref}/work/scores", response=list[ScoreRow], summary="The website's health, the newest first")
def scores(request: ApiRequest, ref: str, before: str = "", limit: Limit = 100) -> HttpResponse:
    """`before` is the `id` of the last line you have."""
    return answer(request, _rows(request, ref, SCORES, before, limit))


@router.post("/{ref}/work/scores", response={201: TakenRow}, summary="Send scores")
def send_scores(request: ApiRequest, ref: str, sent: ScoresIn) -> HttpResponse:
    """A day again changes its score; parts that are not named stay."""
    return _take(request, ref, SCORES, sent.rows)


@router.get("/{ref}/work/plan", response=list[PlanRow], summary="A month: done against planned")
def plan(request: ApiRequest, ref: str, month: str = "") -> HttpResponse:
    """`month`: 2026-10; without it the current one."""
    client = _client(request, ref)
    period = month_named(client, month)
    return answer(request, _plan(client, period.start, period.end))


@router.post("/{ref}/work/plan", response={201: list[PlanRow]}, summary="Plan a month's work")
def send_plan(request: ApiRequest, ref: str, sent: PlansIn) -> HttpResponse:
    """Answers with the first of those months as it stands now."""
    client = _writable(request, ref)

    def act() -> HttpResponse:
        if not sent.rows:
            raise Refusal("Nothing was sent.", remedy="Send at least one row.", field="rows")
        made: list[PlannedWork] = [
            plan_work(
                client,
                row.what,
                row.count,
                row.month,
                by=request.auth,
                type=row.type,
                lasting=row.lasting,
            )
            for row in sent.rows
        ]
        period = periods.month_of(made[0].month)
        return answer(request, _plan(client, period.start, period.end), 201)

    return once(request, act)


def _take(request: ApiRequest, ref: str, table: WorkTable, rows: Sequence[Schema]) -> HttpResponse:
    client = _writable(request, ref)

    def act() -> HttpResponse:
        if not rows:
            raise Refusal("Nothing was sent.", remedy="Send at least one row.", field="rows")
        lines = ((number, _cells(row)) for number, row in enumerate(rows, start=1))
        taken = take_in(client, table, lines, by=request.auth)
        if taken.refused_count == taken.lines:
            raise Refusal(taken.refused[0].sentence, remedy="Nothing was taken in.", field="rows")
        told = {
            "new": taken.new,
            "changed": taken.changed,
            "unchanged": taken.unchanged,
            "refused": [{"line": one.line, "sentence": one.sentence} for one in taken.refused],
        }
        return answer(request, told, 201)

    return once(request, act)


def _cells(row: Schema) -> dict[str, str]:
    said = row.dict()
    day, parts = said.pop("date", None), said.pop("parts", {})
    cells = {name: "" if value is None else str(value) for name, value in said.items()}
    cells |= {f"{PART}{word}": str(value) for word, value in parts.items()}
    return cells | {"day": day.isoformat() if day else ""}


def _rows(request: ApiRequest, ref: str, table: WorkTable, before: str, limit: int) -> list[Data]:
    rows = table.rows.visible_to(request.auth).standing().filter(client=_client(request, ref))
    rows = rows.order_by("-day", "-pk")
    if before:
        last = rows.filter(pk=int(before)).first() if before.isdecimal() and len(before) < 19 else None
        if last is None:
            raise Refusal(f"There is no line {before[:20]}.", remedy="Begin anew.", field="before")
        rows = rows.filter(day__lt=last.day) | rows.filter(day=last.day, pk__lt=last.pk)
    return [_row(row) for row in rows[:limit]]


def _row(row: Entry) -> Data:
    told: dict[str, Any] = {"id": row.pk, "date": row.day, "note": row.note}
    names: dict[type[Entry], tuple[str, ...]] = {
        Backlink: ("domain", "type", "status", "anchor", "url", "authority", "done_on"),
        ContentItem: ("title", "type", "status", "url", "words", "done_on"),
        Recommendation: (
            *("url", "issue", "action", "state", "answer", "answered_by", "answered_at"),
            "by_client",
        ),
        SiteScore: ("score", "parts", "tool", "from_parts"),
    }
    return told | {name: getattr(row, name) for name in names[type(row)]}


def _plan(client: Client, first: dt.date, last: dt.date) -> list[Data]:
    return [
        {
            "what": line.output,
            "type": line.type,
            "planned": line.planned if line.plan else None,
            "done": line.done,
        }
        for line in done_against_plan(client, first, last)
    ]


def _writable(request: ApiRequest, ref: str) -> Client:
    if not request.auth.may(Capability.KEEP_PROMISES):
        raise ReadsOnly("This token or role sends nothing.", remedy="Use a token with the scope “write”.")
    client = _client(request, ref)
    if not Client.objects.in_full(request.auth).filter(pk=client.pk).exists():
        raise ReadsOnly(f"You see {client.name} to read only.", remedy="Ask for a place on the account team.")
    return client


def _client(request: ApiRequest, ref: str) -> Client:
    client = Client.objects.visible_to(request.auth).exclude(stage=Stage.MERGED).filter(ref=ref).first()
    if client is None:
        raise Http404("There is no such client, or it is not yours to see.")
    return client
