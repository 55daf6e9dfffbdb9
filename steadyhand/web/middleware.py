"""Around every request of a person: plans follow at once, and refusals become answers."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from steadyhand.commitments.reactions import planning_at_once
from steadyhand.core.refusals import Refusal
from steadyhand.web import refusals
from steadyhand.web.access import member_of

#: Pages of the account that whoever is signed in may need, if only to be sent on.
FOR_EVERYBODY = frozenset({"/account/login/", "/account/logout/", "/account/inactive/"})

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


class MembersAlone:
    """The pages about one's account are for members: whoever signs in to a client's pages reads 404."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        of_account = request.path.startswith("/account/") and request.path not in FOR_EVERYBODY
        if of_account and request.user.is_authenticated and member_of(request) is None:
            return render(request, "404.html", status=404)
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
