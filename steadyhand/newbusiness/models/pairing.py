"""Who of us would look after whom of them, and the pitch they are invited to (W2, W4)."""

from __future__ import annotations

from django.db import models

from steadyhand.clients.models import Contact
from steadyhand.comms.models import Meeting
from steadyhand.newbusiness.models.lead import Lead, SeenWithLead
from steadyhand.people.models import Member


class Pairing(models.Model):
    """The person new business proposes for a lead's contact; a later one replaces it (`until`).

    `suggested` is whom the system's reasons favoured that day, to see later who was right.
    """

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="pairings")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="pairings")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="pairings")
    reason = models.CharField(max_length=500)
    suggested = models.ForeignKey(
        Member, null=True, on_delete=models.SET_NULL, related_name="suggested_pairings"
    )
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = SeenWithLead["Pairing"].as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], condition=models.Q(until=None), name="one_standing_pairing_a_lead"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="paired_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} for lead {self.lead_id}"


class Pitch(models.Model):
    """A meeting at which we pitch."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="pitches")
    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="pitch")
    made_at = models.DateTimeField()

    objects = SeenWithLead["Pitch"].as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"pitch of lead {self.lead_id}"
