"""What a client's figures should reach, and what can be measured at all for what they pay (R2)."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models

from steadyhand.clients.models import Client, Contact
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.onboarding.models import Goal


class TargetQuerySet(SeenWithClient["Target"]):
    """Targets of clients."""

    def standing(self) -> Self:
        """Not taken back."""
        return self.filter(dropped_at=None)

    def on(self, start: dt.date, end: dt.date) -> Self:
        """Those that hold in a stretch of days."""
        begun = self.standing().filter(from_day__lte=end)
        return begun.filter(models.Q(until=None) | models.Q(until__gte=start))


class Target(models.Model):
    """A KPI agreed with the client: `amount` a month of a metric, from a day on; perhaps a goal's measure."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="targets")
    metric = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=16, decimal_places=4)
    from_day = models.DateField()
    until = models.DateField(null=True)
    goal = models.ForeignKey(Goal, null=True, on_delete=models.SET_NULL, related_name="targets")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="targets")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["metric", "from_day", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="target_not_below_zero"),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("from_day")),
                name="target_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["client", "metric", "from_day"],
                condition=models.Q(dropped_at=None),
                name="one_target_a_metric_and_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric}: {self.amount}"

    @property
    def number(self) -> str:
        """Its id, as an address has it."""
        return str(self.pk)


class TrackingAgreement(models.Model):
    """What can be tracked at this spend, and what not, as agreed with the client. The latest stands."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="tracking_agreements")
    tracked = models.TextField(max_length=2000)
    left_out = models.TextField(max_length=2000, blank=True)
    spend = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.SET_NULL, related_name="tracking_agreements"
    )
    agreed_on = models.DateField()
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    objects = SeenWithClient["TrackingAgreement"].as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.CheckConstraint(condition=~models.Q(tracked=""), name="tracking_says_what")]

    def __str__(self) -> str:
        return f"what is tracked for {self.client_id}"
