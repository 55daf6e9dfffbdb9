"""How somebody of ours works and what they like, in their own words: half of a good pairing (W2)."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.core.actor import Actor, ActorKind
from steadyhand.people.models import Member


class StyleQuerySet(models.QuerySet["Style"]):
    """What colleagues say of themselves."""

    def visible_to(self, actor: Actor) -> Self:
        """Colleagues read one another's; no client does."""
        return self.none() if actor.kind is ActorKind.CONTACT else self.all()


class Style(models.Model):
    """What a member says of themselves. `suits` are the kinds of contact they work well with
    (`clients.Knowledge`), `interests` short phrases, as they are compared with a contact's."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="style")
    works = models.CharField(max_length=500, blank=True)
    suits = models.JSONField(default=list)
    interests = models.JSONField(default=list)
    changed_at = models.DateTimeField()

    objects = StyleQuerySet.as_manager()

    def __str__(self) -> str:
        return f"how {self.member_id} works"
