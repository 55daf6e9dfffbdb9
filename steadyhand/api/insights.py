"""`/api/clients/<ref>/insights`, `…/signals`: what the figures ask for, and what they warn of."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.http import Http404, HttpResponse
from ninja import Router, Schema

from steadyhand.api.answers import answer
from steadyhand.api.authentication import ApiRequest
from steadyhand.clients.models import Client, Stage
from steadyhand.reporting.models import Insight
from steadyhand.reporting.reports.lead_gap import lead_gap
from steadyhand.reporting.signals import signals as signals_of

router = Router(tags=["figures"])

MOST = 100


class InsightRow(Schema):
    """A prompt: `question` for the client, `says` what the figures do, `numbers` as the pages show them."""

    id: int
    client: str
    rule: str
    period: str
    question: str
    says: str
    advice: str
    service: str
    numbers: list[dict[str, Any]]
    page: str
    state: str
    reason: str
    call: int | None
    quiet_until: dt.date | None
    made_at: dt.datetime
    settled_at: dt.datetime | None


class SignalRow(Schema):
    """One thing that speaks against all being well; `evidence` is the page where it can be seen."""

    kind: str
    level: Literal["amber", "red"]
    since: dt.date
    words: str
    evidence: str


class SignalsRow(Schema):
    """What the figures say of the account, the serious first; `leads` is ours beside theirs, where asked."""

    signals: list[SignalRow]
    leads: dict[str, Any] | None


@router.get("/{ref}/insights", response=list[InsightRow], summary="Questions the figures suggest")
def insights(request: ApiRequest, ref: str, state: Literal["standing", "all"] = "standing") -> HttpResponse:
    """Those still to be said, or all of them with what became of each."""
    rows = Insight.objects.visible_to(request.auth).filter(client=_client(request, ref))
    found = rows.standing() if state == "standing" else rows
    return answer(request, [row.as_data() for row in found.select_related("client")[:MOST]])


@router.get("/{ref}/signals", response=SignalsRow, summary="What the figures say of the account")
def signals(request: ApiRequest, ref: str) -> HttpResponse:
    """Open dips, late reports, missed targets, silent sources, poor leads, falling revenue."""
    client = _client(request, ref)
    gap = lead_gap(client)
    found = [one.as_data() for one in signals_of(client)]
    return answer(request, {"signals": found, "leads": gap.as_data() if gap else None})


def _client(request: ApiRequest, ref: str) -> Client:
    client = Client.objects.visible_to(request.auth).exclude(stage=Stage.MERGED).filter(ref=ref).first()
    if client is None:
        raise Http404("There is no such client, or it is not yours to see.")
    return client
