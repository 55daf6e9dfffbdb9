"""The REST API: `/api/`, described at `/api/openapi.json` and readable at `/api/docs/`."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError

from steadyhand import __version__
from steadyhand.api import (
    agreements,
    approvals,
    care,
    clients,
    commitments,
    delivery,
    dips,
    forms,
    handover,
    house,
    insights,
    interactions,
    knowledge,
    meetings,
    messages,
    metrics,
    newbusiness,
    reports,
    team,
    work,
)
from steadyhand.api.answers import error, refused
from steadyhand.api.authentication import Session, Token
from steadyhand.api.schemas import Error
from steadyhand.commitments.keeping import NotYours
from steadyhand.core.refusals import Conflict, Refusal

api = NinjaAPI(
    title="Steadyhand",
    version=__version__,
    description="Clients, what is owed to them, and what happened. Errors are sentences with a remedy.",
    docs_url=None,
    auth=[Token(), Session()],
    urls_namespace="api",
)

ERRORS: dict[Any, Any] = dict.fromkeys((400, 401, 403, 404, 409, 422), Error)

ROUTERS: tuple[tuple[str, Router], ...] = (
    ("/clients", clients.router),
    ("/clients", interactions.router),
    ("/clients", care.router),
    ("/clients", knowledge.router),
    ("/clients", messages.router),
    ("/clients", metrics.router),
    ("/clients", insights.router),
    ("/clients", agreements.of_client),
    ("/agreements", agreements.router),
    ("/approvals", approvals.router),
    ("/pieces", approvals.pieces_router),
    ("/commitments", commitments.router),
    ("/today", commitments.today_router),
    ("/playbook", house.playbook_router),
    ("/members", house.members_router),
    ("/imports", house.imports_router),
    ("/clients", meetings.of_client),
    ("/meetings", meetings.router),
    ("/leads", newbusiness.router),
    ("/clients", handover.of_client),
    ("/handovers", handover.router),
    ("/clients", forms.of_client),
    ("/forms", forms.router),
    ("/wins", team.wins_router),
    ("/series", team.series_router),
    ("/clients", delivery.of_client),
    ("/clients", work.router),
    ("/clients", reports.of_client),
    ("/reports", reports.router),
    ("", delivery.router),
    ("", dips.router),
)


def _declare_errors(router: Router) -> None:
    """Every operation may answer with an error of the one shape."""
    for view in router.path_operations.values():
        for operation in view.operations:
            for status, schema in ERRORS.items():
                operation.response_models.setdefault(status, operation._create_response_model(schema))


for prefix, router in ROUTERS:
    _declare_errors(router)
    api.add_router(prefix, router)


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    if isinstance(refusal, Conflict):
        return refused(refusal, 409)
    is_forbidden = isinstance(refusal, NotYours | commitments.ReadsOnly)
    return refused(refusal, 403 if is_forbidden else 422)


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, missing: Http404) -> HttpResponse:
    return error("There is nothing here that you see.", 404, remedy="Check the address, and who you are.")


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, unknown: AuthenticationError) -> HttpResponse:
    answered = error(
        "We do not know who asks.",
        401,
        remedy="Send Authorization: Bearer and a token from your account page, or sign in.",
    )
    answered.headers["WWW-Authenticate"] = "Bearer"
    return answered


@api.exception_handler(PermissionDenied)
def _forbidden(request: HttpRequest, denied: PermissionDenied) -> HttpResponse:
    return error(str(denied) or "Your role does not allow this.", 403)


@api.exception_handler(ValidationError)
def _unreadable(request: HttpRequest, wrong: ValidationError) -> HttpResponse:
    first = wrong.errors[0]
    field = str(first["loc"][-1])
    remedy = "The shapes are in /api/openapi.json."
    return error(f"“{field}” cannot be read: {first['msg']}.", 400, remedy=remedy, field=field)


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, wrong: HttpError) -> HttpResponse:
    if wrong.status_code == 403:
        remedy = "Send the X-CSRFToken header, or use a token instead of a session."
        return error("The request did not come from one of our pages.", 403, remedy=remedy)
    return error(str(wrong), wrong.status_code, remedy="The shapes are in /api/openapi.json.")


@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """`/api/docs/`: every operation on one page, without a script."""
    schema = api.get_openapi_schema(path_prefix="/api/")
    operations = [
        operation
        | {"method": method.upper(), "path": path, "about": operation["description"].replace("`", "")}
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    return render(request, "api/docs.html", {"operations": operations, "version": __version__})
