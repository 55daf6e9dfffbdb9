"""How often somebody may try: counted by whom it is about, and by the network it comes from.

What is over the limit is answered like any other try, so that a limit says nothing about an address.
"""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.http import HttpRequest

#: action → tries, per network (`ip`) and per address or account (`key`).
LIMITS = {
    "code": "20/m/ip,200/d/ip,5/900s/key",
    "wrong-code": "60/h/ip,20/h/key",
    "passkey": "30/m/ip",
    "wrong-link": "60/m/ip",
    "fresh-link": "20/h/ip,3/h/key",
}


def is_within(request: HttpRequest, action: str, key: str) -> bool:
    """Count a try of this action; False once there were too many."""
    return _count(request, action, key, is_dry=False)


def is_open(request: HttpRequest, action: str, key: str) -> bool:
    """Whether one more try would be within the limits; counts nothing."""
    return _count(request, action, key, is_dry=True)


def _count(request: HttpRequest, action: str, key: str, *, is_dry: bool) -> bool:
    used = ratelimit.consume(
        request,
        app="steadyhand.portal",
        action=action,
        config=LIMITS,
        key=key.strip().lower(),
        limit_get=True,
        dry_run=is_dry,
    )
    return used is not None
