"""`/api/clients/<ref>/deliverables`, `…/set-up`, `…/strategy`; `/api/set-up`, `/api/glossary`."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.http import Http404, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from steadyhand.api.answers import Data, answer
from steadyhand.api.authentication import ApiRequest, member_of
from steadyhand.api.commitments import ReadsOnly
from steadyhand.api.idempotency import once
from steadyhand.clients.models import Client, Stage
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.channels import guides
from steadyhand.delivery.deliverables import promise_deliverable
from steadyhand.delivery.models import Deliverable, Strategy, Term, Timeline
from steadyhand.desk.set_up import Card, SetUpPage, set_up_page
from steadyhand.people.roles import Capability

of_client = Router(tags=["clients"])
router = Router(tags=["delivery"])

Limit = Annotated[int, Query(ge=1, le=200)]
UTC = "UTC"


class DeliverableIn(Schema):
    """A promise to deliver. `timeline` is the number of an honest one; without it say the `reason`."""

    title: str = Field(min_length=1, max_length=200)
    due_on: dt.date
    timeline: int | None = None
    reason: str = Field(default="", max_length=300)
    shared: bool = False


class MoveRow(Schema):
    """The promised date changed."""

    from_day: dt.date
    to_day: dt.date
    reason: str
    by: str
    at: dt.datetime


class DeliverableRow(Schema):
    """A deliverable: `first_due_on` is the date first promised, `due_on` the one that stands."""

    id: int
    title: str
    service: str | None
    first_due_on: dt.date
    due_on: dt.date
    promised_by: str
    promised_at: dt.datetime
    ready_on: dt.date | None
    timeline_given_by: str | None
    reason: str
    delivered_on: dt.date | None
    shared: bool
    moves: list[MoveRow]


class SetUpRow(Schema):
    """A service on its way from bought to running; `standing` is confirmed, ready, missing or late."""

    client: str
    engagement: str
    service: str
    standing: str
    lacks: list[str]
    last_day: dt.date | None
    manager: str | None
    starts_on: dt.date | None
    tasks: int
    tasks_done: int
    last_contact_at: dt.datetime | None


class StrategyRow(Schema):
    """The newest version of a client's strategy, and how far the client is with it."""

    version: int
    text: str
    business: str
    owner: str | None
    made_by: str
    changed_at: dt.datetime
    showing: str
    shared_at: dt.datetime | None
    signed_off_by: str | None
    signed_off_at: dt.datetime | None
    review_on: dt.date | None


class UsualRow(Schema):
    """How long something usually takes."""

    what: str
    takes: str


class ChannelRow(Schema):
    """How a channel works, what is delivered and how long that takes."""

    key: str
    name: str
    how: str
    delivers: list[str]
    usual: list[UsualRow]


class TermRow(Schema):
    """A word, explained."""

    word: str
    channel: str
    explanation: str
    explained_by: str


class Glossary(Schema):
    """Channels and words."""

    channels: list[ChannelRow]
    terms: list[TermRow]


@of_client.get("/{ref}/deliverables", response=list[DeliverableRow], summary="Deliverables by date")
def deliverables(request: ApiRequest, ref: str, state: str = "owed", limit: Limit = 50) -> HttpResponse:
    """`state` is owed, delivered or all; what was dropped is left out."""
    rows = Deliverable.objects.visible_to(request.auth).standing().filter(client=_client(request, ref))
    if state != "all":
        rows = rows.filter(delivered_on__isnull=state != "delivered")
    found = rows.select_related("service", "timeline__given_by").prefetch_related("moves")[:limit]
    return answer(request, [_deliverable(row) for row in found])


@of_client.post("/{ref}/deliverables", response={201: DeliverableRow}, summary="Promise a deliverable")
def promise(request: ApiRequest, ref: str, sent: DeliverableIn) -> HttpResponse:
    """Refused without an honest timeline, or before its day, unless there is a reason."""
    if not request.auth.may(Capability.KEEP_PROMISES):
        raise ReadsOnly("This token or role promises nothing.", remedy="Use a token with the scope “write”.")

    def act() -> HttpResponse:
        client = _client(request, ref)
        row = promise_deliverable(
            client,
            sent.title,
            due_on=sent.due_on,
            by=request.auth,
            timeline=_timeline(request, client, sent.timeline),
            reason=sent.reason,
            owner=member_of(request),
            shared=sent.shared,
        )
        return answer(request, _deliverable(row), 201)

    return once(request, act)


