"""What was agreed to be done, in a call or a meeting."""

from __future__ import annotations

from django.db import models

from steadyhand.clients.models import Client
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.commitments.models import Commitment
from steadyhand.comms.models.call import Call
from steadyhand.comms.models.meeting import Meeting
from steadyhand.people.models import Member


class Action(models.Model):
    """An action with an owner and a date. It becomes a commitment when its call or meeting is closed.

    `theirs` is something the client said they would do: it is circulated, and waits on them. `topic` names
    by value what it was agreed under on the team's agenda (“care.flag:7”).
    """

    client = models.ForeignKey(Client, null=True, on_delete=models.CASCADE, related_name="actions")
    call = models.ForeignKey(Call, null=True, on_delete=models.CASCADE, related_name="actions")
    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.CASCADE, related_name="actions")
    text = models.CharField(max_length=200)
    owner = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="actions")
    due_on = models.DateField(null=True)
    topic = models.CharField(max_length=80, blank=True)
    theirs = models.BooleanField(default=False)
    internal = models.BooleanField(default=False)
    commitment = models.OneToOneField(Commitment, null=True, on_delete=models.SET_NULL, related_name="action")
    made_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)

    objects = SeenWithClient.as_manager()

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(call__isnull=False) ^ models.Q(meeting__isnull=False),
                name="action_of_a_call_or_a_meeting",
            )
        ]

    def __str__(self) -> str:
        return self.text
