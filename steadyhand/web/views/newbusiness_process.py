"""How we look after you: the one page that is presented to a prospect, on screen, on paper, as PDF (W4)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from steadyhand.desk.process import process
from steadyhand.desk.process_pdf import process_pdf
from steadyhand.web.access import StaffRequest, staff
from steadyhand.web.views.newbusiness import found


@require_GET
@staff
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """`/leads/<id>/process/`: for whoever presents it, and nothing of ours beside it."""
    lead = found(request, pk)
    context = {"lead": lead, "page": process(lead), "here": lead.get_absolute_url()}
    return render(request, "web/newbusiness/process.html", context)


@require_GET
@staff
def paper(request: StaffRequest, pk: int) -> HttpResponse:
    """`/leads/<id>/process.pdf`: the same on one A4."""
    lead = found(request, pk)
    answer = HttpResponse(process_pdf(process(lead)), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="how-we-look-after-{lead.client.ref}.pdf"'
    return answer
