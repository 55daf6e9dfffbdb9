"""One way of writing things down as bytes, so that their SHA-256 stands for them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from steadyhand.onboarding.models import AgreementVersion


def canonical(said: dict[str, Any]) -> str:
    """JSON with sorted keys and nothing between them: the same values always give the same text."""
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)


def sha256(text: str) -> str:
    """The SHA-256 of a text in UTF-8, as hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of(version: AgreementVersion) -> str:
    """The digest of everything a version says: parties, dates and clauses. One query."""
    clauses = [[one.key, one.title, one.text] for one in version.clauses.all()]
    agreement = version.agreement
    return sha256(
        canonical(
            {
                "agreement": agreement.pk,
                "kind": agreement.kind,
                "title": agreement.title,
                "number": version.number,
                "agency": version.agency_name,
                "client": version.client_name,
                "begins_on": version.begins_on,
                "ends_on": version.ends_on,
                "notice_days": version.notice_days,
                "clauses": clauses,
            }
        )
    )


def moment(at: dt.datetime) -> str:
    """A moment in UTC, to the microsecond, as the chain writes it."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _plain(value: object) -> str:
    if isinstance(value, dt.datetime):
        return moment(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form.")
