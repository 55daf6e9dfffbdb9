"""What a client told us that the record of clients has no place for; growth finds it here (O1, G1)."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.db import models

from steadyhand.clients.models import Client
from steadyhand.clients.models.kept import Kept, KeptQuerySet
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.core.actor import Actor
from steadyhand.people.roles import Capability


class ToldQuerySet[Row: models.Model](SeenWithClient[Row]):
    """What clients told us, as far as they may be seen."""

    def standing(self) -> Self:
        """What holds today."""
        return self.filter(until=None)


class RunBy(models.TextChoices):
    """Who runs a channel."""

    US = "us", "their own people"
    OUTSIDE = "outside", "somebody outside"
    AGENCY = "you", "we do"
    NOBODY = "nobody", "nobody yet"


class ClientChannel(Kept):
    """A channel of a client: who runs it (`who` by name), whose budget it is, and how much a month."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="channels")
    name = models.CharField(max_length=200)
    run_by = models.CharField(max_length=10, choices=RunBy, blank=True)
    who = models.CharField(max_length=500, blank=True)
    budget_owner = models.CharField(max_length=500, blank=True)
    monthly_budget = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)

    objects = ToldQuerySet["ClientChannel"].as_manager()

    class Meta:
        ordering = ["client", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "name"], condition=models.Q(until=None), name="one_standing_channel_a_name"
            ),
            models.CheckConstraint(
                condition=models.Q(monthly_budget=None) | models.Q(monthly_budget__gte=Decimal(0)),
                name="channel_budget_not_below_zero",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Competitor(Kept):
    """Whom a client is compared with."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="competitors")
    name = models.CharField(max_length=200)
    website = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=500, blank=True)

    objects = ToldQuerySet["Competitor"].as_manager()

    class Meta:
        ordering = ["client", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "name"],
                condition=models.Q(until=None),
                name="one_standing_competitor",
            )
        ]

    def __str__(self) -> str:
        return self.name


class InvoicingQuerySet(KeptQuerySet["InvoicingDetails"]):
    """How clients are invoiced: finance's alone (O2)."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of clients the actor sees, for whoever sees finance; none for anybody else."""
        if not actor.may(Capability.SEE_FINANCE):
            return self.none()
        return self.filter(client__in=Client.objects.visible_to(actor).values("pk"))


class InvoicingDetails(Kept):
    """Where and how a client is invoiced. A newer one replaces it."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="invoicing")
    legal_name = models.CharField(max_length=500, blank=True)
    company_number = models.CharField(max_length=500, blank=True)
    vat_number = models.CharField(max_length=500, blank=True)
    address = models.TextField(blank=True)
    email = models.CharField(max_length=500, blank=True)
    contact_name = models.CharField(max_length=500, blank=True)
    phone = models.CharField(max_length=500, blank=True)
    purchase_orders = models.TextField(blank=True)
    payment = models.CharField(max_length=500, blank=True)
    notes = models.TextField(blank=True)

    objects = InvoicingQuerySet.as_manager()

    class Meta:
        ordering = ["client", "-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=models.Q(until=None), name="one_standing_invoicing_a_client"
            )
        ]

    def __str__(self) -> str:
        return f"how client {self.client_id} is invoiced"
