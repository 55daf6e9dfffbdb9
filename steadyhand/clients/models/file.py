"""Files that belong to a client."""

from __future__ import annotations

from django.db import models

from steadyhand.clients.models.client import Client
from steadyhand.clients.models.sight import SeenWithClient


class ClientFile(models.Model):
    """One file of a client, kept by the digest of its bytes. The row that uses it says who may open it."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="files")
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    added_at = models.DateTimeField()
    added_by = models.JSONField()

    objects = SeenWithClient.as_manager()

    class Meta:
        ordering = ["-added_at", "-id"]
        indexes = [models.Index(fields=["digest"], name="client_file_by_digest")]

    def __str__(self) -> str:
        return self.name
