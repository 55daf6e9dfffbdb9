"""How healthy a client's website is, as the agency's audit tool says (R3)."""

from __future__ import annotations

from django.db import models

from steadyhand.delivery.models.work import Entry, EntryQuerySet


class SiteScore(Entry):
    """A score from 0 to 100 on a day, with its parts (word → 0 to 100).

    It is `tool`'s, not ours; with `from_parts` nobody gave a score and it is the mean of the parts, each
    counting the same.
    """

    score = models.PositiveSmallIntegerField()
    parts = models.JSONField(default=dict)
    tool = models.CharField(max_length=80, blank=True)
    from_parts = models.BooleanField(default=False)

    objects = EntryQuerySet["SiteScore"].as_manager()

    class Meta:
        ordering = ["-day", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(score__lte=100), name="site_score_to_100"),
            models.UniqueConstraint(
                fields=["client", "day"], condition=models.Q(dropped_at=None), name="one_site_score_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score} of 100"
