"""Where a client's figures come from: uploads and their columns, what each source sent (R1, R2)."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.clients.models import Client
from steadyhand.commitments.keeping import may_act_for
from steadyhand.core import clock
from steadyhand.core.refusals import Refusal
from steadyhand.core.tasks import nudge
from steadyhand.exchange import figure_runs, figures
from steadyhand.exchange.models import ImportRun, RunState
from steadyhand.exchange.tables import Table, open_table
from steadyhand.exchange.tasks import go_on_with
from steadyhand.exchange.uploads import Upload
from steadyhand.people.roles import Capability
from steadyhand.reporting.metrics import receiving, rows, store
from steadyhand.reporting.metrics.definitions import METRICS
from steadyhand.reporting.metrics.fetching import Progress, progress
from steadyhand.reporting.metrics.providers import providers
from steadyhand.reporting.metrics.targets import agree_tracking
from steadyhand.reporting.models import Source, TrackingAgreement
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.answers import do
from steadyhand.web.forms import carried_out, show_refusal
from steadyhand.web.forms.figures import ColumnsForm, TrackingForm, UploadForm
from steadyhand.web.kept_tables import TableUploads, kept_table
from steadyhand.web.views.clients import found, tabs

KEEPS = Capability.KEEP_PROMISES

#: A page waits for the table to be read; what is larger is for the command line.
UPLOADS = TableUploads(most=20, command="metrics import")


@require_GET
@staff
def show(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/sources/`: what comes from where, since when, and what went wrong last."""
    return _page(request, found(request, ref))


@require_POST
@require(KEEPS)
def uploads(request: StaffRequest, ref: str) -> HttpResponse:
    """Keep a file; the next page says what is in it before anything is written."""
    client = found(request, ref, KEEPS)
    form = UploadForm(request.POST, request.FILES)
    if dropped := getattr(request, "too_large", ""):
        form.add_error("file", str(UPLOADS.too_large(dropped)))
    made: list[Upload] = []

    def act(file: UploadedFile, label: str) -> None:  # type: ignore[type-arg]
        upload = UPLOADS.keep(file)
        if upload.size > figure_runs.AT_ONCE:
            run = figure_runs.begin(client, upload, form.cleaned_data["label"], by=request.actor)
            nudge(go_on_with, run.pk)
        made.append(upload)

    if carried_out(form, act):
        said = urlencode({"name": made[0].name, "label": form.cleaned_data["label"]})
        return redirect(f"{_here(client)}uploads/{made[0].digest}/?{said}")
    return _page(request, client, upload_form=form)


@require_http_methods(["GET", "POST"])
@staff
def upload(request: StaffRequest, ref: str, digest: str) -> HttpResponse:
    """What a kept file holds and would replace; POST brings it in."""
    client = found(request, ref, KEEPS)
    path, name = kept_table(request, digest)
    label = request.GET.get("label", figures.UPLOAD)[:40] or figures.UPLOAD
    table = open_table(path, name)
    if (run := figure_runs.newest(client, digest)) is not None:
        return _background(request, client, run, table)
    chosen = request.POST if request.method == "POST" else request.GET
    said = chosen if "role_0" in chosen else None
    form = ColumnsForm(said, headings=table.headings, roles=rows.guess(table.headings))
    roles = form.roles() if said is not None and form.is_valid() else rows.guess(table.headings)
    look = None
    try:
        if request.method == "POST" and "role_0" in chosen:
            received, _ = figures.take_in(client, path, name, by=request.actor, label=label, roles=roles)
            return toast(request, redirect(f"{client.get_absolute_url()}figures/"), received.sentence)
        look = figures.told(figures.look(client, path, name, label=label, roles=roles))
    except Refusal as refusal:
        if said is None:
            form = ColumnsForm(_data(roles), headings=table.headings, roles=roles)
        show_refusal(form, refusal)
    wrong = said is not None and bool(form.errors)
    context = _of_table(client, table, form, roles, name, label) | {"look": look}
    return render(request, "web/dashboard/upload.html", context, status=422 if wrong else 200)


