"""Asking as somebody, leaving no trace."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client as Browser

from steadyhand.people.models import Member
from steadyhand.people.tokens import make_token
from tests.cast import user_of


@dataclass(slots=True)
class Asker:
    """Somebody with a session or a token, or nobody."""

    name: str
    member: Member | None = None
    browser: Browser = field(default_factory=lambda: Browser(raise_request_exception=False))

    @classmethod
    def signed_in(cls, name: str, member: Member) -> Asker:
        asker = cls(name, member)
        asker.browser.force_login(user_of(member))
        return asker

    @classmethod
    def with_token(cls, name: str, member: Member, scope: str) -> Asker:
        _, secret = make_token(member, "tests", scope, by=member.actor)
        headers = {"Authorization": f"Bearer {secret}"}
        return cls(name, member, Browser(headers=headers, raise_request_exception=False))

    def ask(self, method: str, path: str, body: str = "") -> HttpResponseBase:
        """The answer; whatever was written is taken back, the session stays as it was."""
        cookies = self.browser.cookies.copy()
        with transaction.atomic():
            kind = "application/json" if body.startswith("{") else "application/x-www-form-urlencoded"
            answer = self.browser.generic(method, path, body, content_type=kind)
            if answer.streaming:
                b"".join(answer)
            transaction.set_rollback(True)
        self.browser.cookies = cookies
        return answer
