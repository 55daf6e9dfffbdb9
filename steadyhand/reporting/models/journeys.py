"""Touches and conversions of a client that were brought in (R8): where paths come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from steadyhand.clients.models import Client
from steadyhand.clients.models.sight import SeenWithClient


class JourneyImportQuerySet(SeenWithClient["JourneyImport"]):
    """Imports of touches and conversions."""


class JourneySource(models.TextChoices):
    """What they were read from."""

    GA4 = "ga4", "Google Analytics 4 export"
    TABLES = "tables", "Tables of touches and conversions"


class JourneyImport(models.Model):
    """One import; what the newest one of a client holds is all there is of the client.

    The touches and conversions are Parquet files in the folder of `digest` (`importing.folder_of`).
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="journey_imports")
    source = models.CharField(max_length=10, choices=JourneySource)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    touches = models.PositiveBigIntegerField()
    conversions = models.PositiveBigIntegerField()
    users = models.PositiveBigIntegerField()
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    notices = models.JSONField(default=list)
    by_name = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()

    objects = JourneyImportQuerySet.as_manager()

    if TYPE_CHECKING:
        client_id: int

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.name
