"""`/api/clients/<ref>/messages`: mail with a client: read, drafted, queued, taken back."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import Http404, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from steadyhand.api.answers import answer
from steadyhand.api.authentication import ApiRequest, member_of
from steadyhand.api.commitments import ReadsOnly
from steadyhand.api.idempotency import once
from steadyhand.clients.models import Client
from steadyhand.comms.mail import writing
from steadyhand.comms.mail.letters import contact_at
from steadyhand.comms.models import Message, MessageState
from steadyhand.core.refusals import Refusal
from steadyhand.desk.api_reads import find
from steadyhand.people.roles import Capability

router = Router(tags=["messages"])

Limit = Annotated[int, Query(ge=1, le=200)]
UNREAD = (MessageState.TRIAGE, MessageState.DISMISSED)


class MessageRow(Schema):
    id: int
    message_id: str | None
    thread: str | None = Field(description="The Message-ID its thread began with.")
    direction: str
    state: str = Field(
        description="draft, in_review, queued, sending, sent, failed, uncertain, cancelled or received."
    )
    from_: str = Field(alias="from")
    to: list[str]
    copies: list[str]
    subject: str
    text: str
    template: str | None
    important: bool
    by: str | None = Field(description="E-mail address of ours who writes it.")
    send_at: dt.datetime | None
    at: dt.datetime | None = Field(description="When it was sent or came.")


class MessagePage(Schema):
    items: list[MessageRow]
    next: str | None


class MessageIn(Schema):
    """A draft. With a template, subject and text may be left out; `fields` fills merge fields in."""

    to: list[str]
    copies: list[str] = []
    template: str = ""
    subject: str = ""
    text: str = ""
    fields: dict[str, str] = {}
    important: bool = False
    in_reply_to: int | None = Field(None, description="The id of the message it answers.")


class SendingIn(Schema):
    send_at: dt.datetime | None = Field(None, description="With its offset; none: as soon as it may.")
    at_once: bool = Field(False, description="Without the delay in which it can be taken back.")


@router.get("/{ref}/messages", response=MessagePage, summary="Mail with a client, the latest first")
def index(request: ApiRequest, ref: str, after: str = "", limit: Limit = 50) -> HttpResponse:
    """Drafts too; a page at a time."""
    rows = Message.objects.visible_to(request.auth).filter(client=_client(request, ref).pk)
    if after:
        if not after.isdigit():
            raise Refusal("“after” is not a place in this list.", remedy="Send “next” back as it came.")
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.exclude(state__in=UNREAD).select_related("member").order_by("-pk")[: limit + 1])
    following = str(found[limit - 1].pk) if len(found) > limit else None
    return answer(request, {"items": [_told(row) for row in found[:limit]], "next": following})


@router.post("/{ref}/messages", response={201: MessageRow}, summary="Draft a mail")
def draft(request: ApiRequest, ref: str, sent: MessageIn) -> HttpResponse:
    """In your own name. Nothing leaves before it is sent."""
    client = _writable(request, ref)

    def act() -> HttpResponse:
        made = writing.draft_message(
            client,
            by=request.auth,
            member=member_of(request),
            contact=contact_at(client, sent.to[0]) if sent.to else None,
            to=sent.to,
            copies=sent.copies,
            template=sent.template,
            subject=sent.subject,
            text=sent.text,
            fields=sent.fields,
            important=sent.important,
            in_reply_to=_one(request, ref, sent.in_reply_to) if sent.in_reply_to else None,
        )
        return answer(request, _told(made), 201)

    return once(request, act)


@router.get("/{ref}/messages/{number}", response=MessageRow, summary="One message")
def show(request: ApiRequest, ref: str, number: int) -> HttpResponse:
    """By its id."""
    return answer(request, _told(_one(request, ref, number)))


@router.post("/{ref}/messages/{number}/sending", response={201: MessageRow}, summary="Let it leave")
def send(request: ApiRequest, ref: str, number: int, sent: SendingIn) -> HttpResponse:
    """At a moment, after the agency's delay, or at once; important mail may go to a reviewer first."""
    _writable(request, ref)
    if sent.send_at is not None and sent.send_at.tzinfo is None:
        raise Refusal(
            "“send_at” lacks its offset.", remedy="Write it as 2026-12-01T09:00:00Z.", field="send_at"
        )

    def act() -> HttpResponse:
        row = _one(request, ref, number)
        queued = writing.queue_message(row, by=request.auth, send_at=sent.send_at, at_once=sent.at_once)
        return answer(request, _told(queued), 201)

    return once(request, act)


@router.delete("/{ref}/messages/{number}/sending", response=MessageRow, summary="Take it back")
def cancel(request: ApiRequest, ref: str, number: int) -> HttpResponse:
    """While it has not left."""
    _writable(request, ref)
    row = _one(request, ref, number)
    return once(request, lambda: answer(request, _told(writing.cancel_message(row, by=request.auth))))


def _told(row: Message) -> dict[str, Any]:
    return {
        "id": row.pk,
        "message_id": row.message_id or None,
        "thread": row.thread or None,
        "direction": row.direction,
        "state": row.state,
        "from": row.from_address,
        "to": row.to,
        "copies": row.copies,
        "subject": row.subject,
        "text": row.text,
        "template": row.template or None,
        "important": row.important,
        "by": row.member.email if row.member else None,
        "send_at": row.send_at,
        "at": row.at,
    }


def _client(request: ApiRequest, ref: str) -> Client:
    pk = find(request.auth, ref)
    if pk is None:
        raise Http404
    return Client.objects.get(pk=pk)


def _writable(request: ApiRequest, ref: str) -> Client:
    client = _client(request, ref)
    if not request.auth.may(Capability.KEEP_PROMISES):
        raise ReadsOnly(
            "This token or role does not write to clients.", remedy="Use a token with the scope “write”."
        )
    return client


def _one(request: ApiRequest, ref: str, number: int) -> Message:
    seen = Message.objects.visible_to(request.auth).filter(client=_client(request, ref).pk)
    row = seen.exclude(state__in=UNREAD).select_related("member").filter(pk=number).first()
    if row is None:
        raise Http404
    return row
