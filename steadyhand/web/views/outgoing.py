"""Outgoing mail: what left, what waits, what got stuck, with every attempt; and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from steadyhand.clients.models import Client
from steadyhand.core import outbox
from steadyhand.core.actor import Actor
from steadyhand.core.models import MailState, OutboxMessage
from steadyhand.people.roles import Capability
from steadyhand.web.access import StaffRequest, require
from steadyhand.web.answers import do

HERE = "/settings/mail/"
A_PAGE = 50
ON_TOP = (MailState.UNCERTAIN, MailState.FAILED, MailState.QUEUED, MailState.SENT, MailState.CANCELLED)
EMPTY = {
    "": "No mail has left yet. Invitations, codes, letters to clients and reports will be listed here.",
    MailState.QUEUED: "Nothing waits to leave.",
    MailState.SENDING: "Nothing is on its way at this moment.",
    MailState.SENT: "Nothing has been sent yet.",
    MailState.FAILED: "Nothing failed.",
    MailState.CANCELLED: "Nobody has cancelled a mail.",
    MailState.UNCERTAIN: "Every mail's fate is known.",
}


@require_GET
@require(Capability.MANAGE_SETTINGS)
def index(request: StaffRequest) -> HttpResponse:
    """All mail, the newest first, by state and by address."""
    mails = OutboxMessage.objects.visible_to(request.actor)
    state, to = request.GET.get("state", ""), request.GET.get("to", "").strip()[:254]
    state = state if state in MailState.values else ""
    counts = dict(mails.order_by().values_list("state").annotate(Count("pk")))
    shown = mails.filter(state=state) if state else mails
    if to:
        shown = shown.filter(recipient__icontains=to)
    if (before := request.GET.get("before", "")).isdecimal():
        shown = shown.filter(pk__lt=int(before))
    page = list(shown.order_by("-pk").defer("text", "html", "mime")[: A_PAGE + 1])
    rows, more = page[:A_PAGE], len(page) > A_PAGE
    clients = _clients(request, rows)
    context = {
        "rows": [(mail, clients.get(mail.client_id or 0)) for mail in rows],
        "tabs": _tabs(state, to, counts),
        "state": state,
        "to": to,
        "empty": EMPTY[state],
        "older": _address(state, to, before=rows[-1].pk) if more else "",
        "newest": _address(state, to) if before else "",
    }
    return render(request, "web/settings/outgoing.html", context)


@require_GET
@require(Capability.MANAGE_SETTINGS)
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One mail with its attempts. What it says is for those who wrote and read it, not for this page."""
    mail = _mail(request, pk)
    context = {
        "mail": mail,
        "client": _clients(request, [mail]).get(mail.client_id or 0),
        "attempts": mail.attempt_log.order_by("number"),
        "acts": [(label, f"{HERE}{pk}/{noun}/", kind) for label, noun, kind in _acts(mail)],
        "has_text": bool(mail.mime),
    }
    return render(request, "web/settings/outgoing_mail.html", context)


@require_POST
@require(Capability.MANAGE_SETTINGS)
def cancellation(request: StaffRequest, pk: int) -> HttpResponse:
    """Keep it from leaving."""
    return _act(request, pk, outbox.cancel, "Cancelled: the mail to {} does not leave.")


@require_POST
@require(Capability.MANAGE_SETTINGS)
def repetition(request: StaffRequest, pk: int) -> HttpResponse:
    """It did not arrive: send it again."""
    return _act(request, pk, outbox.repeat, "The mail to {} is sent again, under the same Message-ID.")


@require_POST
@require(Capability.MANAGE_SETTINGS)
def arrival(request: StaffRequest, pk: int) -> HttpResponse:
    """It arrived."""
    return _act(request, pk, outbox.confirm, "Noted: the mail to {} arrived.")


@require_POST
@require(Capability.MANAGE_SETTINGS)
def retry(request: StaffRequest, pk: int) -> HttpResponse:
    """Try it again."""
    return _act(request, pk, outbox.retry, "The mail to {} is tried again.")


def _mail(request: StaffRequest, pk: int) -> OutboxMessage:
    return get_object_or_404(OutboxMessage.objects.visible_to(request.actor), pk=pk)


def _act(request: StaffRequest, pk: int, verb: Callable[..., None], said: str) -> HttpResponse:
    mail, by = _mail(request, pk), request.actor
    return do(request, f"{HERE}{pk}/", lambda: verb(mail, by=by), said.format(mail.recipient))


def _acts(mail: OutboxMessage) -> list[tuple[str, str, str]]:
    """What may be done about it: label, noun in the address, look. Without its text nothing leaves."""
    if mail.state == MailState.QUEUED:
        return [("Cancel", "cancellation", "danger")]
    if mail.state == MailState.UNCERTAIN:
        again = [("Send again", "repetition", "")] if mail.mime else []
        return [("It arrived", "arrival", "do"), *again]
    if mail.state == MailState.FAILED and mail.mime:
        return [("Try again", "retry", "do")]
    return []


def _clients(request: StaffRequest, mails: list[OutboxMessage]) -> dict[int, Client]:
    actor: Actor = request.actor
    ids = {mail.client_id for mail in mails if mail.client_id}
    return Client.objects.visible_to(actor).in_bulk(ids) if ids else {}


def _tabs(state: str, to: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    known = [("", "All", sum(counts.values()))]
    known += [(s, str(s.label).capitalize(), counts.get(s, 0)) for s in ON_TOP]
    return [
        {"label": label, "url": _address(value, to), "current": value == state, "count": count}
        for value, label, count in known
    ]


def _address(state: str, to: str, **more: int) -> str:
    asked = {name: value for name, value in {"state": state, "to": to, **more}.items() if value}
    return f"{HERE}?{urlencode(asked)}" if asked else HERE
