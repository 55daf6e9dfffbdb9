"""Mailboxes of Google and Microsoft: let in by their own sign-in (OAuth 2, code flow with PKCE, RFC 7636)."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import secrets
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from steadyhand.comms.models import MailboxKind, Security
from steadyhand.core import clock
from steadyhand.core.refusals import Refusal

PATIENCE = 20  # seconds for the provider's answer
EARLY = dt.timedelta(minutes=2)  # a token is renewed this long before it ends


@dataclass(frozen=True, slots=True)
class Provider:
    """Where a provider asks its people, gives tokens, and keeps their mail."""

    kind: MailboxKind
    authorize: str
    token: str
    scope: str
    imap: tuple[str, int, Security]
    smtp: tuple[str, int, Security]
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def client(self) -> tuple[str, str]:
        """Id and secret of the app the agency registered there; empty ones where it has not."""
        client_id, secret = settings.MAIL_PROVIDERS.get(self.kind, ("", ""))
        return client_id, secret


PROVIDERS = {
    MailboxKind.GOOGLE: Provider(
        MailboxKind.GOOGLE,
        "https://accounts.google.com/o/oauth2/v2/auth",
        "https://oauth2.googleapis.com/token",
        "openid email https://mail.google.com/",
        ("imap.gmail.com", 993, Security.TLS),
        ("smtp.gmail.com", 465, Security.TLS),
        (("access_type", "offline"), ("prompt", "consent")),  # else there is no refresh token
    ),
    MailboxKind.MICROSOFT: Provider(
        MailboxKind.MICROSOFT,
        "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        "offline_access openid email https://outlook.office.com/IMAP.AccessAsUser.All "
        "https://outlook.office.com/SMTP.Send",
        ("outlook.office365.com", 993, Security.TLS),
        ("smtp.office365.com", 587, Security.STARTTLS),
    ),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A sign-in that was begun there: where to send the person, and what has to come back."""

    url: str
    state: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """What lets us in. `address` is the mailbox's, where the provider said so."""

    access: str
    refresh: str
    expires_at: dt.datetime
    address: str = ""


def provider(kind: str) -> Provider | None:
    """The provider of that name, where the agency has registered with it."""
    found = PROVIDERS.get(MailboxKind(kind)) if kind in MailboxKind.values else None
    return found if found is not None and found.client[0] else None


def begin(of: Provider, back: str, hint: str = "") -> Asked:
    """Where to send somebody so that they let us in; they come back to the page `back`."""
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "client_id": of.client[0],
        "response_type": "code",
        "redirect_uri": back,
        "scope": of.scope,
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        **({"login_hint": hint} if hint else {}),
        **dict(of.extra),
    }
    return Asked(f"{of.authorize}?{urllib.parse.urlencode(asked)}", state, verifier)


def finish(of: Provider, code: str, verifier: str, back: str) -> Tokens:
    """The tokens for the code somebody came back with."""
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": back}
    tokens = _tokens(_ask(of, sent | {"code_verifier": verifier}))
    if not tokens.refresh:
        raise Refusal(
            f"{of.kind.label} gave no lasting permission.",
            remedy="Remove Steadyhand there, then connect again.",
        )
    return tokens


def renewed(of: Provider, tokens: Tokens) -> Tokens:
    """Tokens that still open: these, or fresh ones."""
    if tokens.expires_at - EARLY > clock.now():
        return tokens
    fresh = _tokens(_ask(of, {"grant_type": "refresh_token", "refresh_token": tokens.refresh}))
    return Tokens(fresh.access, fresh.refresh or tokens.refresh, fresh.expires_at, tokens.address)


def _ask(of: Provider, sent: dict[str, str]) -> dict[str, Any]:
    """Ask the token endpoint. Refusal where it says no; OSError where it does not answer."""
    client_id, secret = of.client
    body = urllib.parse.urlencode(sent | {"client_id": client_id, "client_secret": secret}).encode()
    request = urllib.request.Request(of.token, body, {"Accept": "application/json"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            found: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code >= 500:
            raise OSError(f"{of.kind.label} answers {error.code}") from None
        raise Refusal(
            f"{of.kind.label} does not let us in any more ({_reason(error)}).",
            remedy="Connect the mailbox again.",
        ) from None
    except ValueError as error:
        raise OSError(f"{of.kind.label} gave an answer nobody understands") from error
    return found


def _reason(error: urllib.error.HTTPError) -> str:
    """The provider's word for it (`invalid_grant`), never what we sent."""
    try:
        said = json.load(error)
    except ValueError:
        return str(error.code)
    return str(said.get("error", error.code))[:60] if isinstance(said, dict) else str(error.code)


def _tokens(answer: dict[str, Any]) -> Tokens:
    if not answer.get("access_token"):
        raise OSError("the provider gave no token")
    lasts = dt.timedelta(seconds=int(answer.get("expires_in") or 3600))
    return Tokens(
        access=str(answer["access_token"]),
        refresh=str(answer.get("refresh_token") or ""),
        expires_at=clock.now() + lasts,
        address=_address(str(answer.get("id_token") or "")),
    )


def _address(id_token: str) -> str:
    """Whose mailbox it is. It came from the provider itself, over TLS: no signature needs checking."""
    try:
        part = id_token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (IndexError, ValueError):
        return ""
    found = str(claims.get("email") or claims.get("preferred_username") or "")
    return found.lower() if "@" in found else ""
