"""Something we need from a client, and every time we tried to get it (S7)."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.clients.models import Client, Contact
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.commitments.models import Commitment
from steadyhand.comms.models.interaction import Channel, Interaction
from steadyhand.people.models import Member


class ChaseQuerySet(SeenWithClient["Chase"]):
    """What clients were asked for."""

    def open(self) -> Self:
        """Neither answered nor given up."""
        return self.filter(answered_at=None, dropped_at=None)


class Chase(models.Model):
    """A request to a client, which starts as a call and is one thread until it is answered.

    `wanted_by` is the day we need it (the client's own calendar); `commitment` the promise to try again,
    dated the next attempt.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="chases")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="chases")
    text = models.CharField(max_length=300)
    wanted_by = models.DateField(null=True)
    commitment = models.OneToOneField(Commitment, null=True, on_delete=models.SET_NULL, related_name="chase")
    began_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_how = models.CharField(max_length=10, choices=Channel, blank=True)
    answered_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    objects = ChaseQuerySet.as_manager()

    class Meta:
        ordering = ["began_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_at=None) | ~models.Q(answer=""), name="chase_answered_in_words"
            )
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        """Its thread."""
        return f"/chases/{self.pk}/"


class Outcome(models.TextChoices):
    """How one attempt ended."""

    NO_ANSWER = "no_answer", "no answer"
    VOICEMAIL = "voicemail", "left a voicemail"
    REACHED = "reached", "reached them"


class Attempt(models.Model):
    """We rang, once. `moved_from` is the day the promise had before, for taking it back."""

    chase = models.ForeignKey(Chase, on_delete=models.CASCADE, related_name="attempts")
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="attempts")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    note = models.TextField(blank=True)
    next_on = models.DateField(null=True)
    interaction = models.OneToOneField(
        Interaction, null=True, on_delete=models.SET_NULL, related_name="attempt"
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.at:%Y-%m-%d %H:%M}"
