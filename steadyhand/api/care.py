"""`/api/clients/<ref>/flags`, `…/ratings`, `…/calls`: worries, the monthly ratings, calls held."""

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
from steadyhand.care.flags import raise_flag
from steadyhand.care.models import Flag, Rating
from steadyhand.care.ratings import rate
from steadyhand.clients.models import Client, Stage
from steadyhand.comms.models import Call
from steadyhand.people.roles import Capability

router = Router(tags=["clients"])

Limit = Annotated[int, Query(ge=1, le=200)]


class FlagIn(Schema):
    """A serious worry, in a line."""

    text: str = Field(min_length=1, max_length=500)


class FlagRow(Schema):
    """A flag; `settled_how` once it is settled."""

    id: int
    text: str
    source: str
    raised_at: dt.datetime
    raised_by: str | None
    settled_at: dt.datetime | None
    settled_how: str


class RatingsIn(Schema):
    """Scores from 1 (poor) to 5 (excellent) by the key of the playbook's question."""

    scores: dict[str, int]
    comment: str = Field(default="", max_length=500)


class RatingRow(Schema):
    """One answer; `month` is the first day of the month rated."""

    question: str
    score: int
    month: dt.date
    comment: str
    contact: str | None


class CallRow(Schema):
    """A call that was held, with what was written in it, by the key of its part."""

    id: int
    began_at: dt.datetime
    ended_at: dt.datetime | None
    contact: str | None
    by: str | None
    minutes: int | None
    summary: str
    notes: dict[str, str]


@router.get("/{ref}/flags", response=list[FlagRow], summary="Flags, newest first")
def flags(request: ApiRequest, ref: str, state: str = "open", limit: Limit = 50) -> HttpResponse:
    """`state` is open, settled or all."""
    rows = Flag.objects.visible_to(request.auth).filter(client=_client(request, ref), withdrawn_at=None)
    if state != "all":
        rows = rows.filter(settled_at__isnull=state != "settled")
    return answer(request, [_flag(row) for row in rows.select_related("raised_by")[:limit]])


@router.post("/{ref}/flags", response={201: FlagRow}, summary="Raise a flag")
def flag(request: ApiRequest, ref: str, sent: FlagIn) -> HttpResponse:
    """Only what is serious; the client never sees it."""
    _refuse_readers(request)

    def act() -> HttpResponse:
        client = _client(request, ref)
        row = raise_flag(client, sent.text, by=request.auth, member=member_of(request))
        return answer(request, _flag(row), 201)

    return once(request, act)


@router.get("/{ref}/ratings", response=list[RatingRow], summary="The monthly ratings, newest first")
def ratings(request: ApiRequest, ref: str, limit: Limit = 60) -> HttpResponse:
    """Five a month at most."""
    rows = Rating.objects.visible_to(request.auth).filter(client=_client(request, ref))
    return answer(request, [_rating(row) for row in rows.select_related("contact")[:limit]])


@router.post("/{ref}/ratings", response={201: list[RatingRow]}, summary="What they rated us this month")
def give_ratings(request: ApiRequest, ref: str, sent: RatingsIn) -> HttpResponse:
    """A second answer in the month replaces the first; a low one promises a follow-up."""
    _refuse_readers(request)

    def act() -> HttpResponse:
        client = _client(request, ref)
        kept = rate(client, sent.scores, by=request.auth, member=member_of(request), comment=sent.comment)
        return answer(request, [_rating(row) for row in kept], 201)

    return once(request, act)


@router.get("/{ref}/calls", response=list[CallRow], summary="Calls, newest first")
def calls(request: ApiRequest, ref: str, limit: Limit = 25) -> HttpResponse:
    """Held and being held; without those opened by mistake."""
    rows = Call.objects.visible_to(request.auth).filter(client=_client(request, ref), dropped_at=None)
    found = rows.select_related("contact", "member", "interaction").prefetch_related("notes")[:limit]
    return answer(request, [_call(row) for row in found])


def _refuse_readers(request: ApiRequest) -> None:
    if not request.auth.may(Capability.KEEP_PROMISES):
        raise ReadsOnly(
            "This token or role raises no flags and keeps no ratings.",
            remedy="Use a token with the scope “write”.",
        )


def _client(request: ApiRequest, ref: str) -> Client:
    seen = Client.objects.visible_to(request.auth).exclude(stage=Stage.MERGED)
    found = seen.filter(ref=ref).first()
    if found is None:
        raise Http404
    return found


def _flag(row: Flag) -> Data:
    return {
        "id": row.pk,
        "text": row.text,
        "source": row.source,
        "raised_at": row.raised_at,
        "raised_by": row.raised_by.name if row.raised_by else None,
        "settled_at": row.settled_at,
        "settled_how": row.settled_how,
    }


def _rating(row: Rating) -> Data:
    return {
        "question": row.question,
        "score": row.score,
        "month": row.month,
        "comment": row.comment,
        "contact": row.contact.name if row.contact else None,
    }


def _call(row: Call) -> Data:
    said = row.interaction
    return {
        "id": row.pk,
        "began_at": row.began_at,
        "ended_at": row.ended_at,
        "contact": row.contact.name if row.contact else None,
        "by": row.member.name if row.member else None,
        "minutes": said.minutes if said else None,
        "summary": said.summary if said else "",
        "notes": {note.part: note.text for note in row.notes.all() if note.text},
    }
