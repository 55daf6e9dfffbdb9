"""The strategy of a client: one document in numbered versions, seen first, then signed off (S19)."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models

from steadyhand.clients.models import Client, Contact
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.commitments.models import Commitment
from steadyhand.people.models import Member


class StrategyQuerySet(SeenWithClient["Strategy"]):
    """Strategies, in the words of planning."""

    def shared_with(self, contact: Contact) -> Self:
        """Theirs, once a version of it was shown to them."""
        shown = StrategyVersion.objects.filter(strategy=models.OuterRef("pk"), shared_at__isnull=False)
        return self.filter(models.Exists(shown), client=contact.client_id)

    def due(self, day: dt.date) -> Self:
        """Those whose review is due by this day, or for which none is set."""
        return self.filter(models.Q(review_on=None) | models.Q(review_on__lte=day))


class Strategy(models.Model):
    """What we are trying to do for one client. `owner` leads it; `review` is the promise to look at it again.

    `presenting` is the promise to present it to the whole agency, made anew with every version.
    """

    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="strategy")
    owner = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="strategies")
    made_at = models.DateTimeField()
    review_on = models.DateField(null=True)
    review = models.OneToOneField(
        Commitment, null=True, on_delete=models.SET_NULL, related_name="strategy_to_review"
    )
    presenting = models.OneToOneField(
        Commitment, null=True, on_delete=models.SET_NULL, related_name="strategy_to_present"
    )

    objects = StrategyQuerySet.as_manager()

    class Meta:
        ordering = ["client__name", "id"]
        verbose_name_plural = "strategies"

    def __str__(self) -> str:
        return f"Strategy for {self.client}"


class Showing(models.TextChoices):
    """What the client is asked when they see a version."""

    FIRST_VIEW = "first_view", "first view"
    FINAL = "final", "final version"


class StrategyVersion(models.Model):
    """One version. Words may change until it is shown to the client; from then on a change is a new version.

    `business` is the client's wider strategy and priorities. `showing` and `shared_at` go together.
    """

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    business = models.TextField(blank=True)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    showing = models.CharField(max_length=10, choices=Showing, blank=True)
    shared_at = models.DateTimeField(null=True)
    presented_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["strategy", "number"], name="one_strategy_version_a_number"),
            models.CheckConstraint(
                condition=models.Q(showing="", shared_at=None)
                | (~models.Q(showing="") & models.Q(shared_at__isnull=False)),
                name="shared_strategy_says_for_what",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"

    @property
    def is_shared(self) -> bool:
        """Whether the client has been shown it."""
        return self.shared_at is not None


class StrategyComment(models.Model):
    """What somebody at the client said to a version."""

    version = models.ForeignKey(StrategyVersion, on_delete=models.CASCADE, related_name="comments")
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.SET_NULL, related_name="strategy_comments"
    )
    name = models.CharField(max_length=200)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text


class SignOff(models.Model):
    """The client agreed to a version: who, and when. At most one a version."""

    version = models.OneToOneField(StrategyVersion, on_delete=models.CASCADE, related_name="sign_off")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="sign_offs")
    name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"signed off by {self.name}"


class StrategyTest(models.Model):
    """The strategy was held against what has happened since: is it still right?"""

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="tests")
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    still_right = models.BooleanField()
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return "still right" if self.still_right else "to be changed"
