"""Who is asking: every staff page starts here.

`@staff` lets active members of the agency in and puts `request.member` and `request.actor` on the
request; `@require(Capability.X)` also asks for what a role may do. Somebody who is not signed in goes
to the sign-in page and comes back; a user who is no active member sees nothing (404); a member whose
role does not allow it reads a sentence (403).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.http import urlencode

from steadyhand.core.actor import Actor
from steadyhand.people import first_run
from steadyhand.people.models import Member, MemberState
from steadyhand.people.roles import CAPABILITY_WORDS, Capability, roles_with

WELCOME = "/welcome/"


class StaffRequest(HttpRequest):
    """A request from an active member. `actor` carries what their role may do."""

    member: Member
    actor: Actor


type View[**P] = Callable[Concatenate[StaffRequest, P], HttpResponseBase]
type AnyView[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def staff[**P](view: View[P]) -> AnyView[P]:
    """Let active members in."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        return view(admit(request), *args, **kwargs)

    guarded.open_to = "staff"  # type: ignore[attr-defined]  # read by the access matrix of the tests
    return guarded


def require[**P](*capabilities: Capability) -> Callable[[View[P]], AnyView[P]]:
    """Let active members in whose role grants at least one of these. Needs no `@staff` beside it."""

    def decorate(view: View[P]) -> AnyView[P]:
        @wraps(view)
        def checked(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            demand(request, *capabilities)
            return view(request, *args, **kwargs)

        guarded = staff(checked)
        guarded.open_to = capabilities  # type: ignore[attr-defined]
        return guarded

    return decorate


def demand(request: StaffRequest, *capabilities: Capability) -> None:
    """Refuse (403, with a sentence) unless the member's role grants at least one of these."""
    if not any(request.actor.may(capability) for capability in capabilities):
        deed = CAPABILITY_WORDS[capabilities[0]]
        roles = ", ".join(role.label.lower() for role in roles_with(*capabilities))
        raise PermissionDenied(
            f"Your role, {request.member.get_role_display().lower()}, does not let you {deed}. "
            f"These roles may: {roles}."
        )


def admit(request: HttpRequest) -> StaffRequest:
    """The same request with its member and actor; 404 for a user who is no active member."""
    member = member_of(request)
    if member is None:
        raise Http404("Only members of the agency see this.")
    admitted = cast(StaffRequest, request)
    admitted.member, admitted.actor = member, member.actor
    return admitted


def member_of(request: HttpRequest) -> Member | None:
    """The active member who is signed in, if one is. Costs no query beyond loading the session's user."""
    member = getattr(request, "member", None)
    if member is None and request.user.is_authenticated:
        member = getattr(request.user, "member", None)
    return member if member is not None and member.state == MemberState.ACTIVE else None


def unless_first_run[**P](view: AnyView[P]) -> AnyView[P]:
    """Show the set-up wizard instead of the view while nobody can sign in yet."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if first_run.is_needed():
            return HttpResponseRedirect(WELCOME)
        return view(request, *args, **kwargs)

    return guarded


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send somebody to the sign-in page and back here afterwards; before set-up, to the wizard."""
    if first_run.is_needed():
        return HttpResponseRedirect(WELCOME)
    sign_in = resolve_url(settings.LOGIN_URL)
    if request.headers.get("HX-Request"):
        # A fragment must not swallow the sign-in page: the whole page goes there.
        page = urlsplit(request.headers.get("HX-Current-URL", "/"))
        back = page._replace(scheme="", netloc="", fragment="").geturl() or "/"
        return HttpResponse(status=204, headers={"HX-Redirect": f"{sign_in}?{urlencode({'next': back})}"})
    if request.method != "GET":
        return HttpResponseRedirect(sign_in)
    return HttpResponseRedirect(f"{sign_in}?{urlencode({'next': request.get_full_path()})}")
