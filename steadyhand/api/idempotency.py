"""A write with an `Idempotency-Key` happens once: asked again within a day, it is answered the same."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse

from steadyhand.api.authentication import ApiRequest
from steadyhand.core import clock
from steadyhand.core.models import IdempotentReply
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.core.statements import Records, Slot

KEPT = dt.timedelta(hours=24)
LONGEST = 200
#: Old answers are cleared away once in so many new ones.
CLEARED_EVERY = 100


def once(request: ApiRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Do it, or give the answer it had. The answer is kept in the act's own transaction.

    Of two at the same moment the second finds the key taken when it wants to keep its answer, or is refused
    what has just been done: its act leaves nothing behind, and it is answered as the first.
    """
    key = request.headers.get("Idempotency-Key", "").strip()
    member_id = request.auth.member_id
    if not key or member_id is None:
        return act()
    if len(key) > LONGEST:
        raise Refusal(f"The Idempotency-Key is longer than {LONGEST} characters.", remedy="Send a UUID.")
    digest, now = _digest(request), clock.now()
    known = KNOWN.one(member=member_id, key=key)
    if known is not None and known.made_at >= now - KEPT:
        return _again(known, digest)
    try:
        with transaction.atomic():
            if known is not None:
                known.delete()
            response = act()
            kept = _keep(IdempotentReply(member_id=member_id, key=key, digest=digest, made_at=now), response)
    except (Refusal, Http404):
        meanwhile = KNOWN.one(member=member_id, key=key)
        if meanwhile is None or meanwhile.made_at < now - KEPT:
            raise
        return _again(meanwhile, digest)
    if kept.pk % CLEARED_EVERY == 0:
        IdempotentReply.objects.filter(made_at__lt=now - KEPT).delete()
    return response


KNOWN = Records(lambda: IdempotentReply.objects.filter(member_id=Slot("member"), key=Slot("key")).order_by())


def _keep(reply: IdempotentReply, response: HttpResponse) -> IdempotentReply:
    reply.status, reply.body = response.status_code, response.content.decode()
    try:
        reply.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(
            "The same request is being dealt with at this moment.", remedy="Ask again in a second."
        ) from error
    return reply


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
