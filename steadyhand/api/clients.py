"""`/api/clients`: the list, one client, and what belongs to it."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpResponse
from ninja import Query, Router

from steadyhand.api.answers import answer
from steadyhand.api.authentication import ApiRequest
from steadyhand.api.schemas import (
    ClientFull,
    ClientPage,
    ContactRow,
    EngagementRow,
    Plan,
    Timeline,
)
from steadyhand.clients.models import Client
from steadyhand.desk import api_reads, api_timeline
from steadyhand.desk.call_brief import call_brief as brief_of
from steadyhand.desk.call_brief_words import as_data
from steadyhand.playbook.models import Version

router = Router(tags=["clients"])

Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("", response=ClientPage, summary="Clients, a page at a time")
def index(
    request: ApiRequest,
    q: str = "",
    lead: str = "",
    tier: int | None = None,
    stage: str = "live",
    sort: str = "name",
    after: str = "",
    limit: Limit = 25,
) -> HttpResponse:
    """`q` finds names and domains; `lead` is an e-mail address; `stage` live, ended or all."""
    page = api_reads.clients(
        request.auth, q=q.strip(), lead=lead, tier=tier, stage=stage, sort=sort, after=after, limit=limit
    )
    return answer(request, page)


@router.get("/{ref}", response=ClientFull, summary="One client in full")
def show(request: ApiRequest, ref: str) -> HttpResponse:
    """With team, contacts and engagements."""
    found = api_reads.client(request.auth, ref)
    if found is None:
        raise Http404
    return answer(request, found)


@router.get("/{ref}/contacts", response=list[ContactRow], summary="People at the client")
def contacts(request: ApiRequest, ref: str) -> HttpResponse:
    """Whom we speak with daily first."""
    return answer(request, api_reads.contacts(_find(request, ref)))


@router.get("/{ref}/engagements", response=list[EngagementRow], summary="What the client has bought")
def engagements(request: ApiRequest, ref: str) -> HttpResponse:
    """With their services."""
    return answer(request, api_reads.engagements(_find(request, ref)))


@router.get("/{ref}/timeline", response=Timeline, summary="What happened, newest first")
def timeline(
    request: ApiRequest,
    ref: str,
    kind: str = "",
    person: str = "",
    channel: str = "",
    q: str = "",
    visible: str = "",
    after: str = "",
    limit: Limit = 50,
) -> HttpResponse:
    """Business acts and what was said, in one stream. `person` is an e-mail address, of a colleague or of a
    contact; `q` words, the last of which may be begun; `visible` client or internal. `capped`: so many have
    these words that only the newest thousand are looked through."""
    asked = {"kind": kind, "channel": channel, "person": person, "q": q, "visible": visible}
    found = api_timeline.timeline(request.auth, ref, asked=asked, after=after, limit=limit)
    if found is None:
        raise Http404
    return answer(request, found)


@router.get("/{ref}/call-brief", response=dict[str, Any], summary="What to know before the next call")
def call_brief(request: ApiRequest, ref: str) -> HttpResponse:
    """What happened since the last call, what is open, to say, to ask and to know of the people there."""
    client = Client.objects.select_related("plan").get(pk=_find(request, ref))
    return answer(request, as_data(brief_of(client, request.auth, version=Version.live())))


@router.get("/{ref}/plan", response=Plan, summary="What the playbook asks for")
def plan(request: ApiRequest, ref: str) -> HttpResponse:
    """With what was agreed and where the client departs from the playbook."""
    return answer(request, api_reads.plan(request.auth, _find(request, ref)))


def _find(request: ApiRequest, ref: str) -> int:
    found = api_reads.find(request.auth, ref)
    if found is None:
        raise Http404
    return found
