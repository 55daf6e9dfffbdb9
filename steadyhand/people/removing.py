"""Removing members who were only ever a name in an import. Everybody else *leaves* (`members.leave`)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import models, transaction

from steadyhand.core import events
from steadyhand.core.actor import Actor
from steadyhand.people.models import Member, MemberState


@transaction.atomic
def remove_unused_members(ids: Collection[int], *, by: Actor, batch: UUID | None = None) -> int:
    """Remove those who were not invited and on whom nothing hangs; how many that were."""
    removed = 0
    for member in Member.objects.filter(pk__in=ids, state=MemberState.NOT_INVITED):
        try:
            with transaction.atomic():
                events.record("member.removed", by=by, subject=member, batch=batch, name=member.name)
                member.delete()
        except (models.ProtectedError, models.RestrictedError):
            continue
        removed += 1
    return removed
