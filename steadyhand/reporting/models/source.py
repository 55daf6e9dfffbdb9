"""Where a client's figures come from, and how far they can be trusted."""

from __future__ import annotations

from django.db import models

from steadyhand.clients.models import Client
from steadyhand.clients.models.sight import SeenWithClient


class SourceQuerySet(SeenWithClient["Source"]):
    """Sources of figures."""


class Source(models.Model):
    """One place figures come from: an upload, our API, a connected tool.

    `complete_until` is the last day it reports in full; later days are provisional. `rank` decides which
    source a day is taken from where several have it (the lowest). `currency` is fixed by its first money.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="figure_sources")
    key = models.SlugField(max_length=40)
    label = models.CharField(max_length=80)
    zone = models.CharField(max_length=60)
    currency = models.CharField(max_length=3, blank=True)
    rank = models.PositiveSmallIntegerField(default=50)
    sampled = models.BooleanField(default=False)
    complete_until = models.DateField(null=True)
    rows = models.PositiveBigIntegerField(default=0)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)
    by_name = models.CharField(max_length=200, blank=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["rank", "label", "id"]
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="one_source_a_key")]

    def __str__(self) -> str:
        return self.label

    @property
    def number(self) -> str:
        """Its id, as an address has it."""
        return str(self.pk)

    @property
    def failing(self) -> bool:
        """Whether the last thing it did was to fail."""
        return bool(self.failed_at and (self.succeeded_at is None or self.failed_at > self.succeeded_at))
