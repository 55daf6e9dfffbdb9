"""What the internal kickoff goes by: what the pitch promised, and leave to meet the client first (O4)."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.clients.models import Client
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.onboarding.models.handover import Handover


class KickoffWaiver(models.Model):
    """Why the client may be met before our own people have heard of the win (O4)."""

    handover = models.OneToOneField(Handover, on_delete=models.CASCADE, related_name="waiver")
    reason = models.CharField(max_length=300)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="kickoff_waiver_has_a_reason")
        ]

    def __str__(self) -> str:
        return self.reason


class StandingQuerySet[Row: models.Model](SeenWithClient[Row]):
    """Rows with a `client` and a `dropped_at`."""

    def standing(self) -> Self:
        """Not taken back."""
        return self.filter(dropped_at=None)


class PitchPromise(models.Model):
    """Something said aloud while pitching, that the client will remember (O4)."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="pitch_promises")
    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="pitch_promises")
    text = models.CharField(max_length=300)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)

    objects = StandingQuerySet["PitchPromise"].as_manager()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="pitch_promise_says_something")
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def number(self) -> str:
        """Its id, as an address has it."""
        return str(self.pk)
