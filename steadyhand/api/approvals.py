"""`/api/approvals`, `/api/pieces/<id>/posting`: what clients were asked to approve, and when it goes out."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from django.http import Http404, HttpResponse
from ninja import Router, Schema

from steadyhand.api.answers import Data, answer
from steadyhand.api.authentication import ApiRequest, member_of
from steadyhand.api.care import Limit
from steadyhand.api.commitments import ReadsOnly
from steadyhand.api.idempotency import once
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.approvals.scheduling import schedule_posting, unschedule_posting
from steadyhand.delivery.models import Bundle, Piece
from steadyhand.desk.approvals import BundleRow, PieceCard, bundle_page, bundle_rows
from steadyhand.people.roles import Capability

router = Router(tags=["approvals"])
pieces_router = Router(tags=["approvals"])

Turn = Literal["ours", "theirs", "done"]


class BundleLine(Schema):
    """A bundle; `waited` counts working days on which the next move was the client's."""

    id: int
    client: str
    title: str
    social: bool
    mode: str
    due_on: dt.date
    asked_at: dt.datetime | None
    settled_at: dt.datetime | None
    turn: Turn
    waiting_since: dt.datetime | None
    waited: int
    pieces: int
    approved: int


class DecisionRow(Schema):
    """What one level said."""

    level: int
    by: str
    verdict: str
    words: str
    at: dt.datetime


class PieceRow(Schema):
    """A piece at its newest version; `blocked` says why it may not be scheduled, empty where it may."""

    id: int
    kind: str
    title: str
    version: int | None
    standing: str
    blocked: str
    posting_at: dt.datetime | None
    decisions: list[DecisionRow]


class BundleOut(BundleLine):
    """A bundle with its pieces."""

    contents: list[PieceRow]


class PostingIn(Schema):
    """When it goes out, with its offset: 2026-12-07T10:00:00+00:00."""

    at: dt.datetime


@router.get("", response=list[BundleLine], summary="Bundles, the most pressing first")
def approvals(
    request: ApiRequest,
    client: str = "",
    state: Literal["waiting", "open", "settled", "all"] = "all",
    limit: Limit = 50,
) -> HttpResponse:
    """`state`: waiting on the client, open (not settled), settled, or all; `client` is its ref."""
    rows = Bundle.objects.visible_to(request.auth).standing().preloaded()
    if client:
        rows = rows.filter(client__ref=client)
    if state == "waiting":
        rows = rows.waiting()
    elif state != "all":
        rows = rows.filter(settled_at__isnull=state == "open")
    return answer(request, [_line(row) for row in bundle_rows(rows[:limit])])


@router.get("/{pk}", response=BundleOut, summary="One bundle with its pieces")
def approval(request: ApiRequest, pk: int) -> HttpResponse:
    """What was said to each newest version, and what may be scheduled."""
    bundle = Bundle.objects.visible_to(request.auth).standing().preloaded().filter(pk=pk).first()
    if bundle is None:
        raise Http404
    page = bundle_page(bundle, for_client=False)
    return answer(
        request, _line(bundle_rows([bundle])[0]) | {"contents": [_piece(card) for card in page.pieces]}
    )


@pieces_router.post("/{pk}/posting", response={201: PieceRow}, summary="Schedule a piece for posting")
def posting(request: ApiRequest, pk: int, sent: PostingIn) -> HttpResponse:
    """Refused before it is approved; another time replaces the one it has."""
    _refuse_readers(request)

    def act() -> HttpResponse:
        piece = _found(request, pk)
        if sent.at.tzinfo is None:
            raise Refusal("That moment has no offset.", remedy="Write 2026-12-07T10:00:00+00:00.", field="at")
        schedule_posting(piece, sent.at, by=request.auth, member=member_of(request))
        return answer(request, _now(piece), 201)

    return once(request, act)


@pieces_router.delete("/{pk}/posting", response=PieceRow, summary="Call a posting off")
def posting_off(request: ApiRequest, pk: int) -> HttpResponse:
    """Its promise is taken back with it."""
    _refuse_readers(request)

    def act() -> HttpResponse:
        piece = _found(request, pk)
        unschedule_posting(piece, by=request.auth)
        return answer(request, _now(piece))

    return once(request, act)


def _refuse_readers(request: ApiRequest) -> None:
    if not request.auth.may(Capability.KEEP_PROMISES):
        raise ReadsOnly("This token or role schedules nothing.", remedy="Use a token with the scope “write”.")


def _found(request: ApiRequest, pk: int) -> Piece:
    rows = Piece.objects.visible_to(request.auth).kept().select_related("bundle__client")
    piece = rows.filter(pk=pk, bundle__withdrawn_at=None).first()
    if piece is None:
        raise Http404
    return piece


def _now(piece: Piece) -> Data:
    page = bundle_page(Bundle.objects.preloaded().get(pk=piece.bundle_id), for_client=False)
    return _piece(next(card for card in page.pieces if card.piece.pk == piece.pk))


def _line(row: BundleRow) -> Data:
    bundle = row.bundle
    return {
        "id": bundle.pk,
        "client": bundle.client.ref,
        "title": bundle.title,
        "social": bundle.is_social,
        "mode": bundle.mode,
        "due_on": bundle.due_on,
        "asked_at": bundle.asked_at,
        "settled_at": bundle.settled_at,
        "turn": "ours" if bundle.asked_at is None else str(row.turn),
        "waiting_since": row.since,
        "waited": row.waited,
        "pieces": row.pieces,
        "approved": row.approved,
    }


def _piece(card: PieceCard) -> Data:
    return {
        "id": card.piece.pk,
        "kind": card.piece.kind,
        "title": card.piece.title,
        "version": card.standing.version.number if card.standing.version else None,
        "standing": str(card.standing.stand),
        "blocked": card.blocked,
        "posting_at": card.posting.at if card.posting else None,
        "decisions": [
            {"level": one.level, "by": one.by_name, "verdict": one.verdict, "words": one.words, "at": one.at}
            for one in card.standing.decisions
        ],
    }