def _background(request: StaffRequest, client: Client, run: ImportRun, table: Table) -> HttpResponse:
    """A large table: how far the worker is, then what it found; POST asks to look again or to bring it in."""
    if run.state == RunState.APPLIED:
        return toast(request, redirect(f"{client.get_absolute_url()}figures/"), run.notices[0])
    file, here = run.files.get(), request.get_full_path()
    roles = file.mapping["roles"] or run.counts.get("roles") or rows.guess(table.headings)
    form = ColumnsForm(
        request.POST if request.method == "POST" else None, headings=table.headings, roles=roles
    )
    if request.method == "POST" and form.is_valid():
        again = "look" in request.POST
        wanted = RunState.CHECKING if again else RunState.APPLYING

        def act() -> None:
            nudge(go_on_with, figure_runs.ask(run, wanted, form.roles(), by=request.actor).pk)

        return do(request, here, act, "We look at it again." if again else "They are being brought in.")
    if request.headers.get("HX-Request") and not run.is_busy:
        return HttpResponse(status=204, headers={"HX-Redirect": here})
    busy = _busy(run, here) if run.is_busy else None
    if request.headers.get("HX-Request"):
        return render(request, "web/imports/progress.html", {"busy": busy})
    context = _of_table(client, table, form, roles, file.name, file.mapping["label"])
    context |= {"busy": busy, "run": run, "look": run.counts if run.state == RunState.CHECKED else None}
    return render(request, "web/dashboard/upload.html", context)


def _busy(run: ImportRun, here: str) -> dict[str, object]:
    """How far the worker is with a table."""
    label = "Reading the lines" if run.state == RunState.CHECKING else "Bringing them in"
    note = "You may leave this page: it goes on."
    return {"label": label, "done": run.done, "total": None, "poll": here, "note": note}


def _of_table(
    client: Client, table: Table, form: ColumnsForm, roles: list[str], name: str, label: str
) -> dict[str, object]:
    return {
        "client": client,
        "tabs": tabs(client, "Figures"),
        "form": form,
        "name": name,
        "label": label,
        "roles": list(enumerate(roles)),
        "here": _here(client),
        "sample": [row.cells for row, _ in zip(table.rows(), range(3), strict=False)],
        "headings": table.headings,
    }


@require_POST
@require(KEEPS)
def tracking(request: StaffRequest, ref: str) -> HttpResponse:
    """What was agreed with the client about what is tracked."""
    client = found(request, ref, KEEPS)
    form = TrackingForm(request.POST, client=client, today=clock.today(client.zone))
    currency = receiving.client_currency(client)
    if carried_out(form, lambda **said: agree_tracking(client, by=request.actor, currency=currency, **said)):
        return toast(request, redirect(_here(client)), "Kept. The client reads it beside the figures.")
    return _page(request, client, tracking_form=form)


@require_POST
@require(KEEPS)
def removal(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """Forget a source and what it sent."""
    client = found(request, ref, KEEPS)
    source = Source.objects.visible_to(request.actor).filter(client=client, pk=pk).first()
    if source is None:
        raise Http404("There is no such source.")
    said = f"Everything from {source.label} is gone."
    return do(request, _here(client), lambda: receiving.forget_source(source, by=request.actor), said)


def _page(
    request: StaffRequest,
    client: Client,
    *,
    upload_form: UploadForm | None = None,
    tracking_form: TrackingForm | None = None,
) -> HttpResponse:
    theirs = Source.objects.visible_to(request.actor).filter(client=client)
    sources = list(theirs.select_related("connection", "connection__client", "connection__source"))
    standing = TrackingAgreement.objects.visible_to(request.actor).filter(client=client)
    agreed = standing.select_related("contact").first()
    spans: dict[str, list[tuple[str, store.Span]]] = {}
    for span in store.spans(client.pk) if sources else []:
        metric = METRICS.get(span.metric)
        spans.setdefault(span.source, []).append((metric.label if metric else span.metric, span))
    today = clock.today(client.zone)
    context = {
        "client": client,
        "tabs": tabs(client, "Figures"),
        "sources": [(source, spans.get(source.key, []), _read_so_far(source)) for source in sources],
        "tools": providers() if request.actor.may(Capability.EDIT_CLIENTS) else [],
        "agreed": agreed,
        "upload_form": upload_form or UploadForm(),
        "tracking_form": tracking_form or TrackingForm(client=client, today=today, standing=agreed),
        "opened": "upload" if upload_form else "tracking" if tracking_form else "",
        "may_act": request.actor.may(KEEPS) and may_act_for(client.pk, request.actor),
        "here": _here(client),
    }
    wrong = upload_form or tracking_form
    return render(request, "web/dashboard/sources.html", context, status=422 if wrong else 200)


def _read_so_far(source: Source) -> Progress | None:
    """How far a connected tool has been read; None for what does not come by itself."""
    connection = getattr(source, "connection", None)
    return progress(connection) if connection else None


def _data(roles: list[str]) -> dict[str, str]:
    return {f"role_{number}": role for number, role in enumerate(roles)}


def _here(client: Client) -> str:
    return f"{client.get_absolute_url()}sources/"
