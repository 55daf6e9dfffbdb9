"""What every table of work done has in common: whose it is, its day, and that it may be taken out (R3)."""

from __future__ import annotations

import datetime as dt
from typing import Self
from urllib.parse import urlsplit

from django.db import models

from steadyhand.clients.models import Client
from steadyhand.clients.models.sight import SeenWithClient

#: What stays out of reach of the client, in every table.
INTERNAL = "note"


class EntryQuerySet[Row: models.Model](SeenWithClient[Row]):
    """Entries of one table."""

    def standing(self) -> Self:
        """Not taken out."""
        return self.filter(dropped_at=None)

    def done_within(self, first: dt.date, last: dt.date) -> Self:
        """Links and content that were done in a stretch of days."""
        return self.standing().filter(done_on__range=(first, last))


class Entry(models.Model):
    """One line of the work shown to a client. `note` is for us alone, everything else the client may read."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="%(class)s_entries")
    day = models.DateField()
    note = models.CharField(max_length=500, blank=True)
    by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def path(self) -> str:
        """Its page as a table shows it: without the site, which stands beside it or is the client's own."""
        parts = urlsplit(str(getattr(self, "url", "")))
        return f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"

    @property
    def number(self) -> str:
        """Its id, as an address has it."""
        return str(self.pk)
