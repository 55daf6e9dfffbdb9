"""The work, as the client sees it: what was done against what was planned, and our advice to answer (R3).

It is there where their figures are shared. None of it needs JavaScript; none of it holds a note of ours.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from steadyhand.core.refusals import Refusal
from steadyhand.delivery.models import Recommendation
from steadyhand.delivery.work import entering
from steadyhand.desk import work_page
from steadyhand.portal.visiting import VisitorRequest, visitors


@require_safe
@visitors()
def show(request: VisitorRequest) -> HttpResponse:
    """`/portal/work/?month=2026-10`: a month of our work for them, or what will stand here."""
    if not work_page.shared_with(request.visitor.contact):
        return render(request, "portal/work/none.html")
    return _page(request)


@require_POST
@visitors()
def answer(request: VisitorRequest, pk: int) -> HttpResponse:
    """`POST /portal/work/recommendations/<pk>/answer/`: it is done, or they decline, with a word."""
    contact = request.visitor.contact
    rows = Recommendation.objects.standing().filter(client=contact.client_id, pk=pk)
    row = rows.first() if work_page.shared_with(contact) else None
    if row is None:
        raise Http404("Nothing here is shared with you.")
    words = request.POST.get("words", "")
    try:
        entering.answer(row, request.POST.get("state", ""), words, by=contact)
    except Refusal as refusal:
        return _page(request, refusal=refusal, answered=row.pk, words=words)
    messages.success(request, "Thank you. Your team sees it.")
    return redirect(reverse("portal:work"))


def _page(
    request: VisitorRequest, *, refusal: Refusal | None = None, answered: int = 0, words: str = ""
) -> HttpResponse:
    client = request.visitor.client
    try:
        period = work_page.month_named(client, request.GET.get("month", ""))
    except Refusal as wrong:
        raise Http404(wrong.sentence) from wrong
    context = {
        "page": work_page.compose(client, period),
        "here": reverse("portal:work"),
        "refusal": refusal,
        "answered": answered,
        "words": words,
    }
    return render(request, "portal/work/show.html", context, status=422 if refusal else 200)
