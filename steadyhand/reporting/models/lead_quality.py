"""What a client says of the leads we count (L3, R10)."""

from __future__ import annotations

from django.db import models

from steadyhand.clients.models import Client, Contact
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.reporting.models.report import Report


class Worth(models.TextChoices):
    """How many of the leads were worth the client's time (L3)."""

    MOST = "most", "most of them"
    HALF = "half", "about half"
    FEW = "few", "a few"
    NONE = "none", "none"


class LeadQuality(models.Model):
    """What somebody at the client says of the leads of a paid-search report (L3, R10).

    `counted` is what we count in the report's period, as frozen there; `seen` what they say reached them.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="lead_qualities")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="lead_qualities")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="lead_qualities")
    name = models.CharField(max_length=200)
    worth = models.CharField(max_length=4, choices=Worth)
    seen = models.PositiveIntegerField(null=True)
    counted = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()

    objects = SeenWithClient.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "lead qualities"
        constraints = [models.UniqueConstraint(fields=["report", "contact"], name="lead_quality_once_each")]

    def __str__(self) -> str:
        return f"{self.get_worth_display()} worth their time"

    @property
    def gap(self) -> int | None:
        """By how many per cent of ours their count differs; None where either is not known."""
        if self.seen is None or not self.counted:
            return None
        return round(abs(self.counted - self.seen) * 100 / self.counted)
