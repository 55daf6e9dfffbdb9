"""`/api/commitments`: what is owed, and everything done to it. The id is the promise's key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated

from django.db.models import Q
from django.http import Http404, HttpResponse
from ninja import Query, Router

from steadyhand.api.answers import answer
from steadyhand.api.authentication import ApiRequest, member_of
from steadyhand.api.idempotency import once
from steadyhand.api.schemas import (
    CommitmentPage,
    CommitmentRow,
    CompletionIn,
    HandoverIn,
    MoveIn,
    StateName,
    Today,
    WaitIn,
    WaiverIn,
)
from steadyhand.clients.models import Client
from steadyhand.commitments import keeping
from steadyhand.commitments.listing import COLUMNS, as_listed, member_addressed
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.models.commitment import CommitmentQuerySet
from steadyhand.core import clock
from steadyhand.core.refusals import Refusal
from steadyhand.desk.api_reads import unknown_key
from steadyhand.people.roles import Capability

router = Router(tags=["commitments"])
today_router = Router(tags=["commitments"])

Limit = Annotated[int, Query(ge=1, le=500)]
MOST_TODAY = 200


class ReadsOnly(Refusal):
    """The token may look, not act."""


@router.get("", response=CommitmentPage, summary="Commitments between two days")
def index(
    request: ApiRequest,
    first: Annotated[dt.date, Query(alias="from")],
    last: Annotated[dt.date, Query(alias="to")],
    client: str = "",
    owner: str = "",
    state: StateName | None = None,
    after: str = "",
    limit: Limit = 100,
) -> HttpResponse:
    """Local due days, both included, in the order they fall due. `client` is a ref, `owner` an e-mail."""
    if last < first:
        raise Refusal(f"{last} comes before {first}.", remedy="Put the later day last.", field="to")
    rows = Commitment.objects.visible_to(request.auth).filter(
        due_on__range=(first, last),
        due_at__gte=clock.midnight(first, "UTC") - dt.timedelta(days=1),
        due_at__lt=clock.midnight(last, "UTC") + dt.timedelta(days=3),
    )
    if client:
        seen = Client.objects.visible_to(request.auth).filter(ref=client).values_list("pk", flat=True)
        rows = rows.filter(client=_some(seen.first()))
    if owner:
        rows = rows.filter(owner=member_addressed(owner))
    if state is not None:
        rows = rows.filter(state=state)
    if after:
        at, pk = _read_key(after)
        rows = rows.filter(Q(due_at__gte=at) & (Q(due_at__gt=at) | Q(pk__gt=pk)))
    found = list(rows.order_by("due_at", "pk").values_list("due_at", "pk", *COLUMNS)[: limit + 1])
    page = found[:limit]
    following = f"{page[-1][0].isoformat()}~{page[-1][1]}" if len(found) > limit else None
    return answer(request, {"items": [as_listed(row[2:]) for row in page], "next": following})


@router.get("/{key}", response=CommitmentRow, summary="One commitment")
def show(request: ApiRequest, key: str) -> HttpResponse:
    """By its id."""
    return answer(request, _listed(_seen(request, key)))


@router.post("/{key}/completion", response={201: CommitmentRow}, summary="Mark it as done")
def complete(request: ApiRequest, key: str, sent: CompletionIn) -> HttpResponse:
    """Now, or at a moment that has been."""
    if sent.at is not None and (sent.at.tzinfo is None or sent.at > clock.now()):
        raise Refusal(
            "“at” is a moment that has been, with its offset.",
            remedy="Write it as 2026-11-27T10:00:00Z.",
            field="at",
        )
    return _act(
        request, key, lambda row: keeping.complete(row, by=request.auth, note=sent.note, at=sent.at), 201
    )


@router.delete("/{key}/completion", response=CommitmentRow, summary="It is not done after all")
def reopen(request: ApiRequest, key: str) -> HttpResponse:
    """Takes the completion back."""
    return _act(request, key, lambda row: keeping.reopen(row, by=request.auth))


@router.post("/{key}/move", response={201: CommitmentRow}, summary="Give it another day")
def move(request: ApiRequest, key: str, sent: MoveIn) -> HttpResponse:
    """With an hour, or none."""
    time = sent.time.replace(tzinfo=None) if sent.time else None
    return _act(
        request,
        key,
        lambda row: keeping.move(row, sent.day, by=request.auth, to_time=time, reason=sent.reason),
        201,
    )


@router.delete("/{key}/move", response=CommitmentRow, summary="Take the latest move back")
def unmove(request: ApiRequest, key: str) -> HttpResponse:
    """It is due when it was before."""
    return _act(request, key, lambda row: keeping.unmove(row, by=request.auth))


@router.post("/{key}/waiver", response={201: CommitmentRow}, summary="It will not be done, for a reason")
def waive(request: ApiRequest, key: str, sent: WaiverIn) -> HttpResponse:
    """The reason stays readable."""
    return _act(request, key, lambda row: keeping.waive(row, by=request.auth, reason=sent.reason), 201)


@router.delete("/{key}/waiver", response=CommitmentRow, summary="Owe it again")
def unwaive(request: ApiRequest, key: str) -> HttpResponse:
    """Takes the waiver back."""
    return _act(request, key, lambda row: keeping.unwaive(row, by=request.auth))


@router.post("/{key}/handover", response={201: CommitmentRow}, summary="Give it to a colleague")
def hand_over(request: ApiRequest, key: str, sent: HandoverIn) -> HttpResponse:
    """They keep it from now on."""
    return _act(
        request,
        key,
        lambda row: keeping.hand_over(row, member_addressed(sent.to), by=request.auth, note=sent.note),
        201,
    )


@router.delete("/{key}/handover", response=CommitmentRow, summary="Take it back")
def take_back(request: ApiRequest, key: str) -> HttpResponse:
    """Undoes the latest handover."""
    return _act(request, key, lambda row: keeping.take_back(row, by=request.auth))


@router.post("/{key}/wait", response={201: CommitmentRow}, summary="The next move is the client's")
def wait(request: ApiRequest, key: str, sent: WaitIn) -> HttpResponse:
    """The days are counted."""
    return _act(request, key, lambda row: keeping.wait_on_client(row, by=request.auth, note=sent.note), 201)


@router.delete("/{key}/wait", response=CommitmentRow, summary="The client has answered")
def stop_waiting(request: ApiRequest, key: str) -> HttpResponse:
    """It is ours again."""
    return _act(request, key, lambda row: keeping.stop_waiting(row, by=request.auth))


@today_router.get("", response=Today, summary="What you owe today")
def today(request: ApiRequest) -> HttpResponse:
    """Your own promises: overdue, due today, and waiting on clients."""
    member = member_of(request)
    now, date = clock.now(), clock.today(member.zone)
    mine = Commitment.objects.visible_to(request.auth).owned_by(member)
    ours = mine.filter(waiting_since=None)
    until = clock.midnight(date + dt.timedelta(days=1), member.zone)
    return answer(
        request,
        {
            "date": date,
            "zone": member.zone,
            "overdue": _rows(ours.overdue(now)),
            "today": _rows(ours.open().filter(Q(due_at__lte=until) | Q(due_on=date), due_at__gte=now)),
            "waiting": _rows(mine.waiting()),
        },
    )


def _rows(rows: CommitmentQuerySet) -> list[object]:
    found = rows.order_by("due_at", "pk").values_list(*COLUMNS)[:MOST_TODAY]
    return [as_listed(row) for row in found]


def _seen(request: ApiRequest, key: str) -> Commitment:
    row = Commitment.objects.visible_to(request.auth).by_key(key).first()
    if row is None:
        raise Http404
    return row


def _some(pk: int | None) -> int:
    if pk is None:
        raise Http404
    return pk


def _listed(row: Commitment) -> object:
    return as_listed(Commitment.objects.filter(pk=row.pk).values_list(*COLUMNS).get())


def _act(
    request: ApiRequest, key: str, verb: Callable[[Commitment], object], status: int = 200
) -> HttpResponse:
    """Do it to a promise the actor sees, once for each Idempotency-Key, and answer with what it is now."""
    if not request.auth.may(Capability.KEEP_PROMISES):
        raise ReadsOnly(
            "This token or role does not change commitments.", remedy="Use a token with the scope “write”."
        )

    def act() -> HttpResponse:
        row = _seen(request, key)
        verb(row)
        return answer(request, _listed(row), status)

    return once(request, act)


def _read_key(key: str) -> tuple[dt.datetime, int]:
    moment, _, pk = key.replace(" ", "+").partition("~")
    try:
        at = dt.datetime.fromisoformat(moment)
        if at.tzinfo is None:
            raise ValueError(moment)
        return at, int(pk)
    except ValueError as error:
        raise unknown_key() from error
