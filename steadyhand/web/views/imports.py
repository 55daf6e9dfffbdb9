"""Bringing a book in: upload, columns, check, import, undo."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.forms import Form
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.core.refusals import Refusal
from steadyhand.core.tasks import nudge
from steadyhand.exchange import presets, runs
from steadyhand.exchange.columns import Profile, profiles
from steadyhand.exchange.mending import has_rows_to_mend, mending_file
from steadyhand.exchange.models import ImportFile, ImportRun, RowAction, RunState
from steadyhand.exchange.presets import KINDS, FileKind
from steadyhand.exchange.tables import open_table
from steadyhand.exchange.tasks import go_on_with
from steadyhand.exchange.undoing import used_since
from steadyhand.exchange.uploads import MAX_BYTES, Upload, keep, path_of
from steadyhand.exchange.work import go_on
from steadyhand.people.roles import Capability
from steadyhand.web.access import StaffRequest, require
from steadyhand.web.answers import do
from steadyhand.web.forms import carried_out, show_refusal
from steadyhand.web.forms.imports import ColumnsForm, HubspotForm, PresetForm, TableForm

PAGE = 100
#: Smaller than this a check takes a second or two: it is done while the person waits.
CHECK_AT_ONCE = 1024 * 1024
WORKING = {
    RunState.CHECKING: "Checking",
    RunState.APPLYING: "Importing",
    RunState.UNDOING: "Undoing",
}
#: Tables that are imported by themselves, as addresses call them.
TABLES = {"clients": presets.CLIENTS, "activities": presets.INTERACTIONS}
OUTLOOK = {"create": "Create", "update": "Update", "unchanged": "Unchanged", "skip": "Skipped"}

may_import = require(Capability.IMPORT)


@dataclass(frozen=True, slots=True)
class Part:
    """One file of an import on the page of its columns."""

    file: ImportFile
    kind: FileKind
    columns: list[Profile]
    form: ColumnsForm

    @classmethod
    def of(cls, file: ImportFile, data: Any) -> Part:
        """Look at the file again."""
        columns = profiles(runs.table_of(file))
        return cls(file, runs.kind_of(file), columns, ColumnsForm(file, columns, data))


@require_GET
@may_import
def index(request: StaffRequest) -> HttpResponse:
    """The imports so far, and the ways to begin one."""
    latest = ImportRun.objects.visible_to(request.actor).prefetch_related("files")[:50]
    return render(request, "web/imports/index.html", {"runs": latest})


@require_GET
@may_import
def template(request: StaffRequest, table: str) -> HttpResponse:
    """An empty file with the headings we know by ourselves."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{table}.csv"'
    csv.writer(answer).writerow(presets.own_headings(TABLES[table]))
    return answer


@require_http_methods(["GET", "POST"])
@may_import
def new_table(request: StaffRequest, table: str) -> HttpResponse:
    """Upload a table of clients, or of calls and activities."""
    form = TableForm(*_posted(request))
    if request.method == "POST" and (
        run := _begun(request, form, lambda: {TABLES[table].key: form.cleaned_data["file"]})
    ):
        return redirect(f"/imports/{run.pk}/columns/")
    return _form_page(request, f"web/imports/{table}.html", form)


@require_http_methods(["GET", "POST"])
@may_import
def new_hubspot(request: StaffRequest) -> HttpResponse:
    """Upload the exports of a HubSpot portal."""
    form = HubspotForm(*_posted(request))
    if request.method == "POST" and (run := _begun(request, form, form.chosen)):
        if all(presets.is_complete(runs.kind_of(file), file.mapping) for file in run.files.all()):
            _set_going(runs.ask(run, RunState.CHECKING, by=request.actor))
        return redirect(run)
    return _form_page(request, "web/imports/hubspot.html", form)


@require_http_methods(["GET", "POST"])
@may_import
def columns(request: StaffRequest, pk: int) -> HttpResponse:
    """Say which column means what, then check."""
    run = _run(request, pk)
    if run.state not in (RunState.UPLOADED, RunState.CHECKED, RunState.FAILED):
        return redirect(run)
    data = request.POST if request.method == "POST" else None
    parts = [Part.of(file, data) for file in run.files.all()]
    preset = PresetForm(data)
    if data is not None and preset.is_valid() and all(_choose(request, part) for part in parts):
        if name := preset.cleaned_data["preset"]:
            for part in parts:
                presets.remember(name, part.kind, part.form.cleaned_data, by=request.actor)
        _set_going(runs.ask(run, RunState.CHECKING, by=request.actor))
        return redirect(run)
    context = {"run": run, "parts": parts, "preset": preset}
    return render(request, "web/imports/columns.html", context, status=422 if data is not None else 200)


