"""How a session becomes a person, and what allauth does our way."""

from __future__ import annotations

import ipaddress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from steadyhand.core import outbox
from steadyhand.core.mail import html_of
from steadyhand.core.statements import Records, Slot
from steadyhand.people.models import User

CLIENTS_PAGES = "/portal/"

SIGNED_IN = Records(lambda: User.objects.select_related("member").filter(pk=Slot("user"), is_active=True))


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """Loads the user and their membership in one query, at every request.

    A leaver's user is inactive, so that their sessions end at the next request.
    """

    def get_user(self, user_id: Any) -> User | None:
        """The living user of a session, with `user.member` loaded."""
        return SIGNED_IN.one(user=user_id)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up: members are invited. Mail goes through the outbox."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Members to Today; whoever is none, by a passkey on the wrong page, to the client's pages."""
        member = getattr(request.user, "member", None)
        return str(super().get_login_redirect_url(request)) if member is not None else CLIENTS_PAGES

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Post it, the same way and at the same cost whether or not the address is known."""
        message = self.render_mail(template_prefix, email, context)
        kind = template_prefix.rsplit("/", 1)[-1][:40]
        outbox.post(kind, email, message.subject, str(message.body), html_of(message), safe_to_repeat=True)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that limits count by. One IPv6 customer has a /64, so that is what counts."""
        address: str = super().get_client_ip(request)
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return address
        if parsed.version == 4:
            return address
        return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The agency's own identity provider lets in whom we know; it adds nobody."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never."""
        return False
