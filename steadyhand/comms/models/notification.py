"""What somebody is to be told of, until it is mailed to them."""

from __future__ import annotations

from django.db import models

from steadyhand.core.models import Event
from steadyhand.people.models import Member


class Notification(models.Model):
    """An event that concerns a member and that they did not bring about themselves."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="notifications")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    urgent = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["member"], name="notification_waiting", condition=models.Q(mailed_at=None))
        ]
        constraints = [models.UniqueConstraint(fields=["member", "event"], name="told_once_of_an_event")]

    def __str__(self) -> str:
        return f"{self.event_id} for {self.member_id}"
