"""How a session becomes a person, and what allauth may not do here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from steadyhand.people.models import User


class Backend(AuthenticationBackend):
    """Loads the user and their membership in one query, at every request.

    A leaver's user is inactive, so that their sessions end at the next request.
    """

    def get_user(self, user_id: Any) -> User | None:
        """The living user of a session, with `user.member` loaded."""
        return User.objects.select_related("member").filter(pk=user_id, is_active=True).first()


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Nobody signs up: members are invited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False
