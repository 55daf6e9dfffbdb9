"""How many links and how much content a month is to bring a client (R3)."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models

from steadyhand.clients.models import Client
from steadyhand.clients.models.sight import SeenWithClient


class Output(models.TextChoices):
    """What is counted."""

    LINKS = "links", "links"
    CONTENT = "content", "content"


class PlannedWorkQuerySet(SeenWithClient["PlannedWork"]):
    """What was planned for months."""

    def reaching(self, month: dt.date) -> Self:
        """Whatever may count in this month: lasting since it or before, or for it alone."""
        return self.filter(models.Q(lasting=True, month__lte=month) | models.Q(month=month))


class PlannedWork(models.Model):
    """So many of something: in one month, or (`lasting`) in each from `month` on until a later line.

    `type` is a word of the agency's list; empty, every type counts. `month` is its first day.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="planned_work")
    output = models.CharField(max_length=8, choices=Output)
    type = models.CharField(max_length=40, blank=True)
    count = models.PositiveSmallIntegerField()
    month = models.DateField()
    lasting = models.BooleanField(default=True)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    objects = PlannedWorkQuerySet.as_manager()

    class Meta:
        ordering = ["-output", "type", "-month", "lasting"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "output", "type", "month", "lasting"], name="one_plan_of_work_a_month"
            ),
            models.CheckConstraint(condition=models.Q(month__day=1), name="work_is_planned_by_months"),
        ]

    def __str__(self) -> str:
        return f"{self.count} × {self.type or self.output}"

    @property
    def number(self) -> str:
        """Its id, as an address has it."""
        return str(self.pk)
