"""A table of work brought in: kept, looked at with what would change, then taken in (R3)."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from steadyhand.core.refusals import Refusal
from steadyhand.delivery.work.lists import Lists
from steadyhand.delivery.work.tables import TABLES
from steadyhand.exchange import work_sheets
from steadyhand.exchange.tables import open_table
from steadyhand.exchange.uploads import Upload
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.forms import carried_out, show_refusal
from steadyhand.web.forms.work import WorkColumnsForm, WorkUploadForm
from steadyhand.web.kept_tables import TableUploads, kept_table
from steadyhand.web.views.clients import found, tabs
from steadyhand.web.views.work import page

KEEPS = Capability.KEEP_PROMISES

#: A page waits for the table to be read.
UPLOADS = TableUploads(most=10, command="work import")


@require_POST
@require(KEEPS)
def uploads(request: StaffRequest, ref: str) -> HttpResponse:
    """Keep a file; the next page says what is in it before anything is written."""
    client = found(request, ref, KEEPS)
    form = WorkUploadForm(request.POST, request.FILES)
    if dropped := getattr(request, "too_large", ""):
        form.add_error("file", str(UPLOADS.too_large(dropped)))
    made: list[Upload] = []

    def act(file: UploadedFile) -> None:  # type: ignore[type-arg]
        made.append(UPLOADS.keep(file))

    if carried_out(form, act):
        said = urlencode({"name": made[0].name})
        return redirect(f"{client.get_absolute_url()}work/uploads/{made[0].digest}/?{said}")
    return page(request, client, upload_form=form)


@require_http_methods(["GET", "POST"])
@staff
def upload(request: StaffRequest, ref: str, digest: str) -> HttpResponse:
    """What a kept file holds and would change; POST brings it in."""
    client = found(request, ref, KEEPS)
    path, name = kept_table(request, digest)
    here = f"{client.get_absolute_url()}work/"
    words, table = Lists(), open_table(path, name)
    chosen = request.POST if request.method == "POST" else request.GET
    kind = TABLES.get(chosen.get("kind", "")) or work_sheets.guess_kind(table.headings, words)
    roles = work_sheets.guess(table.headings, kind, words)
    # The columns mean something else once it is another table.
    same = "role_0" in chosen and chosen.get("was", kind.key) == kind.key
    form = WorkColumnsForm(
        chosen if same else None, headings=table.headings, table=kind, roles=roles, lists=words
    )
    look = None
    if same and form.is_valid():
        roles = [form.cleaned_data[f"role_{number}"] for number in range(len(table.headings))]
    try:
        if request.method == "POST" and not form.errors:
            done = work_sheets.bring_in(client, path, name, by=request.actor, kind=kind.key, roles=roles)
            return toast(request, redirect(here), f"{done.kind.label}: {done.taken.sentence}")
        look = work_sheets.look(client, path, name, by=request.actor, kind=kind.key, roles=roles)
    except Refusal as refusal:
        if not form.is_bound:
            data = {"kind": kind.key, **{f"role_{number}": role for number, role in enumerate(roles)}}
            form = WorkColumnsForm(data, headings=table.headings, table=kind, roles=roles, lists=words)
        show_refusal(form, refusal)
    context = {
        "client": client,
        "tabs": tabs(client, "Work"),
        "form": form,
        "look": look,
        "table": kind,
        "name": name,
        "roles": list(enumerate(roles)),
        "here": here,
        "sample": [row.cells for row, _ in zip(table.rows(), range(3), strict=False)],
        "headings": table.headings,
    }
    return render(request, "web/work/upload.html", context, status=422 if form.errors else 200)
