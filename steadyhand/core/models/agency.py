"""The agency itself: one row of settings that everything else starts from."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import models

from steadyhand.core import clock
from steadyhand.core.refusals import Refusal
from steadyhand.core.statements import Records


class Agency(models.Model):
    """The one agency this installation belongs to (id is always 1)."""

    name = models.CharField(max_length=200)
    currency = models.CharField(max_length=3, default="GBP")
    country = models.CharField(max_length=2, default="GB")
    subdivision = models.CharField(max_length=10, blank=True)
    zone = models.CharField(max_length=60, default="Europe/London")
    language = models.CharField(max_length=10, default="en-gb")
    working_days = models.CharField(max_length=7, default="01234", help_text="Digits 0 (Monday) to 6.")
    day_starts = models.TimeField(default=dt.time(9))
    day_ends = models.TimeField(default=dt.time(17, 30))
    horizon_weeks = models.PositiveSmallIntegerField(default=13)
    founded_at = models.DateTimeField()
    accent = models.CharField(max_length=7, blank=True, help_text="#rrggbb; empty: ours.")
    logo_digest = models.CharField(max_length=64, blank=True)
    logo_type = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="only_one_agency"),
            models.CheckConstraint(
                condition=models.Q(day_starts__lt=models.F("day_ends")),
                name="agency_day_starts_before_it_ends",
            ),
            models.CheckConstraint(
                condition=models.Q(horizon_weeks__range=(1, 104)), name="agency_horizon_1_to_104_weeks"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> Agency | None:
        """The agency, or None in an installation that has not been set up."""
        return CURRENT.one()

    @classmethod
    def get(cls) -> Agency:
        """The agency; refuses where there is none yet."""
        agency = cls.current()
        if agency is None:
            raise Refusal("There is no agency yet.", remedy="Open the first page and set it up.")
        return agency

    @property
    def weekdays(self) -> frozenset[int]:
        """The days worked, 0 = Monday."""
        return frozenset(int(d) for d in self.working_days)

    def today(self) -> dt.date:
        """The date it is where the agency is."""
        return clock.today(self.zone)


CURRENT = Records(lambda: Agency.objects.filter(pk=1))


class ClosedDay(models.Model):
    """A day the agency does not work, beyond weekends and public holidays."""

    day = models.DateField(unique=True)
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.reason}"


class ExchangeRate(models.Model):
    """What one unit of a currency is worth in the agency's currency, from a date on."""

    currency = models.CharField(max_length=3)
    from_day = models.DateField()
    rate = models.DecimalField(max_digits=18, decimal_places=8)

    class Meta:
        ordering = ["currency", "-from_day"]
        constraints = [
            models.UniqueConstraint(fields=["currency", "from_day"], name="one_rate_a_currency_and_day"),
            models.CheckConstraint(condition=models.Q(rate__gt=Decimal(0)), name="rate_above_zero"),
        ]

    def __str__(self) -> str:
        return f"1 {self.currency} = {self.rate} from {self.from_day}"
