"""A write with an `Idempotency-Key` happens once: asked again within a day, it is answered the same."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpResponse

from steadyhand.api.authentication import ApiRequest
from steadyhand.core import clock
from steadyhand.core.models import IdempotentReply
from steadyhand.core.refusals import Conflict, Refusal

KEPT = dt.timedelta(hours=24)
LONGEST = 200


def once(request: ApiRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Do it, or give the answer it had. The answer is kept in the act's own transaction."""
    key = request.headers.get("Idempotency-Key", "").strip()
    member_id = request.auth.member_id
    if not key or member_id is None:
        return act()
    if len(key) > LONGEST:
        raise Refusal(f"The Idempotency-Key is longer than {LONGEST} characters.", remedy="Send a UUID.")
    digest = _digest(request)
    now = clock.now()
    IdempotentReply.objects.filter(member_id=member_id, made_at__lt=now - KEPT).delete()
    known = IdempotentReply.objects.filter(member_id=member_id, key=key).first()
    if known is not None:
        return _again(known, digest)
    try:
        with transaction.atomic():
            reply = IdempotentReply.objects.create(member_id=member_id, key=key, digest=digest, made_at=now)
            response = act()
            reply.status, reply.body = response.status_code, response.content.decode()
            reply.save(update_fields=["status", "body"])
    except IntegrityError as error:
        raise Conflict(
            "The same request is being dealt with at this moment.", remedy="Ask again in a second."
        ) from error
    return response


def _again(known: IdempotentReply, digest: str) -> HttpResponse:
    if known.digest != digest:
        raise Refusal(
            "This Idempotency-Key was used for another request.", remedy="Send a new key with a new request."
        )
    headers = {"Idempotent-Replayed": "true"}
    return HttpResponse(known.body, status=known.status, content_type="application/json", headers=headers)


def _digest(request: ApiRequest) -> str:
    parts = (request.method or "", request.get_full_path(), request.body.decode(errors="replace"))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
