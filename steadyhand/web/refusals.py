"""How a refusal that no form has taken reaches the person: in a toast, or on a page of its own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from steadyhand.core.refusals import Conflict, Refusal

REFUSED = 409


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The sentence as a toast where htmx asked, else as a page; nothing was changed."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(str(refusal), status=REFUSED, content_type="text/plain; charset=utf-8")
    back = request.headers.get("Referer", "/")
    context = {"refusal": refusal, "is_conflict": isinstance(refusal, Conflict), "back": back}
    return render(request, "web/refused.html", context, status=REFUSED)
