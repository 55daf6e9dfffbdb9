"""A link from another site to the client's (R3)."""

from __future__ import annotations

from django.db import models

from steadyhand.delivery.models.work import Entry, EntryQuerySet


class Backlink(Entry):
    """Where it stands, of which type, and how far it is.

    `authority` is what the agency's tool gives the domain, 0 to 100. `done_on` follows from `status`: the
    day on which it took one that counts as done.
    """

    domain = models.CharField(max_length=200)
    type = models.CharField(max_length=40)
    status = models.CharField(max_length=40)
    anchor = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=500, blank=True)
    authority = models.PositiveSmallIntegerField(null=True)
    done_on = models.DateField(null=True)

    objects = EntryQuerySet["Backlink"].as_manager()

    class Meta:
        ordering = ["-day", "-id"]
        indexes = [
            models.Index(fields=["client", "-day"], name="backlink_of_a_client"),
            models.Index(fields=["client", "done_on"], name="backlink_done"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(authority=None) | models.Q(authority__lte=100),
                name="backlink_authority_to_100",
            ),
            models.UniqueConstraint(
                fields=["client", "url"],
                condition=models.Q(dropped_at=None) & ~models.Q(url=""),
                name="one_backlink_a_page",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} on {self.domain}"
