"""What proves that an agreement was signed: signatures, the chain of what happened, and the seal (O3)."""

from __future__ import annotations

import json
from typing import Any

from django.db import models

from steadyhand.clients.models import Contact
from steadyhand.onboarding.models.agreement import Agreement, AgreementVersion
from steadyhand.people.models import Member


class Side(models.TextChoices):
    """The two sides of an agreement."""

    CLIENT = "client", "the client"
    AGENCY = "agency", "the agency"


class AgreementSignature(models.Model):
    """One side has signed. The words of it never change; each is in the chain as well.

    `name` was typed by the signer, `person` and `email` are whom we knew them as, `through` says how they
    were let in. `consent` and `intent` are the sentences they ticked, `digest` the SHA-256 of what they saw.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="signatures")
    version = models.ForeignKey(AgreementVersion, on_delete=models.CASCADE, related_name="signatures")
    side = models.CharField(max_length=6, choices=Side)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=200)
    person = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True)
    through = models.CharField(max_length=60)
    consent = models.TextField()
    intent = models.TextField()
    at = models.DateTimeField()
    address = models.CharField(max_length=64, blank=True)
    agent = models.CharField(max_length=500, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "side"], name="one_signature_a_side"),
            models.CheckConstraint(
                condition=~models.Q(name="") & ~models.Q(consent="") & ~models.Q(intent=""),
                name="signature_has_name_and_consent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} for {self.get_side_display()}"


class AgreementEvent(models.Model):
    """One link of an agreement's chain; rows are added and never changed.

    `body` is canonical JSON, `hash` the SHA-256 of `previous`, a line feed and `body` (hexadecimal digits).
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="chain")
    number = models.PositiveIntegerField()
    previous = models.CharField(max_length=64)
    body = models.TextField()
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="one_chain_link_a_number"),
            models.UniqueConstraint(fields=["agreement", "previous"], name="chain_does_not_fork"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.hash[:12]}"

    @property
    def said(self) -> dict[str, Any]:
        """What the link says; empty where it can no longer be read."""
        try:
            said = json.loads(self.body)
        except ValueError:
            return {}
        return said if isinstance(said, dict) else {}


class AgreementSeal(models.Model):
    """The sealed PDF: the file of `digest`, with the chain's head as it was inside it.

    `fingerprint` is the SHA-256 of the certificate it was sealed with.
    """

    agreement = models.OneToOneField(Agreement, on_delete=models.CASCADE, related_name="seal")
    head = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["digest"], name="seal_by_digest")]

    def __str__(self) -> str:
        return f"sealed {self.at:%Y-%m-%d}"
