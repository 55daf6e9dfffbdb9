"""What we advise to mend on a client's website, and what became of it (R3)."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.delivery.models.work import Entry, EntryQuerySet


class RecommendationState(models.TextChoices):
    """Open until somebody does it or decides against it."""

    OPEN = "open", "open"
    DONE = "done", "done"
    DECLINED = "declined", "declined"


class RecommendationQuerySet(EntryQuerySet["Recommendation"]):
    """Recommendations for a website."""

    def open(self) -> Self:
        """Neither done nor declined."""
        return self.standing().filter(state=RecommendationState.OPEN)


class Recommendation(Entry):
    """One issue of one page, and the action we suggest. `answer` is what was said when it was settled."""

    url = models.CharField(max_length=500)
    issue = models.CharField(max_length=160)
    action = models.CharField(max_length=500)
    state = models.CharField(max_length=8, choices=RecommendationState, default=RecommendationState.OPEN)
    answer = models.CharField(max_length=500, blank=True)
    answered_by = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)
    by_client = models.BooleanField(default=False)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-id"]
        indexes = [models.Index(fields=["client", "state", "-day"], name="recommendation_of_client")]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "url", "issue"],
                condition=models.Q(dropped_at=None),
                name="one_recommendation_an_issue_of_a_page",
            ),
            models.CheckConstraint(
                condition=models.Q(state=RecommendationState.OPEN, answered_at=None)
                | (~models.Q(state=RecommendationState.OPEN) & models.Q(answered_at__isnull=False)),
                name="recommendation_settled_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.issue
