"""The way from a win to a client who is set up (W5)."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.clients.models import Client, ClientFile, Contact, Engagement
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.comms.models import Interaction, Meeting, Message
from steadyhand.people.models import Member


class HandoverQuerySet(SeenWithClient["Handover"]):
    """Handovers, in the words of the head of client services."""

    def under_way(self) -> Self:
        """Not closed yet."""
        return self.filter(closed_at=None)

    def preloaded(self) -> Self:
        """With everything a step of the path reads of the row itself."""
        return self.select_related(
            "client",
            "engagement",
            "contact",
            "won_by",
            "led_by",
            "answer",
            "answer_call",
            "introduction",
            "reply",
            "internal_kickoff__led_by",
            "client_kickoff__led_by",
            "waiver",
        )


class Handover(models.Model):
    """One engagement, handed from whoever won it (`won_by`) to whoever looks after it (`led_by`).

    The three letters, the call that answered the news, and the two kickoffs are the rows that its path is
    read from. `sizeable` wins get the long reply, `in_person` ones a kickoff face to face (B12). `deck` is
    what was pitched.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="handovers")
    engagement = models.OneToOneField(Engagement, on_delete=models.CASCADE, related_name="handover")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="handovers")
    won_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="handovers_won")
    led_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="handovers_led")
    won_at = models.DateTimeField()
    sizeable = models.BooleanField(default=False)
    in_person = models.BooleanField(default=False)
    answer = models.OneToOneField(Message, null=True, on_delete=models.SET_NULL, related_name="answers_win")
    answer_call = models.OneToOneField(
        Interaction, null=True, on_delete=models.SET_NULL, related_name="answers_win"
    )
    introduction = models.OneToOneField(
        Message, null=True, on_delete=models.SET_NULL, related_name="introduces"
    )
    reply = models.OneToOneField(Message, null=True, on_delete=models.SET_NULL, related_name="replies_to_win")
    internal_kickoff = models.OneToOneField(
        Meeting, null=True, on_delete=models.SET_NULL, related_name="internal_kickoff_of"
    )
    client_kickoff = models.OneToOneField(
        Meeting, null=True, on_delete=models.SET_NULL, related_name="client_kickoff_of"
    )
    deck = models.ForeignKey(ClientFile, null=True, on_delete=models.SET_NULL, related_name="pitched_in")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True)
    closed_because = models.CharField(max_length=300, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["-won_at", "-id"]
        indexes = [models.Index(fields=["client", "-won_at"], name="handover_of_client")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_at=None, closed_by="")
                | (models.Q(closed_at__isnull=False) & ~models.Q(closed_by="")),
                name="closed_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"handover {self.pk} of client {self.client_id}"
