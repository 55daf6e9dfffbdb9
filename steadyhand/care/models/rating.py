"""How a client rates us once a month (L2)."""

from __future__ import annotations

from django.db import models

from steadyhand.clients.models import Client, Contact
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.comms.models import Call
from steadyhand.people.models import Member


class Rating(models.Model):
    """One of the five monthly answers, 1 (poor) to 5 (excellent), asked on the first call of the month.

    `question` is the key of the playbook's rating question; `month` the first day of the month rated.
    A second answer in the month replaces the first.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="ratings")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="ratings")
    call = models.ForeignKey(Call, null=True, on_delete=models.SET_NULL, related_name="ratings")
    month = models.DateField()
    question = models.CharField(max_length=60)
    score = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True)
    asked_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="ratings_asked")
    at = models.DateTimeField()

    objects = SeenWithClient.as_manager()

    class Meta:
        ordering = ["-month", "question"]
        constraints = [
            models.UniqueConstraint(fields=["client", "month", "question"], name="rated_once_a_month"),
            models.CheckConstraint(
                condition=models.Q(score__gte=1, score__lte=5), name="rating_from_one_to_five"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.score} ({self.month:%B %Y})"


class RatingSkip(models.Model):
    """The month's ratings were not asked, for a reason that stays readable."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="rating_skips")
    call = models.ForeignKey(Call, null=True, on_delete=models.SET_NULL, related_name="rating_skips")
    month = models.DateField()
    reason = models.CharField(max_length=300)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    objects = SeenWithClient.as_manager()

    class Meta:
        ordering = ["-month"]
        constraints = [models.UniqueConstraint(fields=["client", "month"], name="skipped_once_a_month")]

    def __str__(self) -> str:
        return f"not asked in {self.month:%B %Y}"