@require_GET
@may_import
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """Where an import stands: its progress, what it will do or has done, row by row."""
    run = _run(request, pk)
    if run.state == RunState.UPLOADED:
        return redirect(f"/imports/{pk}/columns/")
    action = request.GET.get("rows", "")
    if action not in RowAction.values:
        action = next((a for a in ("create", "update", "skip", "unchanged") if _count(run, a)), "create")
    after = request.GET.get("after", "")
    rows = list(
        run.rows.filter(action=action, number__gt=int(after) if after.isdecimal() else 0).order_by("number")[
            : PAGE + 1
        ]
    )
    context = {
        "run": run,
        "busy": _busy(run),
        "tabs": [
            {
                "label": label,
                "url": f"/imports/{pk}/?rows={key}",
                "current": key == action,
                "count": _count(run, key),
            }
            for key, label in OUTLOOK.items()
        ],
        "rows": rows[:PAGE],
        "files": {file.kind: file.name for file in run.files.all()},
        "next": f"/imports/{pk}/?rows={action}&after={rows[PAGE - 1].number}" if len(rows) > PAGE else "",
        "writes": _count(run, "create") + _count(run, "update"),
        "to_mend": [file for file in run.files.all() if has_rows_to_mend(file)],
        "used": len(used_since(run)) if run.state == RunState.APPLIED else 0,
        "kept": run.rows.filter(applied=True, reason__startswith="Kept: ").count(),
    }
    return render(request, "web/imports/show.html", context)


@require_GET
@may_import
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """How far the work on an import is; once it is over, the page loads again."""
    run = _run(request, pk)
    if not run.is_busy:
        return HttpResponse(status=204, headers={"HX-Redirect": run.get_absolute_url()})
    return render(request, "web/imports/progress.html", {"busy": _busy(run)})


@require_POST
@may_import
def application(request: StaffRequest, pk: int) -> HttpResponse:
    """Import what the check says."""
    run = _run(request, pk)
    nudge(go_on_with, runs.ask(run, RunState.APPLYING, by=request.actor).pk)
    return redirect(run)


@require_POST
@may_import
def undoing(request: StaffRequest, pk: int) -> HttpResponse:
    """Take an import back."""
    run = _run(request, pk)
    nudge(go_on_with, runs.ask(run, RunState.UNDOING, by=request.actor).pk)
    return redirect(run)


@require_POST
@may_import
def removal(request: StaffRequest, pk: int) -> HttpResponse:
    """Throw away an import that has written nothing."""
    run = _run(request, pk)
    return do(
        request, "/imports/", partial(runs.drop, run, by=request.actor), "Thrown away. Nothing was written."
    )


@require_GET
@may_import
def mending(request: StaffRequest, pk: int, kind: str) -> HttpResponse | StreamingHttpResponse:
    """The rows of one file that cannot be right, with the reasons."""
    file = get_object_or_404(_run(request, pk).files, kind=kind)
    if not has_rows_to_mend(file):
        raise Http404("Every row of this file is right.")
    name, content = mending_file(file)
    answer = StreamingHttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{name.replace(chr(34), "")}"'
    return answer


def _run(request: StaffRequest, pk: int) -> ImportRun:
    return get_object_or_404(ImportRun.objects.visible_to(request.actor), pk=pk)


def _count(run: ImportRun, action: str) -> int:
    return sum(count for key, count in run.counts.items() if key.endswith(f".{action}"))


def _busy(run: ImportRun) -> dict[str, Any] | None:
    if not run.is_busy:
        return None
    waits = run.claim is None and not run.done
    return {
        "label": WORKING[RunState(run.state)],
        "done": run.done,
        "total": run.total or None,
        "poll": f"/imports/{run.pk}/progress/",
        "note": "Waiting for the background worker to take it up. You may leave this page."
        if waits
        else "You may leave this page: it goes on.",
    }


def _begun(request: StaffRequest, form: Form, files: Any) -> ImportRun | None:
    """Keep the uploads and begin an import; None when the form says why not."""
    too_large = getattr(request, "too_large", "")
    if too_large:
        form.is_valid()
        limit = MAX_BYTES // 1024 // 1024
        form.add_error(None, f"{too_large} is larger than {limit} MB. Split it into several files.")
        return None
    if not form.is_valid():
        return None
    try:
        uploads = {kind: keep(file.chunks(), file.name) for kind, file in files().items()}
        mappings = {kind: _guessed(kind, upload) for kind, upload in uploads.items()}
        return runs.begin(
            uploads, mappings, by=request.actor, amount_basis=form.cleaned_data.get("amount", "")
        )
    except Refusal as refusal:
        show_refusal(form, refusal)
        return None


def _guessed(kind: str, upload: Upload) -> Mapping[str, str]:
    headings = open_table(path_of(upload.digest), upload.name).headings
    preset = presets.fitting(KINDS[kind], headings)
    return preset.mapping if preset else presets.guess(KINDS[kind], headings)


def _choose(request: StaffRequest, part: Part) -> bool:
    def act(**mapping: str) -> None:
        runs.choose_columns(part.file, mapping, by=request.actor)

    return carried_out(part.form, act)


def _set_going(run: ImportRun) -> None:
    if sum(file.size for file in run.files.all()) <= CHECK_AT_ONCE:
        go_on(run)
    else:
        nudge(go_on_with, run.pk)


def _posted(request: StaffRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _form_page(request: StaffRequest, page: str, form: Form) -> HttpResponse:
    return render(request, page, {"form": form}, status=422 if form.errors else 200)
