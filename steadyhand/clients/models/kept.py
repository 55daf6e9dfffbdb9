"""What somebody wrote down stays readable: a newer row takes the place of an older one."""

from __future__ import annotations

from typing import Self

from django.db import models


class KeptQuerySet[Row: models.Model](models.QuerySet[Row]):
    """Rows that replace one another."""

    def standing(self) -> Self:
        """Those that hold today."""
        return self.filter(until=None)


class Kept(models.Model):
    """Something written down by somebody, that holds until it is replaced or taken away."""

    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def stands(self) -> bool:
        """Whether it holds today."""
        return self.until is None
