"""The work shown on a client's page: what was done against what was planned, each table, the lists (R3)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.clients.models import Client
from steadyhand.commitments.keeping import may_act_for
from steadyhand.core import clock
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.models import Entry, PlannedWork
from steadyhand.delivery.work import entering, planning
from steadyhand.delivery.work.lists import KINDS, Lists, change_list
from steadyhand.delivery.work.tables import TABLES, WorkTable
from steadyhand.desk import work_page
from steadyhand.people.roles import Capability
from steadyhand.reporting.metrics import periods
from steadyhand.reporting.models import Dashboard
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.answers import do
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.work import EntryForm, ListForm, PlanForm, WorkUploadForm
from steadyhand.web.views.clients import found, tabs

KEEPS = Capability.KEEP_PROMISES
LISTS = "/settings/work/"


@require_GET
@staff
def show(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/work/?month=2026-10`: a month against its plan, and the latest of each table."""
    return page(request, found(request, ref))


@require_POST
@require(KEEPS)
def plan(request: StaffRequest, ref: str) -> HttpResponse:
    """Plan so many a month."""
    client = found(request, ref, KEEPS)
    form = PlanForm(request.POST, lists=Lists())
    if carried_out(form, lambda **said: planning.plan_work(client, by=request.actor, **said)):
        return toast(request, redirect(_here(client)), "Planned.")
    return page(request, client, plan_form=form)


