"""The agency's own words for types and statuses of work (R3)."""

from __future__ import annotations

from django.db import models


class WorkList(models.Model):
    """One list as the agency changed it; a list without a row is as shipped.

    `words` is a list of `{"word": …, "done": …}`; `done` says that a status counts as done.
    """

    key = models.CharField(max_length=20, unique=True)
    words = models.JSONField(default=list)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key
