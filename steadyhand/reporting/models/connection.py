"""A tool that sends figures by itself, and how far it has been read."""

from __future__ import annotations

from django.db import models

from steadyhand.clients.models import Client
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.reporting.models.source import Source


class ConnectionQuerySet(SeenWithClient["Connection"]):
    """Connections to other tools."""


class Connection(models.Model):
    """One account of one tool, read for one client (R1).

    `secret` is encrypted (`core.secrets`). `since` is the first day wanted, `cursor` the last day that has
    been read; it moves in the transaction that notes the figures. Settled days are not read again.
    `due_at` is the next run (none: a person has to mend it first); `leased_until` says that somebody reads.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="connections")
    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="connection")
    provider = models.SlugField(max_length=30)
    account = models.CharField(max_length=120)
    secret = models.TextField()
    since = models.DateField()
    cursor = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    quota = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    by_name = models.CharField(max_length=200)

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "provider", "account"], name="one_connection_an_account"
            )
        ]
        indexes = [models.Index(fields=["due_at"], name="connection_due")]

    def __str__(self) -> str:
        return f"{self.provider} {self.account}"

    @property
    def number(self) -> str:
        """Its key, as it stands in an address."""
        return str(self.pk)


class RawAnswer(models.Model):
    """What a tool answered, as it came (gzip), so that figures can be told from what was read into them."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="answers")
    first_day = models.DateField()
    last_day = models.DateField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.first_day} to {self.last_day}"
