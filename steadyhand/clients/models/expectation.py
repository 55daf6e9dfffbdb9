"""Which of the playbook's expectations a client has heard, and when (B13)."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.clients.models.client import Client
from steadyhand.clients.models.contact import Contact
from steadyhand.clients.models.engagement import Engagement
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.people.models import Member


class ExpectationSaidQuerySet(SeenWithClient["ExpectationSaid"]):
    """What was said, in the words of the agency."""

    def standing(self) -> Self:
        """Without what was taken back."""
        return self.filter(taken_back_at=None)


class ExpectationSaid(models.Model):
    """Somebody said an expectation of the playbook to a client. Each time is a row of its own."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="expectations_said")
    engagement = models.ForeignKey(Engagement, null=True, on_delete=models.SET_NULL, related_name="+")
    expectation_key = models.CharField(max_length=60)
    at = models.DateTimeField()
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    source_type = models.CharField(max_length=60, blank=True)
    source_id = models.BigIntegerField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    objects = ExpectationSaidQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["client", "expectation_key", "-at"], name="said_to_client")]

    def __str__(self) -> str:
        return f"{self.expectation_key} said to {self.client_id}"
