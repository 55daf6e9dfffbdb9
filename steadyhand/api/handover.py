"""`/api/handovers`, `/api/clients/<ref>/handover`, `…/goals`, `…/success`: from the win to goals agreed."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.http import Http404, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from steadyhand.api.answers import Data, answer
from steadyhand.api.authentication import ApiRequest
from steadyhand.api.commitments import ReadsOnly
from steadyhand.api.idempotency import once
from steadyhand.clients.models import Client, Stage
from steadyhand.onboarding.goals import hear_success, set_goal
from steadyhand.onboarding.handover import as_data, latest_of, path_of, paths_of
from steadyhand.onboarding.models import Goal, Handover, SuccessWords
from steadyhand.onboarding.smart import Wording
from steadyhand.people.roles import Capability

of_client = Router(tags=["clients"])
router = Router(tags=["clients"])

Limit = Annotated[int, Query(ge=1, le=100)]


class LapRow(Schema):
    """From the win to a moment; `until` is null while it runs."""

    lap: str
    until: dt.datetime | None
    hours: float
    working_days: int


class StepRow(Schema):
    """A step of the path. `waits_on` is us, client, earlier (another step first) or nobody (done)."""

    step: str
    title: str
    done_at: dt.datetime | None
    owner: str | None
    due: dt.date | None
    waits_on: str
    who: str | None
    since: dt.datetime | None
    late: bool
    note: str | None


class HandoverRow(Schema):
    """A handover with its clock and its steps in order."""

    client: str
    engagement: str
    won_at: dt.datetime
    won_by: str | None
    lead: str | None
    closed_at: dt.datetime | None
    clock: list[LapRow]
    steps: list[StepRow]


class GoalIn(Schema):
    """A goal in its five parts; a vague one is refused unless `override` says why it stands."""

    text: str = Field(min_length=1, max_length=300)
    measure: str = Field(default="", max_length=300)
    achievable: str = Field(default="", max_length=300)
    relevant: str = Field(default="", max_length=300)
    due_on: dt.date | None = None
    override: str = Field(default="", max_length=300)


class GoalRow(Schema):
    """A goal as it stands: open, reached or missed."""

    id: int
    text: str
    measure: str
    achievable: str
    relevant: str
    due_on: dt.date | None
    override: str
    state: str
    outcome: str


class SuccessIn(Schema):
    """What they said success is, word for word."""

    words: str = Field(min_length=1, max_length=1000)
    said_on: dt.date | None = None


class SuccessRow(Schema):
    """Their words, who said them and when."""

    id: int
    words: str
    said_on: dt.date
    contact: str | None


@router.get("", response=list[HandoverRow], summary="Handovers under way, the latest first")
def handovers(request: ApiRequest, limit: Limit = 50) -> HttpResponse:
    """Those of clients you see, each with its steps."""
    rows = Handover.objects.visible_to(request.auth).under_way().preloaded()[:limit]
    return answer(request, [as_data(path) for path in paths_of(rows)])


@of_client.get("/{ref}/handover", response=HandoverRow, summary="The latest handover, step by step")
def handover(request: ApiRequest, ref: str) -> HttpResponse:
    """404 where the client was never handed over here."""
    row = latest_of(_client(request, ref))
    if row is None:
        raise Http404
    return answer(request, as_data(path_of(row)))


@of_client.get("/{ref}/goals", response=list[GoalRow], summary="Goals agreed with the client")
def goals(request: ApiRequest, ref: str) -> HttpResponse:
    """Without those that were taken back; the next due first."""
    rows = Goal.objects.visible_to(request.auth).standing().filter(client=_client(request, ref))
    return answer(request, [_goal(row) for row in rows])


@of_client.post("/{ref}/goals", response={201: GoalRow}, summary="Agree a goal")
def agree_goal(request: ApiRequest, ref: str, sent: GoalIn) -> HttpResponse:
    """Refused letter by letter where it is vague."""
    _refuse_readers(request)

    def act() -> HttpResponse:
        values = sent.dict()
        override = values.pop("override")
        row = set_goal(_client(request, ref), Wording(**values), by=request.auth, override=override)
        return answer(request, _goal(row), 201)

    return once(request, act)


@of_client.get("/{ref}/success", response=list[SuccessRow], summary="What success is, in their words")
def success(request: ApiRequest, ref: str) -> HttpResponse:
    """Every answer they gave, the latest first."""
    rows = SuccessWords.objects.visible_to(request.auth).standing().filter(client=_client(request, ref))
    return answer(request, [_words(row) for row in rows.select_related("contact")])


@of_client.post("/{ref}/success", response={201: SuccessRow}, summary="They said what success is")
def keep_success(request: ApiRequest, ref: str, sent: SuccessIn) -> HttpResponse:
    """Earlier answers stay beside it."""
    _refuse_readers(request)

    def act() -> HttpResponse:
        row = hear_success(_client(request, ref), sent.words, by=request.auth, on=sent.said_on)
        return answer(request, _words(row), 201)

    return once(request, act)


def _client(request: ApiRequest, ref: str) -> Client:
    seen = Client.objects.visible_to(request.auth).exclude(stage=Stage.MERGED)
    found = seen.filter(ref=ref).first()
    if found is None:
        raise Http404
    return found


def _refuse_readers(request: ApiRequest) -> None:
    if not request.auth.may(Capability.KEEP_PROMISES):
        raise ReadsOnly(
            "This token or role agrees no goals and keeps no words.",
            remedy="Use a token with the scope “write”.",
        )


def _goal(row: Goal) -> Data:
    names = ("text", "measure", "achievable", "relevant", "due_on", "override", "state", "outcome")
    return {"id": row.pk} | {name: getattr(row, name) for name in names}


def _words(row: SuccessWords) -> Data:
    contact = row.contact.name if row.contact else None
    return {"id": row.pk, "words": row.words, "said_on": row.said_on, "contact": contact}
