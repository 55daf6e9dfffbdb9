"""Who sees what hangs on a client: whoever sees the client."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.clients.models.client import Access
from steadyhand.core.actor import Actor
from steadyhand.people.roles import Capability


class SeenWithClient[Row: models.Model](models.QuerySet[Row]):
    """Rows with a `client`, as far as that client may be seen."""

    def visible_to(self, actor: Actor) -> Self:
        """One EXISTS on the access table, none at all for roles that see every client."""
        if actor.may(Capability.SEE_ALL_CLIENTS):
            return self
        if actor.member_id is None:
            return self.none()
        return self.filter(
            models.Exists(Access.objects.filter(client=models.OuterRef("client"), member=actor.member_id))
        )
