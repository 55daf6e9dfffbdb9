"""Paths to conversion of a client: models compared, assists, top paths, length, lag; data coming in (R8)."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from steadyhand.clients.models import Client
from steadyhand.commitments.keeping import may_act_for
from steadyhand.core.refusals import Refusal
from steadyhand.exchange.uploads import MAX_BYTES
from steadyhand.people.roles import Capability
from steadyhand.reporting.attribution.asking import PAGE_PATIENCE
from steadyhand.reporting.attribution.importing import by_command, import_tables, newest
from steadyhand.reporting.attribution.questions import MODELS
from steadyhand.reporting.attribution.reading import Choice, PathsPage, origin_of, paths_page, usual_choice
from steadyhand.reporting.metrics.receiving import client_currency
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.forms import carried_out, show_refusal
from steadyhand.web.forms.attribution import JourneysForm, PathsForm
from steadyhand.web.views.clients import found, tabs

KEEPS = Capability.KEEP_PROMISES


@require_GET
@staff
def show(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/paths/?start=&end=&lookback=&half_life=&by=`: the page, or what goes here."""
    return _page(request, found(request, ref))


@require_POST
@require(KEEPS)
def imports(request: StaffRequest, ref: str) -> HttpResponse:
    """Bring in two tables; they replace what was there."""
    client = found(request, ref, KEEPS)
    form = JourneysForm(request.POST, request.FILES)
    if too_large := getattr(request, "too_large", ""):
        form.is_valid()
        form.add_error(
            None,
            f"{too_large} is larger than {MAX_BYTES // 1024 // 1024} MB."
            f" Bring both in by the command {by_command(client)}",
        )
        return _page(request, client, form)

    def act(touchpoints: UploadedFile[bytes], conversions: UploadedFile[bytes]) -> None:
        with tempfile.TemporaryDirectory(prefix="steadyhand-journeys-") as folder:
            names = (
                _kept(Path(folder), "touches", touchpoints),
                _kept(Path(folder), "conversions", conversions),
            )
            called = f"{touchpoints.name}, {conversions.name}"
            import_tables(client, *names, by=request.actor, name=called, patience=PAGE_PATIENCE)

    if not carried_out(form, act):
        return _page(request, client, form)
    taken = newest(client)
    said = f"{taken.touches:,} touches and {taken.conversions:,} conversions are in." if taken else ""
    return toast(request, redirect(_here(client)), said)


def _kept(folder: Path, name: str, file: UploadedFile[bytes]) -> Path:
    """The upload as a file; it is named after what it is, so that refusals say which one they mean."""
    path = folder / f"{name}{Path(file.name or '').suffix.lower()[:8]}"
    with path.open("wb") as copy:
        for chunk in file.chunks():
            copy.write(chunk)
    return path


def _page(request: StaffRequest, client: Client, upload: JourneysForm | None = None) -> HttpResponse:
    page, form = _asked(client, request.GET)
    context: dict[str, Any] = {
        "client": client,
        "tabs": tabs(client, "Figures"),
        "page": page,
        "origin": origin_of(client),
        "form": form,
        "upload_form": upload or JourneysForm(),
        "models": MODELS,
        "currency": client_currency(client),
        "may_act": request.actor.may(KEEPS) and may_act_for(client.pk, request.actor),
        "here": _here(client),
    }
    wrong = (upload is not None and upload.errors) or (form is not None and form.errors)
    return render(request, "web/attribution/paths.html", context, status=422 if wrong else 200)


def _asked(client: Client, query: Mapping[str, str]) -> tuple[PathsPage | None, PathsForm | None]:
    """What the address asks for; without anything, what is usual."""
    origin = origin_of(client)
    if origin is None:
        return None, None
    usual = usual_choice(origin)
    known = {
        "start": usual.start.isoformat(),
        "end": usual.end.isoformat(),
        "lookback": f"{usual.lookback:g}",
        "half_life": f"{usual.half_life:g}",
        "by": "conversions",
    }
    form = PathsForm(known | {key: query[key] for key in known if query.get(key)})
    if not form.is_valid():
        return None, form
    chosen = dict(form.cleaned_data)
    try:
        return paths_page(client, Choice(by_value=chosen.pop("by") == "value", **chosen)), form
    except Refusal as refusal:
        show_refusal(form, refusal)
        return None, form


def _here(client: Client) -> str:
    return f"{client.get_absolute_url()}paths/"
