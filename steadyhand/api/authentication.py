"""Who asks: a signed-in member's session (with its CSRF token), or a token of theirs."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.http import Http404, HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from steadyhand.core.actor import Actor
from steadyhand.people.models import Member, MemberState
from steadyhand.people.tokens import bearer_of


class ApiRequest(HttpRequest):
    """A request of somebody known; `auth` is the actor."""

    auth: Actor


class Session(APIKeyCookie):
    """The session of an active member; whatever changes something needs the X-CSRFToken header."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Actor | None:
        """The member's actor. None without a session, and where a token was sent (and was wrong)."""
        if "Authorization" in request.headers or self.param_name not in request.COOKIES:
            return None
        return cast(Actor | None, super().__call__(request))

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """The actor of the active member whose session it is."""
        if not request.user.is_authenticated:
            return None
        member = cast(Member | None, getattr(request.user, "member", None))
        return member.actor if member is not None and member.state == MemberState.ACTIVE else None


class Token(HttpBearer):
    """`Authorization: Bearer <token>`."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor a token stands for, cut to reading where that is its scope."""
        bearer = bearer_of(token)
        if bearer is None:
            return None
        request.bearer = bearer[0]  # type: ignore[attr-defined]
        return bearer[1]


def member_of(request: ApiRequest) -> Member:
    """The member who asks: both ways of asking have read who that is."""
    member = getattr(request, "bearer", None) or getattr(request.user, "member", None)
    if member is None:
        raise Http404
    return cast(Member, member)
