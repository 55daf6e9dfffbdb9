"""Signing in by a code in a mail: good for ten minutes, in the browser that asked, once.

Only a keyed digest of the code is kept, in the session. Whoever asks reads the same answer and waits as long,
whether or not the address is known; a mail goes out either way, and says which it was to its reader alone.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace

from allauth.account.adapter import get_adapter
from allauth.core.internal.cryptokit import normalize_user_code
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from steadyhand.clients.models import Contact
from steadyhand.clients.portal_access import signing_in_with
from steadyhand.core import outbox
from steadyhand.core.models import Agency
from steadyhand.portal import limits

ASKED = "portal_code"
LASTS = 600  # seconds; ASVS 5.0, 6.5.5
TRIES = 3

CODE_MAIL = """Your code to sign in to the pages {agency} keeps for you:

    {code}

It works once, for 10 minutes, in the browser you asked from.
If you did not ask for it, ignore this mail; nobody can sign in without it.
"""

UNKNOWN_MAIL = """Somebody, perhaps you, asked for a code to sign in to the pages {agency} keeps
for its clients. Nobody signs in there with this address.

If it was you, try the address {agency} writes to, or ask the person you work with to
invite this one. If it was not you, ignore this mail.
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A code that was asked for in this browser. `at` in seconds since 1970; `proven` once it was typed."""

    email: str
    digest: str
    at: float
    tries: int = 0
    proven: bool = False

    @property
    def is_alive(self) -> bool:
        """Neither too old nor tried too often."""
        return time.time() - self.at <= LASTS and self.tries < TRIES


def ask(request: HttpRequest, email: str) -> None:
    """Mail a code to this address, if anybody signs in with it and it is not asked for too often."""
    email = email.strip().lower()
    code = get_adapter().generate_login_code()
    request.session[ASKED] = asdict(Asked(email, _digest(email, code), time.time()))
    if not limits.is_within(request, "code", email):
        return
    agency = Agency.get().name
    if signing_in_with(email):
        text = CODE_MAIL.format(agency=agency, code=code)
    else:
        text = UNKNOWN_MAIL.format(agency=agency)
    outbox.post("portal-code", email, f"Signing in with {agency}", text, safe_to_repeat=True)


def asked(request: HttpRequest) -> Asked | None:
    """The code that is waited for in this browser, as long as it can still be typed."""
    kept = request.session.get(ASKED)
    found = Asked(**kept) if kept else None
    return found if found is not None and found.is_alive else None


def prove(request: HttpRequest, typed: str) -> list[Contact] | None:
    """Whom the code signs in, now that it is spent; None when it is wrong, which is counted."""
    waiting = asked(request)
    if waiting is None or waiting.proven or not limits.is_open(request, "wrong-code", waiting.email):
        return None
    if not constant_time_compare(_digest(waiting.email, typed), waiting.digest):
        limits.is_within(request, "wrong-code", waiting.email)
        request.session[ASKED] = asdict(replace(waiting, tries=waiting.tries + 1))
        return None
    found = signing_in_with(waiting.email)
    request.session[ASKED] = asdict(replace(waiting, digest="", proven=True))
    return found or None


def proven(request: HttpRequest) -> list[Contact]:
    """Whom this browser may sign in, because it typed the code of their address a moment ago."""
    waiting = asked(request)
    return signing_in_with(waiting.email) if waiting is not None and waiting.proven else []


def forget(request: HttpRequest) -> None:
    """The code has done its work."""
    request.session.pop(ASKED, None)


def _digest(email: str, code: str) -> str:
    return salted_hmac(
        "steadyhand.portal.codes", f"{email}:{normalize_user_code(code)}", algorithm="sha256"
    ).hexdigest()
