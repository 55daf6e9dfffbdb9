"""The agency's logo and colour. Anybody may load them: sign-in pages carry them too."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from steadyhand.core.brand import colours
from steadyhand.core.models import Agency
from steadyhand.core.serving import file_answer

#: The address changes with what it gives.
KEPT = "public, max-age=86400"


@require_safe
def logo(request: HttpRequest) -> HttpResponseBase:
    """`/portal/logo/`; 404 without one."""
    agency = Agency.current()
    if agency is None or not agency.logo_digest:
        raise Http404("There is no logo.")
    answer = file_answer(request, agency.logo_digest, "logo", agency.logo_type, inline=True)
    answer["Cache-Control"] = KEPT
    return answer


@require_safe
def accent(request: HttpRequest) -> HttpResponse:
    """`/portal/colours.css`: the agency's colour in both themes; empty without one."""
    agency = Agency.current()
    text = colours(agency) if agency is not None else ""
    return HttpResponse(text, content_type="text/css; charset=utf-8", headers={"Cache-Control": KEPT})