@of_client.get("/{ref}/set-up", response=list[SetUpRow], summary="How far each service is set up")
def client_set_up(request: ApiRequest, ref: str) -> HttpResponse:
    """Of one client, confirmed ones too."""
    page = set_up_page(request.auth, UTC, client=_client(request, ref))
    return answer(request, _set_up(page))


@of_client.get("/{ref}/strategy", response=StrategyRow, summary="The newest version of the strategy")
def strategy(request: ApiRequest, ref: str) -> HttpResponse:
    """404 where there is none."""
    rows = Strategy.objects.visible_to(request.auth).filter(client=_client(request, ref))
    row = rows.select_related("owner").first()
    if row is None:
        raise Http404
    version = row.versions.select_related("sign_off").latest("number")
    signed = getattr(version, "sign_off", None)
    return answer(
        request,
        {
            "version": version.number,
            "text": version.text,
            "business": version.business,
            "owner": row.owner.name if row.owner else None,
            "made_by": version.made_by,
            "changed_at": version.changed_at,
            "showing": version.showing,
            "shared_at": version.shared_at,
            "signed_off_by": signed.name if signed else None,
            "signed_off_at": signed.at if signed else None,
            "review_on": row.review_on,
        },
    )


@router.get("/set-up", response=list[SetUpRow], summary="Services that are not set up yet")
def set_up(request: ApiRequest) -> HttpResponse:
    """Of every client you see; late ones first."""
    return answer(request, _set_up(set_up_page(request.auth, UTC)))


@router.get("/glossary", response=Glossary, summary="Channels, and words somebody asked about")
def glossary(request: ApiRequest, q: str = "") -> HttpResponse:
    """`q` leaves those that hold it."""
    terms = Term.objects.visible_to(request.auth).explained()
    if q:
        terms = terms.filter(word__icontains=q) | terms.filter(explanation__icontains=q)
    return answer(
        request,
        {
            "channels": [
                {
                    "key": guide.key,
                    "name": guide.name,
                    "how": guide.how,
                    "delivers": guide.delivers,
                    "usual": [{"what": one.what, "takes": one.takes} for one in guide.usual],
                }
                for guide in guides()
                if not q or guide.holds(q)
            ],
            "terms": [
                {
                    "word": term.word,
                    "channel": term.channel,
                    "explanation": term.explanation,
                    "explained_by": term.explained_by,
                }
                for term in terms[:500]
            ],
        },
    )


def _client(request: ApiRequest, ref: str) -> Client:
    seen = Client.objects.visible_to(request.auth).exclude(stage=Stage.MERGED)
    found = seen.filter(ref=ref).first()
    if found is None:
        raise Http404
    return found


def _timeline(request: ApiRequest, client: Client, pk: int | None) -> Timeline | None:
    if pk is None:
        return None
    row = Timeline.objects.visible_to(request.auth).given().filter(client=client, pk=pk).first()
    if row is None:
        raise Refusal(
            f"There is no timeline {pk} of this client.", remedy="Ask for one first.", field="timeline"
        )
    return row


def _deliverable(row: Deliverable) -> Data:
    giver = row.timeline.given_by if row.timeline else None
    return {
        "id": row.pk,
        "title": row.title,
        "service": row.service.name if row.service else None,
        "first_due_on": row.first_due_on,
        "due_on": row.due_on,
        "promised_by": row.promised_by_name,
        "promised_at": row.promised_at,
        "ready_on": row.timeline.ready_on if row.timeline else None,
        "timeline_given_by": giver.name if giver else None,
        "reason": row.reason,
        "delivered_on": row.delivered_on,
        "shared": row.shared_at is not None,
        "moves": [
            {
                "from_day": move.from_day,
                "to_day": move.to_day,
                "reason": move.reason,
                "by": move.by_name,
                "at": move.at,
            }
            for move in row.moves.all()
        ],
    }


def _set_up(page: SetUpPage) -> list[Data]:
    return [row for card in page.cards for row in _lines(card)]


def _lines(card: Card) -> list[Data]:
    return [
        {
            "client": card.client.ref,
            "engagement": card.engagement.ref,
            "service": line.setup.service.name,
            "standing": str(line.standing),
            "lacks": line.lacks,
            "last_day": line.last_day,
            "manager": line.setup.manager.name if line.setup.manager else None,
            "starts_on": line.setup.starts_on,
            "tasks": len(line.tasks),
            "tasks_done": line.done,
            "last_contact_at": line.contacts[0].at if line.contacts else None,
        }
        for line in card.lines
    ]
