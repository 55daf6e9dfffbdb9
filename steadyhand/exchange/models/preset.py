"""Mappings that somebody used before."""

from __future__ import annotations

from django.db import models


class MappingPreset(models.Model):
    """Which heading means which field, kept under a name for the next file of the same shape."""

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    mapping = models.JSONField(default=dict)
    by_name = models.CharField(max_length=200)
    used_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="one_preset_a_name")]

    def __str__(self) -> str:
        return self.name
