"""How far the planner has got with each client."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import models

from steadyhand.clients.models import Client
from steadyhand.playbook.models import Version


class PlanState(models.TextChoices):
    """What the planner could do for a client."""

    NEW = "new", "not planned yet"
    PLANNED = "planned", "planned"
    BESPOKE = "bespoke", "to be agreed with the client"
    NEEDS_RATE = "needs_rate", "needs a rate"
    NOTHING = "nothing", "nothing to plan"


class ClientPlan(models.Model):
    """The planner's place in one client's plan, and what the client's spend amounts to.

    Verbs raise `wanted`; the planner sets `planned` to the value it worked from, so a change made
    meanwhile is never taken for done. `fingerprint` is what was planned from (facts, playbook version,
    holidays); `until` is the last day of the horizon planned so far.
    """

    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="plan")
    wanted = models.PositiveIntegerField(default=1)
    planned = models.PositiveIntegerField(default=0)
    fingerprint = models.CharField(max_length=64, blank=True)
    basis = models.CharField(max_length=64, blank=True)
    until = models.DateField(null=True)
    state = models.CharField(max_length=12, choices=PlanState, default=PlanState.NEW)
    version = models.ForeignKey(
        Version, null=True, on_delete=models.PROTECT, related_name="client_plans", db_index=False
    )
    tier = models.PositiveSmallIntegerField(null=True)
    monthly_spend = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    missing_currency = models.CharField(max_length=3, blank=True)
    raised_on: models.DateField[dt.date | None, dt.date | None] = models.DateField(null=True)
    planned_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["client"],
                name="plan_behind",
                condition=~models.Q(wanted=models.F("planned")),
            ),
            models.Index(fields=["basis"], name="plan_basis"),
            models.Index(fields=["tier", "-monthly_spend"], name="plan_by_tier"),
        ]

    def __str__(self) -> str:
        return f"plan of {self.client_id}: {self.state}"

    @property
    def is_behind(self) -> bool:
        """Whether something changed that the planner has not taken in yet."""
        return self.wanted != self.planned
