"""What was said to whom."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.clients.models import Access, Client, Contact
from steadyhand.core.actor import Actor
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability


class Channel(models.TextChoices):
    """How people spoke."""

    CALL = "call", "call"
    EMAIL = "email", "e-mail"
    MEETING = "meeting", "meeting"
    NOTE = "note", "note"


class Direction(models.TextChoices):
    """Who began it."""

    UNKNOWN = "", "not known"
    OUT = "out", "from us"
    IN = "in", "from the client"


class InteractionQuerySet(models.QuerySet["Interaction"]):
    """Interactions, as far as their client may be seen."""

    def visible_to(self, actor: Actor) -> Self:
        """The interactions of clients this actor sees."""
        if actor.may(Capability.SEE_ALL_CLIENTS):
            return self
        if actor.member_id is None:
            return self.none()
        return self.filter(
            models.Exists(Access.objects.filter(client=models.OuterRef("client"), member=actor.member_id))
        )


class Interaction(models.Model):
    """A call, an e-mail, a meeting or a note: it happened, and stays. `source` says where we know it from."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="interactions")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="interactions")
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="interactions")
    at = models.DateTimeField()
    channel = models.CharField(max_length=10, choices=Channel)
    direction = models.CharField(max_length=3, choices=Direction, default=Direction.UNKNOWN, blank=True)
    summary = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    outcome = models.CharField(max_length=60, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    source = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()

    objects = InteractionQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["client", "-at", "-id"], name="interaction_of_client")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.at:%Y-%m-%d} {self.summary}"
