"""What colleagues tell an account manager about working with them (L4)."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.clients.models import Client
from steadyhand.comms.models import Meeting
from steadyhand.core.actor import Actor
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    """Feedback, as far as it is one's business."""

    def visible_to(self, actor: Actor) -> Self:
        """What one gave or was given, what one's own people were given; all of it by capability."""
        if actor.may(Capability.SEE_PEOPLE_DATA):
            return self
        if actor.member_id is None:
            return self.none()
        me = actor.member_id
        return self.filter(models.Q(about=me) | models.Q(given_by=me) | models.Q(about__line_manager=me))

    def standing(self) -> Self:
        """Not taken back."""
        return self.filter(withdrawn_at=None)


class Feedback(models.Model):
    """A few sentences from one colleague to another, signed. Its words stand here alone, in no event."""

    about = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="feedback")
    given_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="feedback_given")
    client = models.ForeignKey(Client, null=True, on_delete=models.CASCADE, related_name="feedback")
    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.SET_NULL, related_name="feedback")
    text = models.TextField()
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "feedback"
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="feedback_says_something"),
            models.CheckConstraint(
                condition=~models.Q(about=models.F("given_by")), name="nobody_gives_themselves_feedback"
            ),
        ]

    def __str__(self) -> str:
        return f"to {self.about_id} at {self.at:%Y-%m-%d}"
