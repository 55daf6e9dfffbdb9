"""How a client is reported to: each contact's reading, approval, the weekly activity report."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.db import models

from steadyhand.clients.models import Access, Client, Contact
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.core.actor import Actor
from steadyhand.people.roles import Capability
from steadyhand.reporting.models.report import Reading


class ContactReadingQuerySet(models.QuerySet["ContactReading"]):
    """Readings, as far as the contact's client may be seen."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.may(Capability.SEE_ALL_CLIENTS):
            return self
        if actor.member_id is None:
            return self.none()
        sees = Access.objects.filter(client=models.OuterRef("contact__client"), member=actor.member_id)
        return self.filter(models.Exists(sees))


class ContactReading(models.Model):
    """Which reading of every report a contact gets (R5); without a row, `usual_reading` says."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="reading")
    reading = models.CharField(max_length=6, choices=Reading)

    objects = ContactReadingQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.contact_id} reads {self.reading}"


class ReportRules(models.Model):
    """How one client is reported to. Without a row: no approval, no weekly activity report.

    `activity_weekday` is the day of the weekly activity report (R11), Monday is 0. `expected_return` is what
    each unit of money spent with us was expected to bring back by now (R5). A difference between our count
    of leads and the client's beyond `lead_gap` per cent raises the advice to connect a CRM (R10).
    """

    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="report_rules")
    asks_approval = models.BooleanField(default=False)
    activity_weekday = models.PositiveSmallIntegerField(null=True)
    expected_return = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    lead_gap = models.PositiveSmallIntegerField(default=20)

    objects = SeenWithClient.as_manager()

    class Meta:
        verbose_name_plural = "report rules"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(activity_weekday=None) | models.Q(activity_weekday__lte=6),
                name="activity_weekday_0_to_6",
            ),
            models.CheckConstraint(
                condition=models.Q(expected_return=None) | models.Q(expected_return__gte=Decimal(0)),
                name="expected_return_not_below_zero",
            ),
            models.CheckConstraint(condition=models.Q(lead_gap__gte=1), name="lead_gap_some_per_cent"),
        ]

    def __str__(self) -> str:
        return f"reports of {self.client_id}"

    @classmethod
    def of(cls, client: Client | int) -> ReportRules:
        """The client's row, or one not saved that says what holds without it."""
        pk = client if isinstance(client, int) else client.pk
        return cls.objects.filter(client=pk).first() or cls(client_id=pk)
