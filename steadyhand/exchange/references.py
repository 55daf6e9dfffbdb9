"""Keeping what other systems call our things true."""

from __future__ import annotations

from steadyhand.core.models import Event
from steadyhand.exchange.models import ExternalRef


def follow_merge(event: Event) -> None:
    """Two clients became one: whatever a source called the husk is the one that stays."""
    ExternalRef.objects.filter(kind="client", subject_id=event.data["husk_id"]).update(
        subject_id=event.client_id
    )
