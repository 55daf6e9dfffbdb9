"""What success is, in the client's own words, and the goals made of it (O5)."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.clients.models import Client, Contact
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.comms.models import Meeting
from steadyhand.onboarding.models.kickoff import StandingQuerySet


class SuccessWords(models.Model):
    """Their answer to “what is success for you?”, word for word; asked again each quarter."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="success_words")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="success_words")
    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.SET_NULL, related_name="success_words")
    words = models.CharField(max_length=1000)
    said_on = models.DateField()
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)

    objects = StandingQuerySet["SuccessWords"].as_manager()

    class Meta:
        ordering = ["-said_on", "-id"]
        constraints = [models.CheckConstraint(condition=~models.Q(words=""), name="success_has_words")]

    def __str__(self) -> str:
        return self.words

    @property
    def number(self) -> str:
        """Its id, as an address has it."""
        return str(self.pk)


class GoalState(models.TextChoices):
    """How a goal stands."""

    OPEN = "open", "open"
    REACHED = "reached", "reached"
    MISSED = "missed", "missed"
    DROPPED = "dropped", "dropped"


class GoalQuerySet(SeenWithClient["Goal"]):
    """Goals of clients."""

    def standing(self) -> Self:
        """Not taken back."""
        return self.exclude(state=GoalState.DROPPED)

    def open(self) -> Self:
        """Still to be reached."""
        return self.filter(state=GoalState.OPEN)


class Goal(models.Model):
    """A goal agreed with the client, its five letters each said (SMART).

    `text` is what exactly (specific); `measure` how much, and read where (measurable); `achievable` why it
    can be done; `relevant` what it does for them; `due_on` by when. `override` is why a vague one stands.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="smart_goals")
    text = models.CharField(max_length=300)
    measure = models.CharField(max_length=300, blank=True)
    achievable = models.CharField(max_length=300, blank=True)
    relevant = models.CharField(max_length=300, blank=True)
    due_on = models.DateField(null=True)
    override = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=GoalState, default=GoalState.OPEN)
    outcome = models.CharField(max_length=300, blank=True)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    objects = GoalQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="goal_says_what"),
            models.CheckConstraint(
                condition=models.Q(state="open", settled_at=None)
                | (~models.Q(state="open") & models.Q(settled_at__isnull=False)),
                name="settled_goal_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def number(self) -> str:
        """Its id, as an address has it."""
        return str(self.pk)
