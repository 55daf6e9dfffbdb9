"""Asking Google as a service account: a signed claim for a token, then JSON; every no as a sentence.

Facts as of October 2026: https://developers.google.com/identity/protocols/oauth2/service-account
"""

from __future__ import annotations

import datetime as dt
import email.utils
import json
import time
from collections.abc import Mapping
from typing import Any

import jwt
import requests
from urllib3.exceptions import HTTPError

from steadyhand.reporting.metrics.providers import Trouble

TOKENS = "https://oauth2.googleapis.com/token"  # an address

#: Seconds to wait for a connection, and for an answer.
PATIENCE = (10, 90)

#: How long a claim is good for, and how far our clock may be ahead of theirs.
LIFE, AHEAD = 3000, 60

#: What is waited where Google says “too many” without saying how long.
A_WHILE = dt.timedelta(minutes=15)

#: An answer larger than this is not read on: it would not fit into memory with what is made of it.
MOST_BYTES = 64 * 1024 * 1024


def read_key(text: str) -> dict[str, Any]:
    """A service account's key file, pasted. ValueError with a sentence where it is not one."""
    try:
        key = json.loads(text)
    except ValueError:
        raise ValueError("This is not a key file: it is not JSON.") from None
    wanted = ("client_email", "private_key", "private_key_id")
    if not isinstance(key, dict) or key.get("type") != "service_account":
        raise ValueError("This is not the key of a service account.")
    missing = [name for name in wanted if not isinstance(key.get(name), str) or not key[name]]
    if missing:
        raise ValueError(f"The key lacks {', '.join(missing)}.")
    try:
        jwt.encode({}, key["private_key"], algorithm="RS256")
    except Exception:  # whatever the cryptography says, it is no key
        raise ValueError("The private key in it cannot be read.") from None
    return {name: key[name] for name in wanted}


class Caller:
    """One run's conversation with Google for one service account; the token is asked for once."""

    def __init__(self, key: Mapping[str, Any], scope: str, headers: Mapping[str, str] | None = None) -> None:
        self.key, self.scope, self.headers = key, scope, dict(headers or {})
        self._token = ""

    @property
    def name(self) -> str:
        """The address that must be let in."""
        return str(self.key["client_email"])

    def post(self, url: str, body: Mapping[str, Any]) -> Any:
        """The JSON that a request is answered with. Trouble, in a sentence, for everything else."""
        if not self._token:
            self._token = self._asked_token()
        headers = {"Authorization": f"Bearer {self._token}", **self.headers}
        return self._sent(url, headers=headers, json=body)

    def _asked_token(self) -> str:
        # Dated a little back: a clock that is ahead of Google's would be refused as “issued in the future”.
        issued = int(time.time()) - AHEAD
        claim = {
            "iss": self.name,
            "scope": self.scope,
            "aud": TOKENS,
            "iat": issued,
            "exp": issued + AHEAD + LIFE,
        }
        signed = jwt.encode(
            claim,
            self.key["private_key"],
            algorithm="RS256",
            headers={"kid": self.key["private_key_id"]},
        )
        grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
        said = self._sent(TOKENS, data={"grant_type": grant, "assertion": signed})
        token = said.get("access_token") if isinstance(said, dict) else None
        if not token:
            raise Trouble("Google gave no token. We try again by ourselves.")
        return str(token)

    def _sent(self, url: str, **request: Any) -> Any:
        try:
            with requests.post(
                url, timeout=PATIENCE, stream=True, allow_redirects=False, **request
            ) as answer:
                body = answer.raw.read(MOST_BYTES + 1, decode_content=True)
        except (requests.RequestException, OSError) as error:
            raise Trouble(
                f"Google cannot be reached ({type(error).__name__}). We try again by ourselves."
            ) from None
        except HTTPError as error:
            raise Trouble(
                f"Google's answer was cut off ({type(error).__name__}). We try again by ourselves."
            ) from None
        if len(body) > MOST_BYTES:
            raise Trouble("Google's answer is larger than 64 MB. Connect it for fewer days.", lasts=True)
        if answer.status_code == 200:
            return _read(body)
        raise self._refused(answer, body)

    def _refused(self, answer: requests.Response, body: bytes) -> Trouble:
        said = _reason(body)
        match answer.status_code:
            case 401:
                return Trouble(
                    f"Google no longer accepts this key ({said}). Make a new one and renew the access.",
                    lasts=True,
                )
            case 403 if "rate" in said.lower() or "quota" in said.lower():
                return Trouble(f"Google's quota is used up ({said}).", retry_after=_wait(answer) or A_WHILE)
            case 403:
                return Trouble(
                    f"Google does not let {self.name} in ({said}). Let it read, then read again.",
                    lasts=True,
                )
            case 429:
                return Trouble(
                    f"Google asks us to come back later ({said}).", retry_after=_wait(answer) or A_WHILE
                )
            case 400 if "invalid_grant" in said:
                return Trouble(
                    "Google no longer accepts this key (invalid_grant). Make a new one and renew the access, "
                    "and look whether this machine's clock is right.",
                    lasts=True,
                )
            case status if status >= 500:
                return Trouble(
                    f"Google answers {status}. We try again by ourselves.", retry_after=_wait(answer)
                )
        return Trouble(f"Google refused what we asked ({said}).", lasts=True)


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        raise Trouble("Google's answer was cut off. We try again by ourselves.") from None


def _reason(body: bytes) -> str:
    """Google's own words for it, short; never what we sent."""
    try:
        said = json.loads(body)
    except ValueError:
        return "no reason given"
    said = said[0] if isinstance(said, list) and said else said
    error = said.get("error") if isinstance(said, dict) else None
    if isinstance(error, dict):
        return str(error.get("message") or error.get("status") or "no reason given")[:200]
    return str(error or "no reason given")[:200]


def _wait(answer: requests.Response) -> dt.timedelta | None:
    """`Retry-After`, in seconds or as a date; at most a day."""
    said = answer.headers.get("Retry-After", "")
    if said.isdigit():
        return min(dt.timedelta(seconds=int(said)), dt.timedelta(days=1))
    try:
        until = email.utils.parsedate_to_datetime(said)
        now = email.utils.parsedate_to_datetime(answer.headers.get("Date", ""))  # their clock, not ours
    except (TypeError, ValueError):
        return None
    return min(max(until - now, dt.timedelta(seconds=1)), dt.timedelta(days=1))
