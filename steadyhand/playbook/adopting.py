"""A playbook that ships, taken as a draft: to be changed before anybody sees it (MISSION B1)."""

from __future__ import annotations

from django.db import transaction

from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Conflict
from steadyhand.playbook.documents import dumps, shipped
from steadyhand.playbook.models import Draft, Playbook


@transaction.atomic
def draft_shipped(name: str, currency: str, *, by: Actor) -> Draft:
    """A draft of a shipped playbook as it ships, its figures kept, in the agency's currency.

    Refuses a name that does not ship, and while a draft of that playbook is open.
    """
    policy = shipped(name).policy.having(currency=currency)
    playbook, _ = Playbook.objects.get_or_create(name=name, defaults={"title": policy.title})
    now = clock.now()
    draft, started = Draft.objects.get_or_create(
        playbook=playbook,
        defaults={
            "document": dumps(policy),
            "started_at": now,
            "changed_at": now,
            "author_id": by.member_id,
            "author_name": by.name,
        },
    )
    if not started:
        raise Conflict(
            f"{draft.author_name} has a draft of {playbook} open since {draft.started_at:%-d %B}.",
            remedy="Go on with that draft, or discard it first.",
        )
    events.record("playbook.draft_started", by=by, subject=playbook, version=None)
    return draft
