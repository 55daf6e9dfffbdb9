"""Who looks after a client."""

from __future__ import annotations

from django.db import models

from steadyhand.clients.models.client import Client
from steadyhand.people.models import Member


class Position(models.TextChoices):
    """What somebody is to one client. One accountable lead; at most one executive sponsor."""

    LEAD = "lead", "lead"
    SUPPORT = "support", "support"
    DELIVERY = "delivery", "delivery"
    SPONSOR = "sponsor", "executive sponsor"


class Assignment(models.Model):
    """Somebody's time on a client's account team; ended, never deleted."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="team")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="assignments")
    position = models.CharField(max_length=10, choices=Position)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["member", "until", "client"], name="team_of_member")]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "position"],
                condition=models.Q(until=None, position__in=["lead", "sponsor"]),
                name="one_lead_and_one_sponsor",
            ),
            models.UniqueConstraint(
                fields=["client", "member", "position"],
                condition=models.Q(until=None),
                name="one_running_assignment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} is {self.position} of {self.client_id}"
