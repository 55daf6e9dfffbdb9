"""What was said to whom."""

from __future__ import annotations

from django.db import models

from steadyhand.clients.models import Client, Contact
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.core.words import Words
from steadyhand.people.models import Member


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
    words = Words("summary", "body", "outcome")

    objects = SeenWithClient.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["client", "-at", "-id"], name="interaction_of_client")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.at:%Y-%m-%d} {self.summary}"
