"""What we offered: the amount, and the client-services time in it (W3, B6)."""

from __future__ import annotations

from decimal import Decimal

from django.db import models

from steadyhand.clients.models import ClientFile, EngagementKind
from steadyhand.newbusiness.models.lead import Lead, SeenWithLead
from steadyhand.people.models import Member


class Proposal(models.Model):
    """One proposal. `service_minutes` and `service_fee` are its client-services line, both a month.

    The line comes from the playbook's matrix, or by hand with who agreed it; without it a proposal is
    never sent. `lines` are the services with what the matrix gave each.
    """

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="proposals")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=EngagementKind)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    services = models.JSONField(default=list)
    service_minutes = models.PositiveIntegerField(null=True)
    service_fee = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    lines = models.JSONField(default=list)
    agreed_with = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="agreed_proposals"
    )
    agreed_because = models.CharField(max_length=300, blank=True)
    by_hand = models.BooleanField(default=False)
    file = models.ForeignKey(ClientFile, null=True, on_delete=models.SET_NULL, related_name="proposals")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    sent_on = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = SeenWithLead["Proposal"].as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["lead", "number"], name="one_proposal_a_number"),
            models.CheckConstraint(condition=models.Q(amount__gte=Decimal(0)), name="offer_not_below_zero"),
            models.CheckConstraint(
                condition=models.Q(service_minutes=None, service_fee=None)
                | models.Q(service_minutes__isnull=False, service_fee__gte=Decimal(0)),
                name="service_line_is_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(sent_on=None) | models.Q(service_minutes__isnull=False),
                name="sent_with_its_service_line",
            ),
            models.CheckConstraint(
                condition=models.Q(by_hand=False, agreed_with=None, agreed_because="")
                | (models.Q(by_hand=True, agreed_with__isnull=False) & ~models.Q(agreed_because="")),
                name="by_hand_with_who_agreed_it",
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.number} of lead {self.lead_id}"

    @property
    def act_path(self) -> str:
        """Where its acts are posted."""
        return f"/proposals/{self.pk}/"

    @property
    def has_service_line(self) -> bool:
        """Whether client-services time is in it."""
        return self.service_minutes is not None


class Deck(models.Model):
    """A pitch deck, attached to its lead."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="decks")
    file = models.OneToOneField(ClientFile, on_delete=models.CASCADE, related_name="pitch_deck")
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)

    objects = SeenWithLead["Deck"].as_manager()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"deck of lead {self.lead_id}"

    @property
    def removal_path(self) -> str:
        """Where taking it away is posted."""
        return f"/decks/{self.pk}/removal/"
