"""What a client has bought, and how its plan is agreed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Self

from django.db import models

from steadyhand.clients.models.client import Client
from steadyhand.clients.models.sight import SeenWithClient


class EngagementKind(models.TextChoices):
    """A retainer is paid by the month and runs on; a project has a value and ends."""

    RETAINER = "retainer", "retainer"
    PROJECT = "project", "project"


class EngagementQuerySet(SeenWithClient["Engagement"]):
    """Engagements, in the words of the agency."""

    def running(self, day: dt.date) -> Self:
        """Those that have not ended by this day."""
        return self.filter(models.Q(ends_on=None) | models.Q(ends_on__gte=day))


class Engagement(models.Model):
    """A contracted scope. `amount` is a month's fee for a retainer, the whole value for a project."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="engagements")
    ref = models.SlugField(max_length=90, unique=True)
    kind = models.CharField(max_length=10, choices=EngagementKind)
    title = models.CharField(max_length=200)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    made_at = models.DateTimeField()

    objects = EngagementQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gte=Decimal(0)), name="amount_not_below_zero"),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="engagement_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Service(models.Model):
    """One thing the engagement contains. `number` is its place in the engagement, for ever."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="services")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    channel = models.CharField(max_length=40, blank=True)
    website_build = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="one_service_a_number"),
            models.UniqueConstraint(fields=["engagement", "name"], name="one_service_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class SpendChange(models.Model):
    """The amount of an engagement changed: what from, what to, since when, who said so."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="spend_changes")
    at = models.DateTimeField()
    before = models.DecimalField(max_digits=12, decimal_places=2)
    after = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    by_name = models.CharField(max_length=200)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.before} to {self.after} {self.currency}"


class Pause(models.Model):
    """A time in which nothing is owed on an engagement. Without an end it lasts until resumed."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="pauses")
    from_day = models.DateField()
    to_day = models.DateField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["from_day"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_day=None) | models.Q(to_day__gte=models.F("from_day")),
                name="pause_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return f"paused from {self.from_day}"

    def spans(self, day: dt.date) -> bool:
        """Whether this day lies in the pause."""
        return self.from_day <= day and (self.to_day is None or day <= self.to_day)


class AgreedTime(models.Model):
    """The day and time agreed with the client for one rule of the plan, on the client's clock."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="agreed_times")
    rule = models.CharField(max_length=60)
    weekday = models.PositiveSmallIntegerField(null=True)
    day_of_month = models.PositiveSmallIntegerField(null=True)
    time = models.TimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "rule"], name="one_agreed_time_a_rule"),
            models.CheckConstraint(
                condition=models.Q(weekday=None) | models.Q(weekday__lte=6), name="weekday_0_to_6"
            ),
            models.CheckConstraint(
                condition=models.Q(day_of_month=None) | models.Q(day_of_month__range=(1, 31)),
                name="day_of_month_1_to_31",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.weekday} {self.time}"


class Departure(models.Model):
    """Where one client departs from the playbook, and why. On a bespoke plan, the plan itself."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="departures")
    rule = models.CharField(max_length=60)
    cadence = models.CharField(max_length=12, blank=True, help_text="Empty: not at all.")
    minutes = models.PositiveSmallIntegerField(null=True)
    reason = models.CharField(max_length=300)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "rule"], name="one_departure_a_rule"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="departure_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.cadence or 'not at all'}"
