"""Reports for staff: the list, one report with everything one does to it, and a client's arrangement (R4)."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.clients.models import Client, Stage
from steadyhand.commitments.keeping import may_act_for
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock
from steadyhand.core.serving import file_answer
from steadyhand.desk.reports import PARTS, Part, report_page, reports_page
from steadyhand.growth.models import Opportunity
from steadyhand.people.roles import Capability
from steadyhand.reporting.metrics import periods
from steadyhand.reporting.models import Incident, Reading, Report, ReportKind, ReportRules, Suggestion
from steadyhand.reporting.reports import approving, drafting, sending, writing
from steadyhand.reporting.reports.paper import file_name, report_pdf
from steadyhand.reporting.reports.readings import readers_of, recipients, set_reading, set_rules
from steadyhand.reporting.reports.slides import PPTX, slides_of
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, demand, require, staff
from steadyhand.web.answers import do
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.reports import CommentaryForm, DraftForm, ReadingForm, RenewalForm, RulesForm
from steadyhand.web.views.clients import found as client_found
from steadyhand.web.views.clients import tabs

KEEPS = Capability.KEEP_PROMISES


@require_GET
@staff
def index(request: StaffRequest) -> HttpResponse:
    """`/reports/?part=`: what is with us first."""
    part = _part(request)
    context = {
        "page": reports_page(request.actor, part),
        "parts": [*_parts("/reports/", part), _dips(request)],
        "keeps": request.actor.may(KEEPS),
    }
    return render(request, "web/reports/list.html", context)


@require_http_methods(["GET", "POST"])
@staff
def of_client(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/reports/`: a client's reports, who reads them; POST drafts one."""
    client = client_found(request, ref, *([KEEPS] if request.method == "POST" else []))
    last_month = periods.before(periods.month_of(clock.today(client.zone)))
    form = DraftForm(
        request.POST if request.method == "POST" else None,
        initial={"period": last_month.key, "kind": ReportKind.FIGURES},
    )
    made: list[Report] = []

    def act(**values: Any) -> None:
        made.append(drafting.draft_for(client, by=request.actor, **values))

    if request.method == "POST" and carried_out(form, act):
        return toast(request, redirect(made[0]), "Drafted. Read it, and say what the figures cannot.")
    part = _part(request)
    here = f"{client.get_absolute_url()}reports/"
    context = {
        "client": client,
        "tabs": tabs(client, "Reports"),
        "page": reports_page(request.actor, part, client),
        "parts": _parts(here, part),
        "readers": readers_of(client),
        "rules": ReportRules.of(client),
        "form": form,
        "may_act": client.stage == Stage.LIVE and _may_act(request, client.pk),
    }
    return render(request, "web/reports/client.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def rules(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/reports/rules/`: how this client is reported to."""
    client = client_found(request, ref, KEEPS)
    form = RulesForm.of(ReportRules.of(client), request.POST if request.method == "POST" else None)
    here = f"{client.get_absolute_url()}reports/"

    def act(**values: Any) -> None:
        set_rules(client, by=request.actor, **values)

    if request.method == "POST" and carried_out(form, act):
        return toast(request, redirect(here), "Kept. It holds from the next report on.")
    context = {"client": client, "tabs": tabs(client, "Reports"), "form": form, "here": here}
    return render(request, "web/reports/rules.html", context, status=422 if form.errors else 200)


@require_POST
@require(KEEPS)
def reading(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """`POST /clients/<ref>/contacts/<pk>/reading/`: how a contact reads reports."""
    client = client_found(request, ref, KEEPS)
    contact = client.contacts.filter(pk=pk).first()
    if contact is None:
        raise Http404("There is no such contact.")
    form = ReadingForm(request.POST)
    back = f"{client.get_absolute_url()}reports/#readers"
    if carried_out(form, lambda reading: set_reading(contact, Reading(reading), by=request.actor)):
        said = f"{contact.name} gets {Reading(form.cleaned_data['reading']).label}."
        return toast(request, redirect(back), said)
    return do(request, back, lambda: None, "Choose how they read reports.")


@require_http_methods(["GET", "POST"])
@staff
def of_promise(request: StaffRequest, pk: int) -> HttpResponse:
    """`/commitments/<pk>/report/`: the report that keeps a promise; POST drafts it where there is none."""
    rows = Commitment.objects.visible_to(request.actor).filter(
        client__in=Client.objects.visible_to(request.actor)
    )
    row = rows.select_related("client", "engagement", "owner").filter(pk=pk).first()
    if row is None:
        raise Http404("There is no such promise, or it is not yours to see.")
    if request.method == "POST":
        demand(request, KEEPS)
    known = Report.objects.visible_to(request.actor).filter(commitment=row).first()
    if known is not None:
        return redirect(known)
    if row.rule not in drafting.KIND_OF_RULE:
        raise Http404("That promise is not kept by a report.")
    if request.method == "POST":
        return _drafted(request, row)
    return render(request, "web/reports/undrafted.html", {"row": row, "keeps": request.actor.may(KEEPS)})


@require_GET
@staff
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """`/reports/<pk>/?reading=`: read it as they will, and say what the figures cannot."""
    return _page(request, found(request, pk))


@require_POST
@require(KEEPS)
def text(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST …/text/`: keep what is written."""
    report = found(request, pk)
    form = CommentaryForm.of(report, request.POST)

    def act(revision: int, **values: Any) -> None:
        writing.write_report(report, by=request.actor, seen=revision, **values)

    if carried_out(form, act):
        return toast(request, redirect(report), "Kept.")
    return _page(request, report, form=form, status=422)


@require_POST
@require(KEEPS)
def acceptance(request: StaffRequest, pk: int, suggestion_pk: int) -> HttpResponse:
    """`POST …/suggestions/<pk>/acceptance/`: the sentence is ours now."""
    report, one = _suggestion(request, pk, suggestion_pk)
    return do(
        request,
        report.get_absolute_url(),
        lambda: writing.accept_suggestion(one, by=request.actor),
        "It stands in your words now. Change it as you like.",
    )


@require_POST
@require(KEEPS)
def suggestion_removal(request: StaffRequest, pk: int, suggestion_pk: int) -> HttpResponse:
    """`POST …/suggestions/<pk>/removal/`: it says nothing worth saying."""
    report, one = _suggestion(request, pk, suggestion_pk)
    return do(
        request,
        report.get_absolute_url(),
        lambda: writing.drop_suggestion(one, by=request.actor),
        "Left out.",
    )


@require_POST
@require(KEEPS)
def figures(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST …/figures/`: read the figures again, up to now."""
    report = found(request, pk)
    said = "The figures are as of now. Your words stayed."
    return do(request, report.get_absolute_url(), lambda: drafting.take_anew(report, by=request.actor), said)


@require_POST
@require(KEEPS)
def approval_request(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST …/approval-request/`: ask the lead to read it."""
    report = found(request, pk)
    said = "The account lead is asked to read it by the next working day."
    return do(
        request, report.get_absolute_url(), lambda: approving.ask_approval(report, by=request.actor), said
    )


@require_POST
@require(KEEPS)
def approval(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST …/approval/`: it may leave."""
    report = found(request, pk)
    note = request.POST.get("note", "")
    return do(
        request,
        report.get_absolute_url(),
        lambda: approving.approve(report, by=request.actor, note=note),
        "Approved: it may be sent.",
    )


@require_POST
@require(KEEPS)
def approval_removal(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST …/approval/removal/`: a draft again."""
    report = found(request, pk)
    return do(
        request,
        report.get_absolute_url(),
        lambda: approving.take_back_approval(report, by=request.actor),
        "It is a draft again.",
    )


@require_POST
@require(KEEPS)
def leaving(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST …/sending/`: send it to everybody who reads reports. A second click finds it sent."""
    report = found(request, pk)
    if report.is_sent:
        return toast(request, redirect(report), "It has been sent already, once.")
    said = f"Sent to {', '.join(one.contact.name for one in recipients(report.client))}."
    return do(request, report.get_absolute_url(), lambda: sending.send_report(report, by=request.actor), said)


@require_GET
@staff
def pdf(request: StaffRequest, pk: int) -> HttpResponseBase:
    """`/reports/<pk>/pdf/?reading=`: the paper, the very file that was sent where it was."""
    report = found(request, pk)
    wanted = _reading(request)
    sent = report.recipients.filter(reading=wanted).exclude(pdf_digest="").first()
    if sent is not None:
        return file_answer(request, sent.pdf_digest, file_name(report), "application/pdf", inline=True)
    answer = HttpResponse(report_pdf(report, wanted), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{file_name(report)}"'
    return answer


@require_POST
@require(KEEPS)
def renewal(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST …/renewal/`: what next and why; what became of leads."""
    report = _pack(request, pk)
    form = RenewalForm.of(report, request.POST)
    if carried_out(form, lambda **values: writing.write_renewal(report, by=request.actor, **values)):
        return toast(request, redirect(report), "Kept.")
    return _page(request, report, renewal_form=form, status=422)


@require_GET
@staff
def slides(request: StaffRequest, pk: int) -> HttpResponse:
    """`/reports/<pk>/slides/`: the renewal pack as slides."""
    report = _pack(request, pk)
    answer = HttpResponse(slides_of(report), content_type=PPTX)
    answer["Content-Disposition"] = f'attachment; filename="{file_name(report, "pptx")}"'
    return answer


def found(request: StaffRequest, pk: int) -> Report:
    """A report of a client one sees, else 404."""
    report = Report.objects.visible_to(request.actor).preloaded().filter(pk=pk).first()
    if report is None:
        raise Http404("There is no such report, or it is not yours to see.")
    return report


def _pack(request: StaffRequest, pk: int) -> Report:
    report = found(request, pk)
    if report.kind != ReportKind.RENEWAL:
        raise Http404("That is no renewal pack.")
    return report


def _page(
    request: StaffRequest,
    report: Report,
    *,
    form: CommentaryForm | None = None,
    renewal_form: RenewalForm | None = None,
    status: int = 200,
) -> HttpResponse:
    chosen = _reading(request)
    page = report_page(report, request.actor, chosen)
    here = report.get_absolute_url()
    context = {
        "page": page,
        "report": report,
        "here": here,
        "form": form or CommentaryForm.of(report),
        "may_act": not report.is_sent and _may_act(request, report.client_id),
        "renewal_form": renewal_form or _renewal_form(request, report),
        "readings": [
            {"label": label, "url": f"{here}?reading={key}#preview", "current": key == chosen}
            for key, label in ((Reading.DETAIL, "Every figure"), (Reading.SHORT, "Two or three figures"))
        ],
    }
    return render(request, "web/reports/show.html", context, status=status)


def _renewal_form(request: StaffRequest, report: Report) -> RenewalForm | None:
    if report.kind != ReportKind.RENEWAL:
        return None
    noted = Opportunity.objects.visible_to(request.actor).filter(client=report.client_id, dropped_at=None)
    return RenewalForm.of(report, hints=[one.text for one in noted[: writing.MOST_NEXT]])


def _drafted(request: StaffRequest, row: Commitment) -> HttpResponse:
    made: list[Report] = []
    answer = do(
        request,
        f"/commitments/{row.pk}/report/",
        lambda: made.append(drafting.draft_report(row, by=request.actor)),
        "Drafted. Read it, and say what the figures cannot.",
    )
    return redirect(made[0]) if made else answer


def _suggestion(request: StaffRequest, pk: int, suggestion_pk: int) -> tuple[Report, Suggestion]:
    report = found(request, pk)
    one = report.suggestions.select_related("report__client").filter(pk=suggestion_pk).first()
    if one is None:
        raise Http404("There is no such sentence.")
    return report, one


def _may_act(request: StaffRequest, client_id: int) -> bool:
    return request.actor.may(KEEPS) and may_act_for(client_id, request.actor)


def _reading(request: StaffRequest) -> Reading:
    return Reading.SHORT if request.GET.get("reading") == Reading.SHORT else Reading.DETAIL


def _part(request: StaffRequest) -> Part:
    part = cast(Part, request.GET.get("part", "ours"))
    if part not in PARTS:
        raise Http404("There is no such list.")
    return part


def _dips(request: StaffRequest) -> dict[str, Any]:
    """The way to the dips, with how many are open."""
    opened = Incident.objects.visible_to(request.actor).open().count()
    return {"label": "Dips", "url": "/dips/", "current": False, "count": opened or ""}


def _parts(here: str, current: Part) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": f"{here}?part={key}", "current": key == current}
        for key, label in PARTS.items()
    ]
