"""A client's dashboard: what it shows, what we say beside it, and whether the client sees it (R2)."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models

from steadyhand.clients.models import Client, Contact
from steadyhand.clients.models.sight import SeenWithClient


class DashboardQuerySet(SeenWithClient["Dashboard"]):
    """Dashboards of clients."""

    def shared_with(self, contact: Contact) -> Self:
        """The dashboard of the contact's client, where it is shared."""
        return self.filter(client=contact.client_id, shared_at__isnull=False)


class Dashboard(models.Model):
    """What is chosen for a client's dashboard. `keys` empty: whatever the services of the client ask for."""

    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="dashboard")
    keys = models.JSONField(default=list)
    outside_url = models.URLField(max_length=500, blank=True)
    outside_name = models.CharField(max_length=80, blank=True)
    shared_at = models.DateTimeField(null=True)
    shared_by = models.CharField(max_length=200, blank=True)

    objects = DashboardQuerySet.as_manager()

    def __str__(self) -> str:
        return "Your figures"


class NoteQuerySet[Row: models.Model](SeenWithClient[Row]):
    """What is written beside figures."""

    def standing(self) -> Self:
        """Not taken back."""
        return self.filter(dropped_at=None)

    def shown(self) -> Self:
        """What the client reads as well."""
        return self.filter(dropped_at=None, shown_at__isnull=False)


class Commentary(models.Model):
    """What we say about a period, or one metric of it. It stays inside until it is shown to the client."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="commentaries")
    period = models.CharField(max_length=24)
    metric = models.CharField(max_length=40, blank=True)
    text = models.TextField(max_length=4000)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
    shown_by = models.CharField(max_length=200, blank=True)
    dropped_at = models.DateTimeField(null=True)

    objects = NoteQuerySet["Commentary"].as_manager()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["client", "period"], name="commentary_of_a_period")]
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="commentary_has_words")]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def number(self) -> str:
        """Its id, as an address has it."""
        return str(self.pk)


class AnnotationKind(models.TextChoices):
    """What happened on a day that explains figures."""

    SITE = "site", "the site changed"
    CAMPAIGN = "campaign", "a campaign started or ended"
    HOLIDAY = "holiday", "a holiday"
    TRACKING = "tracking", "counting changed or broke"
    OTHER = "other", "something else"


class Annotation(models.Model):
    """Something that happened on a day, or from one day to another. Shown to the client only where shared."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="annotations")
    kind = models.CharField(max_length=10, choices=AnnotationKind)
    day = models.DateField()
    until = models.DateField(null=True)
    text = models.CharField(max_length=200)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    objects = NoteQuerySet["Annotation"].as_manager()

    class Meta:
        ordering = ["day", "id"]
        indexes = [models.Index(fields=["client", "day"], name="annotation_of_a_day")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="annotation_has_words"),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("day")),
                name="annotation_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def number(self) -> str:
        """Its id, as an address has it."""
        return str(self.pk)

    def last_day(self) -> dt.date:
        """The last day it lasted."""
        return self.until or self.day
