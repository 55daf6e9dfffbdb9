"""Forms that open in the page's one dialog, and as a page of their own where there is no JavaScript.

What is done there does not know which page it was done on: it answers that promises have changed, and
whatever shows promises reads itself again.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import trigger_client_event

from steadyhand.web.access import StaffRequest

#: The page's one empty dialog, where a form opened from a row appears.
SHEET = "sheet"

#: What pages that show promises listen for.
CHANGED = "promises-changed"


def asked(request: StaffRequest, template: str, form: Any, **context: Any) -> HttpResponse:
    """A form: in the sheet where htmx asked for it, else on a page of its own."""
    is_fragment = request.headers.get("HX-Request") == "true"
    part = "#sheet" if is_fragment else ""
    context |= {"form": form, "next": next_page(request), "in_sheet": is_fragment}
    return render(request, f"{template}{part}", context, status=422 if form.errors else 200)


def changed() -> HttpResponse:
    """Done: the dialog closes, and what shows promises reads itself again."""
    answer = HttpResponse(status=204)
    trigger_client_event(answer, "close-dialog", {})
    trigger_client_event(answer, CHANGED, {})
    return answer


def in_sheet(request: StaffRequest) -> bool:
    """Whether the form that was sent stands in the dialog."""
    return request.headers.get("HX-Target") == SHEET


def from_row(request: StaffRequest) -> bool:
    """A button in a row has no form to show a refusal in: the toast does."""
    return bool(request.headers.get("HX-Request")) and not in_sheet(request)


def next_page(request: StaffRequest) -> str:
    """The page to go back to; never another site."""
    data: QueryDict = request.POST if request.method == "POST" else request.GET
    back = data.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if back and is_ours else "/"
