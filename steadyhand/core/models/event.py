"""What happened."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from steadyhand.core.words import Words


class Audience(models.TextChoices):
    """Who may read an event, beyond being allowed to see its client."""

    TEAM = "team", "team"
    CLIENT = "client", "client too"
    FINANCE = "finance", "finance"
    PEOPLE = "people", "people and HR"


class Event(models.Model):
    """One business act: who, when, to which client, what changed.

    Names higher things by value (no foreign key points upward), so a removed client leaves no
    dangling reference. Never updated.
    """

    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    client_id = models.BigIntegerField(null=True)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.TEAM)
    batch = models.UUIDField(null=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    words = Words("verb", "data")

    class Meta:
        indexes = [
            models.Index(fields=["client_id", "-at", "-id"], name="event_of_client"),
            models.Index(fields=["subject_type", "subject_id", "-id"], name="event_of_subject"),
            models.Index(fields=["-at", "-id"], name="event_latest"),
            models.Index(fields=["batch"], name="event_of_batch", condition=models.Q(batch__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.verb}"
