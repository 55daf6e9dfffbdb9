"""Something a client could buy next."""

from __future__ import annotations

from django.db import models

from steadyhand.clients.models import Client, Contact
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.comms.models import Call, Meeting
from steadyhand.people.models import Member
from steadyhand.reporting.models import Insight


class OpportunityKind(models.TextChoices):
    """More of what they buy, or something new (G4)."""

    UPSELL = "upsell", "upsell"
    CROSS_SELL = "cross_sell", "cross-sell"


class Opportunity(models.Model):
    """A chance heard of or thought of; internal, never for the client's eyes.

    `insight` is the prompt it was made of, where the figures suggested it.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="opportunities")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="opportunities")
    kind = models.CharField(max_length=12, choices=OpportunityKind, default=OpportunityKind.UPSELL)
    text = models.CharField(max_length=500)
    owner = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="opportunities")
    call = models.ForeignKey(Call, null=True, on_delete=models.SET_NULL, related_name="opportunities")
    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.SET_NULL, related_name="opportunities")
    insight = models.ForeignKey(Insight, null=True, on_delete=models.SET_NULL, related_name="opportunities")
    made_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)

    objects = SeenWithClient.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name_plural = "opportunities"
        constraints = [
            models.UniqueConstraint(
                fields=["insight"],
                condition=models.Q(dropped_at=None),
                name="one_standing_opportunity_a_prompt",
            )
        ]

    def __str__(self) -> str:
        return self.text
