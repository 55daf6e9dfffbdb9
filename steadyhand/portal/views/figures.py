"""The figures, as the client sees them: with the commentary and the marks meant for them (R2)."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from steadyhand.core.refusals import Refusal
from steadyhand.portal.visiting import VisitorRequest, visitors
from steadyhand.reporting.metrics import page, periods
from steadyhand.reporting.metrics.dashboards import KIND
from steadyhand.reporting.models import Dashboard


@require_safe
@visitors()
def index(request: VisitorRequest) -> HttpResponse:
    """`/portal/figures/`: their figures, or what will stand here."""
    dashboard = Dashboard.objects.shared_with(request.visitor.contact).select_related("client").first()
    if dashboard is None:
        return render(request, "portal/figures/none.html")
    return _page(request, dashboard)


@require_safe
@visitors(KIND)
def show(request: VisitorRequest, pk: int) -> HttpResponse:
    """`/portal/figures/<pk>/?period=2026-10`: the same, for whoever came by a link."""
    rows = Dashboard.objects.shared_with(request.visitor.contact).select_related("client")
    dashboard = rows.filter(pk=pk).first()
    if dashboard is None:
        raise Http404("Nothing here is shared with you.")
    return _page(request, dashboard)


def _page(request: VisitorRequest, dashboard: Dashboard) -> HttpResponse:
    client = dashboard.client
    said = request.GET.get("period", "")
    try:
        period = periods.parse(said) if said else page.usual_period(client)
    except Refusal as wrong:
        raise Http404(wrong.sentence) from wrong
    context = {"page": page.compose(client, period, for_client=True, draw=True), "here": request.path}
    return render(request, "portal/figures/show.html", context)
