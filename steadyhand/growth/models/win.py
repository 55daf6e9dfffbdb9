"""Something that went well for a client (S21)."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.clients.models import Client, Contact
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.commitments.models import Commitment
from steadyhand.comms.models import Call, Channel, Meeting, Message
from steadyhand.people.models import Member


class WinSource(models.TextChoices):
    """Where we know it from (S21)."""

    FIGURES = "figures", "their figures"
    DELIVERY = "delivery", "our work"
    WORDS = "words", "their own words"


class WinQuerySet(SeenWithClient["Win"]):
    """Wins, in the words of the all-hands."""

    def standing(self) -> Self:
        """Not taken back."""
        return self.filter(dropped_at=None)

    def offered(self) -> Self:
        """Those the whole agency may hear of."""
        return self.standing().exclude(offered_at=None)

    def untold(self) -> Self:
        """Those the client has not heard of yet."""
        return self.standing().filter(told_at=None)


class Win(models.Model):
    """A win: shared unasked. `telling` is the promise to tell the client, `asking` to ask for a referral.

    What they said themselves they know: such a win is told when it is noted.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="wins")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="wins")
    text = models.CharField(max_length=300)
    source = models.CharField(max_length=10, choices=WinSource)
    on = models.DateField()
    noted_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="wins")
    noted_at = models.DateTimeField()
    call = models.ForeignKey(Call, null=True, on_delete=models.SET_NULL, related_name="wins")
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="wins")
    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.SET_NULL, related_name="wins")
    told_at = models.DateTimeField(null=True)
    told_how = models.CharField(max_length=10, choices=Channel, blank=True)
    telling = models.OneToOneField(
        Commitment, null=True, on_delete=models.SET_NULL, related_name="win_to_tell"
    )
    offered_at = models.DateTimeField(null=True)
    asking = models.OneToOneField(
        Commitment, null=True, on_delete=models.SET_NULL, related_name="win_to_ask_after"
    )
    dropped_at = models.DateTimeField(null=True)

    objects = WinQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["client", "-on"], name="win_of_client")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(told_at=None, told_how="")
                | (models.Q(told_at__isnull=False) & ~models.Q(told_how="")),
                name="told_somehow",
            )
        ]

    def __str__(self) -> str:
        return self.text
