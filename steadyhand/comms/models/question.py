"""Questions of a client that we promised to answer (S10)."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.clients.models import Client, Contact
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.commitments.models import Commitment
from steadyhand.comms.models.call import Call
from steadyhand.comms.models.interaction import Channel
from steadyhand.comms.models.meeting import Meeting


class QuestionQuerySet(SeenWithClient["OpenQuestion"]):
    """What clients asked us."""

    def unanswered(self) -> Self:
        """Neither answered nor taken back."""
        return self.filter(answered_at=None, dropped_at=None)


class OpenQuestion(models.Model):
    """“Let me find out”: what they asked, and the promise to come back, which closes only with an answer."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="questions")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="questions")
    text = models.CharField(max_length=500)
    call = models.ForeignKey(Call, null=True, on_delete=models.SET_NULL, related_name="questions")
    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.SET_NULL, related_name="questions")
    commitment = models.OneToOneField(
        Commitment, null=True, on_delete=models.SET_NULL, related_name="question"
    )
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_how = models.CharField(max_length=10, choices=Channel, blank=True)
    answered_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_at=None) | ~models.Q(answer=""), name="answered_with_an_answer"
            )
        ]

    def __str__(self) -> str:
        return self.text
