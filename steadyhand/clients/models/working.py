"""How to work with a contact (C10). Internal: nothing of it is ever for the client."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.clients.models.client import Access
from steadyhand.clients.models.contact import Contact
from steadyhand.clients.models.kept import Kept, KeptQuerySet
from steadyhand.core.actor import Actor
from steadyhand.people.roles import Capability


class Knowledge(models.TextChoices):
    """How much marketing a contact knows, and whether they know how much that is."""

    SAVVY = "savvy", "Knows marketing"
    THINKS_SAVVY = "thinks_savvy", "Thinks they know marketing"
    NOVICE = "novice", "Knows that they do not"


class SeenWithContact[Row: models.Model](KeptQuerySet[Row]):
    """Rows with a `contact`, as far as its client may be seen."""

    def visible_to(self, actor: Actor) -> Self:
        """One EXISTS on the access table, none at all for roles that see every client."""
        if actor.may(Capability.SEE_ALL_CLIENTS):
            return self
        if actor.member_id is None:
            return self.none()
        accesses = Access.objects.filter(client=models.OuterRef("contact__client"), member=actor.member_id)
        return self.filter(models.Exists(accesses))


class MarketingKnowledge(Kept):
    """What we think a contact knows of marketing; a later judgement replaces it."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="marketing_knowledge")
    level = models.CharField(max_length=12, choices=Knowledge)

    objects = SeenWithContact["MarketingKnowledge"].as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], condition=models.Q(until=None), name="one_knowledge_a_contact"
            )
        ]

    def __str__(self) -> str:
        return self.get_level_display()


class WorkingKind(models.TextChoices):
    """What a note on working with somebody says."""

    CARES_FOR = "cares_for", "What they care for"
    AGREED = "agreed", "What we agreed"
    PUSHED_BACK = "pushed_back", "When we pushed back"


class WorkingNote(Kept):
    """A dated note on working with somebody. `reason` is why we pushed back."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="working_notes")
    kind = models.CharField(max_length=12, choices=WorkingKind)
    text = models.CharField(max_length=500)
    reason = models.CharField(max_length=500, blank=True)
    on = models.DateField()

    objects = SeenWithContact["WorkingNote"].as_manager()

    class Meta:
        ordering = ["contact", "kind", "-on", "-id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="working_note_says_something"),
            models.CheckConstraint(
                condition=~models.Q(kind="pushed_back") | ~models.Q(reason=""),
                name="pushing_back_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.text
