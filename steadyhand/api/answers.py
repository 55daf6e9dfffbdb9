"""How the API answers: JSON made once, errors as a sentence with its remedy."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse

from steadyhand.core.refusals import Refusal

Data = dict[str, Any]


def answer(request: HttpRequest, data: Any, status: int = 200) -> HttpResponse:
    """The data as JSON, tagged; 304 where the reader has it already."""
    body = written(data)
    if request.method != "GET":
        return HttpResponse(body, status=status, content_type="application/json")
    tag = f'"{hashlib.sha1(body, usedforsecurity=False).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
    if tag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(body, status=status, content_type="application/json", headers=headers)


def error(sentence: str, status: int, *, remedy: str = "", field: str = "") -> HttpResponse:
    """An answer that says what is wrong, what to do, and which field it belongs to."""
    body = written({"error": sentence, "remedy": remedy, "field": field})
    return HttpResponse(body, status=status, content_type="application/json")


def refused(refusal: Refusal, status: int) -> HttpResponse:
    """A refusal as an error."""
    return error(refusal.sentence, status, remedy=refusal.remedy, field=refusal.field)


def written(data: Any) -> bytes:
    """Compact JSON: days and moments in ISO form, amounts as text."""
    return json.dumps(data, default=_plain, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(value: object) -> str:
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form.")
