"""The chain of what happened to an agreement: each link carries the hash of the one before.

It shows that nothing was changed, left out or put in between. The general history stays erasable and is not
chained; this chain goes when its client goes.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from steadyhand.core import clock
from steadyhand.onboarding.agreements.canonical import canonical, moment, sha256
from steadyhand.onboarding.models import Agreement, AgreementEvent

#: What the first link names as the one before.
START = "0" * 64


def add_link(agreement: Agreement, what: str, at: dt.datetime | None = None, **said: Any) -> AgreementEvent:
    """Add what happened. The caller holds the agreement's row."""
    last = agreement.chain.order_by("-number").first()
    number = last.number + 1 if last else 1
    previous = last.hash if last else START
    body = canonical(
        said | {"agreement": agreement.pk, "number": number, "what": what, "at": moment(at or clock.now())}
    )
    return AgreementEvent.objects.create(
        agreement=agreement, number=number, previous=previous, body=body, hash=_hash(previous, body)
    )


def head_of(agreement: Agreement) -> str:
    """The hash of the newest link; `START` where nothing happened yet."""
    last = agreement.chain.order_by("-number").first()
    return last.hash if last else START


def breaks(agreement: Agreement, links: list[AgreementEvent]) -> list[str]:
    """Where the chain does not hold, as sentences; none where it does."""
    found = []
    previous = START
    for place, link in enumerate(links, start=1):
        said = link.said
        if link.hash != _hash(link.previous, link.body):
            found.append(f"Link {place} of the chain does not match its hash.")
        elif link.previous != previous:
            found.append(f"Link {place} of the chain does not follow the one before.")
        elif (link.number, said.get("number"), said.get("agreement")) != (place, place, agreement.pk):
            found.append(f"Link {place} of the chain belongs elsewhere.")
        previous = link.hash
    return found


def _hash(previous: str, body: str) -> str:
    return sha256(f"{previous}\n{body}")
