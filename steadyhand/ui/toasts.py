"""Say what was done, with Undo. One call for pages with and without JavaScript."""

from __future__ import annotations

from typing import Literal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django_htmx.http import trigger_client_event

type Method = Literal["post", "delete"]


def toast[R: HttpResponse](
    request: HttpRequest, response: R, text: str, *, undo: str = "", method: Method = "post"
) -> R:
    """Answer with a toast: at once where htmx asked, on the next page otherwise.

    `undo` is the address that takes the act back; `method` is how it is asked
    (without JavaScript only "post" can be undone). Returns the response it was given.
    """
    if request.headers.get("HX-Request") == "true":
        trigger_client_event(response, "toast", {"text": text, "undo": undo, "method": method})
    else:
        messages.success(request, text, extra_tags=f"undo:{method}:{undo}" if undo else "")
    return response