@require_POST
@require(KEEPS)
def plan_removal(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """It was not planned."""
    client = found(request, ref, KEEPS)
    row = PlannedWork.objects.visible_to(request.actor).filter(client=client, pk=pk).first()
    if row is None:
        raise Http404("Nothing of that number is planned.")
    return do(
        request,
        _here(client),
        lambda: planning.unplan_work(row, by=request.actor),
        "It is planned no longer; what stood before counts again.",
    )


@require_http_methods(["GET", "POST"])
@staff
def table(request: StaffRequest, ref: str, table: str) -> HttpResponse:
    """`/clients/<ref>/work/links/`: the whole of one table; POST writes a line down."""
    kind = _kind(table)
    if request.method == "GET":
        return _table(request, found(request, ref), kind)
    client = found(request, ref, KEEPS)
    form = _form(client, kind, request.POST)
    if carried_out(form, lambda **_: entering.enter(client, kind, form.cells, by=request.actor)):
        back = request.POST.get("back", "")
        to = f"{_here(client)}{kind.key}/" if back == "table" else _here(client)
        return toast(request, redirect(to), f"The {kind.one} is written down.")
    if request.POST.get("back", "") == "table":
        return _table(request, client, kind, form)
    return page(request, client, "", **{f"{kind.key}_form": form})


@require_http_methods(["GET", "POST"])
@staff
def entry(request: StaffRequest, ref: str, table: str, pk: int) -> HttpResponse:
    """One line, to be said anew."""
    client = found(request, ref, KEEPS)
    kind, row = _entry(request, client, table, pk)
    form = _form(client, kind, request.POST if request.method == "POST" else None, row)
    if request.method == "POST" and carried_out(
        form, lambda **_: entering.change(row, form.cells, by=request.actor)
    ):
        return toast(request, redirect(_here(client)), "Changed.")
    context = {
        "client": client,
        "tabs": tabs(client, "Work"),
        "table": kind,
        "entry": row,
        "form": form,
        "here": _here(client),
    }
    return render(request, "web/work/entry.html", context, status=422 if form.errors else 200)


@require_POST
@require(KEEPS)
def removal(request: StaffRequest, ref: str, table: str, pk: int) -> HttpResponse:
    """Take a line out."""
    client = found(request, ref, KEEPS)
    kind, row = _entry(request, client, table, pk)
    try:
        entering.drop(row, by=request.actor)
    except Refusal as refusal:
        return page(request, client, str(refusal))
    undo = f"{_here(client)}{kind.key}/{row.pk}/restoration/"
    return toast(request, redirect(_here(client)), f"The {kind.one} is taken out.", undo=undo)


@require_POST
@require(KEEPS)
def restoration(request: StaffRequest, ref: str, table: str, pk: int) -> HttpResponse:
    """Put it back."""
    client = found(request, ref, KEEPS)
    _, row = _entry(request, client, table, pk, dropped=True)
    return do(
        request, _here(client), lambda: entering.restore(row, by=request.actor), "It stands there again."
    )


@require_GET
@require(Capability.MANAGE_SETTINGS)
def lists(request: StaffRequest) -> HttpResponse:
    """`/settings/work/`: the agency's words for types and statuses."""
    return _lists(request)


@require_POST
@require(Capability.MANAGE_SETTINGS)
def list_words(request: StaffRequest, list_key: str) -> HttpResponse:
    """Say one list anew."""
    if list_key not in KINDS:
        raise Http404("There is no such list.")
    form = ListForm(request.POST, key=list_key, lists=Lists())
    if carried_out(form, lambda **_: change_list(list_key, form.lines, by=request.actor)):
        return toast(request, redirect(LISTS), f"{KINDS[list_key].label}: kept.")
    return _lists(request, form)


def page(request: StaffRequest, client: Client, refused: str = "", **forms: Any) -> HttpResponse:
    """The page of the month that the address names, with the forms that were refused."""
    try:
        period = work_page.month_named(client, request.GET.get("month", ""))
    except Refusal as refusal:
        period, refused = periods.month_of(clock.today(client.zone)), str(refusal)
    shown = work_page.compose(client, period)
    words = Lists()
    dashboard = Dashboard.objects.filter(client=client).first()
    context = {
        "client": client,
        "tabs": tabs(client, "Work"),
        "page": shown,
        "here": _here(client),
        "change_at": _here(client) if _may_act(request, client) else "",
        "may_act": _may_act(request, client),
        "may_set": request.actor.may(Capability.MANAGE_SETTINGS),
        "is_shared": dashboard is not None and dashboard.shared_at is not None,
        "plan_form": PlanForm(lists=words, initial={"month": period.start}),
        "upload_form": WorkUploadForm(),
        **{
            f"{kind.key}_form": EntryForm(table=kind, lists=words, today=clock.today(client.zone))
            for kind in TABLES.values()
        },
        "opened": next(iter(forms), ""),
        "refused": refused,
        **forms,
    }
    return render(request, "web/work/page.html", context, status=422 if forms or refused else 200)


def _table(
    request: StaffRequest, client: Client, kind: WorkTable, form: EntryForm | None = None
) -> HttpResponse:
    rows, older = work_page.entries(client, kind.key, request.GET.get("before", ""))
    context = {
        "client": client,
        "tabs": tabs(client, "Work"),
        "table": kind,
        "rows": rows,
        "older": older,
        "is_first": not request.GET.get("before"),
        "form": form or _form(client, kind, None),
        "opened": bool(form),
        "here": _here(client),
        "may_act": _may_act(request, client),
        "change_at": _here(client) if _may_act(request, client) else "",
    }
    return render(request, "web/work/table.html", context, status=422 if form else 200)


def _lists(request: StaffRequest, refused: ListForm | None = None) -> HttpResponse:
    words = Lists()
    forms = [
        refused if refused is not None and refused.kind.key == key else ListForm(key=key, lists=words)
        for key in KINDS
    ]
    return render(request, "web/work/lists.html", {"forms": forms}, status=422 if refused else 200)


def _form(client: Client, kind: WorkTable, data: Any, row: Entry | None = None) -> EntryForm:
    return EntryForm(data, table=kind, lists=Lists(), today=clock.today(client.zone), entry=row)


def _kind(key: str) -> WorkTable:
    if key not in TABLES:
        raise Http404("There is no such table.")
    return TABLES[key]


def _entry(
    request: StaffRequest, client: Client, table: str, pk: int, *, dropped: bool = False
) -> tuple[WorkTable, Entry]:
    kind = _kind(table)
    rows = kind.rows.visible_to(request.actor).filter(client=client, pk=pk)
    row = (rows if dropped else rows.standing()).first()
    if row is None:
        raise Http404("There is no such line.")
    return kind, row


def _may_act(request: StaffRequest, client: Client) -> bool:
    return request.actor.may(KEEPS) and may_act_for(client.pk, request.actor)


def _here(client: Client) -> str:
    return f"{client.get_absolute_url()}work/"
