"""Signing in through the agency's own identity provider, against a small one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client

from steadyhand.config import Config, ConfigError
from steadyhand.core import agency
from steadyhand.people import members
from steadyhand.people.models import User
from steadyhand.people.roles import Role
from tests.cast import SYSTEM, joined

pytestmark = pytest.mark.django_db
LOGIN = "/account/oidc/sso/login/"


class Provider(ThreadingHTTPServer):
    """An identity provider that lets everybody in as `claims` says."""

    daemon_threads = True
    claims: dict[str, Any] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, path: str) -> dict[str, Any]:
        if path.endswith("openid-configuration"):
            return {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "userinfo_endpoint": f"{self.address}/me",
            }
        return {"access_token": "x", "token_type": "Bearer"} if path == "/token" else self.claims


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        body = json.dumps(self.server.answer(urlsplit(self.path).path)).encode()
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with Provider(("127.0.0.1", 0), _Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        config = Config.read(
            {
                "STEADYHAND_OIDC_SERVER": server.address,
                "STEADYHAND_OIDC_CLIENT": "steadyhand",
                "STEADYHAND_OIDC_SECRET": "secret",
                "STEADYHAND_OIDC_NAME": "Northwind login",
            }
        )
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": config.oidc_apps()}}
        settings.ROOT_URLCONF = "tests.web.sso_urls"
        cache.clear()
        agency.found(by=SYSTEM, name="Northwind")
        joined("Jody Marsh", Role.MANAGER)
        yield server
        server.shutdown()


def go_through(client: Client) -> None:
    started = client.get(LOGIN)
    asked = parse_qs(urlsplit(started["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://testserver/account/oidc/sso/login/callback/"]
    client.get(f"{LOGIN}callback/", {"code": "abc", "state": asked["state"][0]})


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_a_member_gets_in_again_and_again(client: Client, provider: Provider) -> None:
    page = client.get("/account/login/").content.decode()
    assert "Northwind login" in page
    assert LOGIN in page
    provider.claims = {"sub": "1", "email": "Jody@northwind.test", "email_verified": True}
    go_through(client)
    assert is_in(client)
    other = Client()
    go_through(other)
    assert is_in(other)


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "2", "email": "eve@northwind.test", "email_verified": True},
        {"sub": "3", "email": "jody@northwind.test", "email_verified": False},
        {"sub": "4"},
    ],
)
def test_nobody_else_gets_in_or_is_added(client: Client, provider: Provider, claims: dict[str, Any]) -> None:
    provider.claims = claims
    go_through(client)
    assert not is_in(client)
    assert User.objects.count() == 1


def test_a_leaver_does_not_get_in(client: Client, provider: Provider) -> None:
    jody = User.objects.get().member  # type: ignore[attr-defined]
    provider.claims = {"sub": "1", "email": "jody@northwind.test", "email_verified": True}
    go_through(client)
    joined("Sam Okafor", Role.EXECUTIVE)
    members.leave(jody, by=SYSTEM)
    assert not is_in(client)
    go_through(client)
    assert not is_in(client)


def test_a_made_up_answer_is_refused(client: Client, provider: Provider) -> None:
    provider.claims = {"sub": "1", "email": "jody@northwind.test", "email_verified": True}
    answer = client.get(f"{LOGIN}callback/", {"code": "abc", "state": "made-up"})
    assert answer.status_code in (200, 302, 401)
    assert not is_in(client)


def test_off_unless_set_and_never_half_set() -> None:
    assert Config.read({}).oidc_apps() == []
    with pytest.raises(ConfigError, match="go together"):
        Config.read({"STEADYHAND_OIDC_SERVER": "https://login.northwind.test"})
