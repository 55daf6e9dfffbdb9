"""What must be on file before an engagement starts: a written brief, its objective, its plan (O3)."""

from __future__ import annotations

from django.db import models

from steadyhand.clients.models import Engagement
from steadyhand.clients.models.kept import Kept, KeptQuerySet


class GroundworkKind(models.TextChoices):
    """The three papers, in the order in which they are written."""

    BRIEF = "brief", "brief"
    OBJECTIVE = "objective", "objective"
    PLAN = "plan", "plan"


class Groundwork(Kept):
    """One of the papers; a newer one takes its place and the older stays readable."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="groundwork")
    kind = models.CharField(max_length=10, choices=GroundworkKind)
    text = models.TextField()

    objects = KeptQuerySet["Groundwork"].as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "kind"],
                condition=models.Q(until=None),
                name="one_groundwork_of_a_kind",
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="groundwork_is_written"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.engagement_id}"


class GroundworkWaiver(Kept):
    """The engagement may start without, for a reason that stays readable."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="groundwork_waivers")
    reason = models.CharField(max_length=500)

    objects = KeptQuerySet["GroundworkWaiver"].as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement"], condition=models.Q(until=None), name="one_groundwork_waiver"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="groundwork_waiver_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.reason
