"""Something we wrote or made for a client's site (R3)."""

from __future__ import annotations

from django.db import models

from steadyhand.delivery.models.work import Entry, EntryQuerySet


class ContentItem(Entry):
    """An article, a visual, web copy: how far it is and where it stands.

    `done_on` follows from `status`: the day on which it took one that counts as done.
    """

    title = models.CharField(max_length=300)
    type = models.CharField(max_length=40)
    status = models.CharField(max_length=40)
    url = models.CharField(max_length=500, blank=True)
    words = models.PositiveIntegerField(null=True)
    done_on = models.DateField(null=True)

    objects = EntryQuerySet["ContentItem"].as_manager()

    class Meta:
        ordering = ["-day", "-id"]
        indexes = [
            models.Index(fields=["client", "-day"], name="content_of_a_client"),
            models.Index(fields=["client", "done_on"], name="content_done"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "url"],
                condition=models.Q(dropped_at=None) & ~models.Q(url=""),
                name="one_content_item_a_page",
            )
        ]

    def __str__(self) -> str:
        return self.title
