"""Reports, as the client reads them: what was sent, in their reading; and the leads (R4, R5, L3).

None of it needs JavaScript. That a page was opened is noted when it is opened, and by nothing hidden.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from steadyhand.core.refusals import Refusal
from steadyhand.core.serving import file_answer
from steadyhand.portal.visiting import VisitorRequest, visitors
from steadyhand.reporting.models import LeadQuality, Reading, Report, ReportRecipient, Worth
from steadyhand.reporting.reports.composing import composed
from steadyhand.reporting.reports.lead_quality import rate_leads
from steadyhand.reporting.reports.opening import note_opening, reading_for
from steadyhand.reporting.reports.paper import file_name, report_pdf
from steadyhand.reporting.reports.plotting import pictures_of

KIND = "report"
MOST = 100
READINGS = ((Reading.SHORT, "At a glance"), (Reading.DETAIL, "Every figure"))


@require_safe
@visitors()
def index(request: VisitorRequest) -> HttpResponse:
    """`/portal/reports/`: everything that was sent to them, the newest first."""
    rows = Report.objects.shared_with(request.visitor.contact).defer("content").order_by("-sent_at", "-pk")
    return render(request, "portal/reports/index.html", {"reports": rows[:MOST]})


@require_safe
@visitors(KIND)
def show(request: VisitorRequest, pk: int) -> HttpResponse:
    """`/portal/reports/<pk>/?reading=`: the report, and the question about the leads where it has one."""
    return _page(request, _report(request, pk))


@require_safe
@visitors(KIND)
def pdf(request: VisitorRequest, pk: int) -> HttpResponseBase:
    """`/portal/reports/<pk>/pdf/?reading=`: the paper that was sent."""
    report = _report(request, pk)
    reading = _reading(request, report)
    kept = ReportRecipient.objects.filter(report=report, reading=reading).exclude(pdf_digest="").first()
    if kept is not None:
        return file_answer(request, kept.pdf_digest, file_name(report), "application/pdf", inline=True)
    answer = HttpResponse(report_pdf(report, reading), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{file_name(report)}"'
    return answer


@require_POST
@visitors(KIND)
def lead_quality(request: VisitorRequest, pk: int) -> HttpResponse:
    """`POST …/lead-quality/`: one click says how good they were; how many there were may follow."""
    report = _report(request, pk)
    seen = request.POST.get("seen", "").strip()
    try:
        if seen and not (seen.isdigit() and len(seen) < 8):
            raise Refusal("That is no number of leads.", remedy="Write it in digits, or leave it empty.")
        count = int(seen) if seen else None
        rate_leads(report, request.POST.get("worth", ""), by=request.visitor.actor, seen=count)
    except Refusal as refusal:
        return _page(request, report, refusal)
    messages.success(request, "Thank you. We look into it." if seen else "Thank you.")
    return redirect(f"{reverse('portal:report', args=[pk])}#leads")


def _page(request: VisitorRequest, report: Report, refusal: Refusal | None = None) -> HttpResponse:
    visitor = request.visitor
    if visitor.watched_by is None:
        note_opening(report, visitor.contact, by=visitor.actor)
    reading = _reading(request, report)
    seen = composed(report, reading)
    here = reverse("portal:report", args=[report.pk])
    has_short = bool((report.content.get("short") or {}).get("figures"))
    context = {
        "report": report,
        "seen": seen,
        "pictures": pictures_of(report, seen.charts),
        "reading": reading,
        "readings": [
            {"label": label, "url": f"{here}?reading={key}", "current": key == reading}
            for key, label in (READINGS if has_short else ())
        ],
        "worths": Worth.choices,
        "answer": LeadQuality.objects.filter(report=report, contact=visitor.contact).first(),
        "refusal": refusal,
    }
    return render(request, "portal/reports/show.html", context, status=422 if refusal else 200)


def _report(request: VisitorRequest, pk: int) -> Report:
    shared = Report.objects.shared_with(request.visitor.contact).select_related("client", "owner")
    report = shared.filter(pk=pk).first()
    if report is None:
        raise Http404("Nothing here is shared with you.")
    return report


def _reading(request: VisitorRequest, report: Report) -> Reading:
    asked = request.GET.get("reading", "")
    if asked in (Reading.DETAIL, Reading.SHORT):
        return Reading(asked)
    return reading_for(report, request.visitor.contact)
