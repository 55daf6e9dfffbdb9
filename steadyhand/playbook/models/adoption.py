"""Steps of taking the playbook on that somebody ticked by hand (MISSION B15)."""

from __future__ import annotations

from django.db import models

from steadyhand.playbook.models.version import AgencyOnly


class TickQuerySet(AgencyOnly["AdoptionTick"]):
    """Ticks, those taken back among them."""

    def standing(self) -> TickQuerySet:
        """Those nobody has taken back."""
        return self.filter(until=None)


class AdoptionTick(models.Model):
    """A step that its data cannot show to be done, or not yet; `until` is when the tick was taken back.

    `step_key` names the step of the playbook's content, whose keys outlive its versions.
    """

    step_key = models.CharField(max_length=60)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    until = models.DateTimeField(null=True)

    objects = TickQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["step_key"], condition=models.Q(until=None), name="a_step_is_ticked_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.step_key} by {self.by_name}"
