"""`/api/leads`: who may become a client, and adding one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from django.http import Http404, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from steadyhand.api.answers import answer
from steadyhand.api.authentication import ApiRequest, member_of
from steadyhand.api.commitments import ReadsOnly
from steadyhand.api.idempotency import once
from steadyhand.clients.models import Client, EngagementKind, Stage
from steadyhand.core.refusals import Refusal
from steadyhand.desk.newbusiness import cards_of, lead_data
from steadyhand.newbusiness.leads import add_lead
from steadyhand.newbusiness.models import Lead, LeadStage
from steadyhand.newbusiness.rights import works_on_leads
from steadyhand.people.models import Member

router = Router(tags=["new business"])

Limit = Annotated[int, Query(ge=1, le=200)]


class LeadIn(Schema):
    """A lead to add. `name` is the organisation; a prospect of that name whom you see is taken for them.

    `value` is a month's fee for a retainer, the whole of a project; `owner` an e-mail address (yours).
    """

    name: str = Field(min_length=1, max_length=200)
    source: str = Field(min_length=1, max_length=200)
    value: Decimal = Field(ge=0, max_digits=12, decimal_places=2)
    kind: EngagementKind = EngagementKind.RETAINER
    currency: str = Field(default="", max_length=3)
    services: list[str] = Field(default_factory=list, max_length=20)
    size: Literal["", "small", "medium", "large"] = ""
    face_to_face: bool = False
    expected_on: dt.date | None = None
    notes: str = ""
    owner: str = ""
    domain: str = ""
    industry: str = Field(default="", max_length=100)
    contact_name: str = Field(default="", max_length=200)
    contact_email: str = Field(default="", max_length=254)


class LeadRow(Schema):
    """A lead; `gaps` are what is missing in a pitch that is under way, in words."""

    id: int
    client: str
    name: str
    stage: str
    kind: str
    value: Decimal
    currency: str
    services: list[str]
    source: str
    owner: str
    face_to_face: bool
    expected_on: dt.date | None
    added_at: dt.datetime
    closed_at: dt.datetime | None
    closed_because: str
    verdict: str | None
    score: int | None
    paired: str | None
    gaps: list[str]


class LeadPage(Schema):
    """Leads, the latest change first; `next` is what to send as `after` for the rest."""

    items: list[LeadRow]
    next: str | None


@router.get("", response=LeadPage, summary="Leads you see, the newest first")
def index(request: ApiRequest, stage: str = "", after: int = 0, limit: Limit = 50) -> HttpResponse:
    """`stage` is open, pitching, won, lost or withdrawn."""
    rows = Lead.objects.visible_to(request.auth).order_by("-pk")
    if stage:
        rows = rows.filter(stage=stage) if stage in LeadStage.values else rows.none()
    if after:
        rows = rows.filter(pk__lt=after)
    cards = cards_of(rows[: limit + 1])
    more = str(cards[limit - 1].lead.pk) if len(cards) > limit else None
    return answer(request, {"items": [lead_data(card) for card in cards[:limit]], "next": more})


@router.post("", response={201: LeadRow}, summary="Add a lead")
def add(request: ApiRequest, lead: LeadIn) -> HttpResponse:
    """The organisation becomes a prospect; nothing is planned for it. Repeats with an Idempotency-Key."""
    if not works_on_leads(request.auth):
        raise ReadsOnly(
            "This token or role does not work on leads.", remedy="Use a token with the scope “write”."
        )

    def act() -> HttpResponse:
        values = lead.model_dump()
        name, email = values.pop("name"), values.pop("owner")
        owner = _owner(email, member_of(request))
        known = Client.objects.visible_to(request.auth).filter(
            stage=Stage.PROSPECT, name__iexact=name.strip()
        )
        made = add_lead(known.first() or name, by=request.auth, owner=owner, **values)
        return answer(request, lead_data(cards_of(Lead.objects.filter(pk=made.pk))[0]), 201)

    return once(request, act)


@router.get("/{pk}", response=LeadRow, summary="One lead", url_name="lead-api")
def show(request: ApiRequest, pk: int) -> HttpResponse:
    """As in the list."""
    card = next(iter(cards_of(Lead.objects.visible_to(request.auth).filter(pk=pk))), None)
    if card is None:
        raise Http404("There is no such lead, or you are not named on it.")
    return answer(request, lead_data(card))


def _owner(email: str, asker: Member) -> Member:
    if not email:
        return asker
    found = Member.objects.here().filter(email__iexact=email.strip()).first()
    if found is None:
        raise Refusal(
            f"Nobody here has the address {email}.", remedy="Send a colleague’s, or none.", field="owner"
        )
    return found
