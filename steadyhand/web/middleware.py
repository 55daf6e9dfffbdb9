"""Around every request of a person: plans follow at once, and refusals become answers."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from steadyhand.commitments.reactions import planning_at_once
from steadyhand.core.refusals import Refusal
from steadyhand.web import refusals

READS = {"GET", "HEAD", "OPTIONS", "TRACE"}


class PlansFollow:
    """What a person changes is planned before they look again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in READS:
            return self.get_response(request)
        with planning_at_once():
            return self.get_response(request)


class RefusalsAnswer:
    """A refusal no view has taken to a field is still told to the person who asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django calls this when a view has raised."""
        return refusals.answer(request, error) if isinstance(error, Refusal) else None
