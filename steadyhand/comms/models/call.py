"""A call while it is held, and what is written in it."""

from __future__ import annotations

from django.db import models

from steadyhand.clients.models import Client, Contact
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.commitments.models import Commitment
from steadyhand.comms.models.interaction import Interaction
from steadyhand.people.models import Member


class Call(models.Model):
    """One call from the moment somebody opens its page until it is ended (S5).

    It holds no truth once it is over: the interaction it was logged as does. `commitment` is the promise
    the call keeps, where it keeps one.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="calls")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="calls")
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="calls")
    commitment = models.ForeignKey(Commitment, null=True, on_delete=models.SET_NULL, related_name="calls")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    interaction = models.OneToOneField(
        Interaction, null=True, on_delete=models.SET_NULL, related_name="held_call"
    )

    objects = SeenWithClient.as_manager()

    class Meta:
        ordering = ["-began_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment"],
                condition=models.Q(ended_at=None, dropped_at=None),
                name="one_open_call_a_promise",
            )
        ]

    def __str__(self) -> str:
        return f"call with {self.contact or self.client} {self.began_at:%Y-%m-%d %H:%M}"


class CallNote(models.Model):
    """What is written under one part of the call; `part` is the key of the playbook's call structure.

    `revision` counts every save: whoever saves says which one they started from, so that two people who
    type at once are merged and never overwrite each other.
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="notes")
    part = models.CharField(max_length=60)
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "part"], name="one_note_a_part")]

    def __str__(self) -> str:
        return f"{self.part} of {self.call_id}"
