"""Who has read a client's brief."""

from __future__ import annotations

from django.db import models

from steadyhand.clients.models.client import Client
from steadyhand.people.models import Member


class BriefReading(models.Model):
    """Somebody has read the brief (O8): asked of whoever is put on the account team."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="readings")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="readings")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["client", "member"], name="one_reading_a_member")]

    def __str__(self) -> str:
        return f"{self.member_id} read the brief of {self.client_id}"
