"""Tools that send figures by themselves: connecting one, how far it is read, renewing its access (R1)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from steadyhand.clients.models import Client
from steadyhand.core import clock
from steadyhand.people.roles import Capability
from steadyhand.reporting.metrics import connecting, fetching
from steadyhand.reporting.metrics.providers import Provider, provider
from steadyhand.reporting.models import Connection
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require
from steadyhand.web.answers import do
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.connections import ConnectionForm
from steadyhand.web.views.clients import found, tabs

CONNECTS = Capability.EDIT_CLIENTS


@require_http_methods(["GET", "POST"])
@require(CONNECTS)
def new(request: StaffRequest, ref: str, tool: str) -> HttpResponse:
    """Connect an account of this tool."""
    client, known = found(request, ref, CONNECTS), _known(tool)
    today = clock.today(client.zone)
    form = ConnectionForm(request.POST or None, tool=known, today=today)

    def act(**said: Any) -> None:
        connecting.connect(client, known, form.typed(), by=request.actor, since=said["since"])

    if request.method == "POST" and carried_out(form, act):
        said = f"{known.label} is connected. Its figures come in a few minutes."
        return toast(request, redirect(_sources(client)), said)
    context = {"client": client, "tabs": tabs(client, "Figures"), "tool": known, "form": form}
    return render(request, "web/dashboard/connecting.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@require(CONNECTS)
def show(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """How far it has been read, what it said last; POST renews its access."""
    client = found(request, ref, CONNECTS)
    row = _connection(request, client, pk)
    known = _known(row.provider)
    today = clock.today(client.zone)
    form = ConnectionForm(request.POST or None, tool=known, renewal=True, today=today)

    def act(**_: Any) -> None:
        connecting.renew(row, known, form.typed(), by=request.actor)

    if request.method == "POST" and carried_out(form, act):
        said = f"The access to {row.source.label} is renewed. It is read again in a few minutes."
        return toast(request, redirect(_sources(client)), said)
    context = {
        "client": client,
        "tabs": tabs(client, "Figures"),
        "tool": known,
        "connection": row,
        "progress": fetching.progress(row),
        "answers": row.answers.all()[:10],
        "form": form,
    }
    return render(request, "web/dashboard/connection.html", context, status=422 if form.is_bound else 200)


@require_POST
@require(CONNECTS)
def run(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """Read it now; with `whole`, everything since its first day."""
    client = found(request, ref, CONNECTS)
    row, whole = _connection(request, client, pk), "whole" in request.POST
    act = lambda: connecting.run_now(row, by=request.actor, whole=whole)  # noqa: E731
    return do(request, _sources(client), act, f"{row.source.label} is read in a few minutes.")


@require_POST
@require(CONNECTS)
def removal(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """Forget the access; the figures stay."""
    client = found(request, ref, CONNECTS)
    row = _connection(request, client, pk)
    said = f"{row.source.label} is no longer read. Its figures stay."
    return do(request, _sources(client), lambda: connecting.disconnect(row, by=request.actor), said)


def _known(key: str) -> Provider:
    known = provider(key)
    if known is None:
        raise Http404("There is no such tool.")
    return known


def _connection(request: StaffRequest, client: Client, pk: int) -> Connection:
    rows = Connection.objects.visible_to(request.actor).select_related("source", "client")
    row = rows.filter(client=client, pk=pk).first()
    if row is None:
        raise Http404("There is no such connection.")
    return row


def _sources(client: Client) -> str:
    return f"{client.get_absolute_url()}sources/"
