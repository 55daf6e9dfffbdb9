"""What people did with a promise: each act is a row, which its undo ends."""

from __future__ import annotations

from django.db import models

from steadyhand.commitments.models.commitment import Commitment
from steadyhand.people.models import Member


class Act(models.Model):
    """Something somebody did to a commitment, when, and why; `undone_at` once taken back."""

    at = models.DateTimeField()
    by_kind = models.CharField(max_length=10)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        ordering = ["-at", "-id"]


class Completion(Act):
    """It was done; `evidence` names the row that proves it, by value (“comms.interaction”, 7)."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="completions")
    late = models.BooleanField(default=False)
    evidence_type = models.CharField(max_length=60, blank=True)
    evidence_id = models.BigIntegerField(null=True)

    class Meta(Act.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["commitment"], condition=models.Q(undone_at=None), name="done_once"
            )
        ]


class Waiver(Act):
    """It will not be done, for a reason (`note`)."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="waivers")

    class Meta(Act.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["commitment"], condition=models.Q(undone_at=None), name="waived_once"
            ),
            models.CheckConstraint(condition=~models.Q(note=""), name="waiver_has_a_reason"),
        ]


class Move(Act):
    """It was given another day or time."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="moves")
    from_day = models.DateField()
    from_time = models.TimeField(null=True)
    to_day = models.DateField()
    to_time = models.TimeField(null=True)


class Handover(Act):
    """It was given to somebody else."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="handovers")
    from_member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="handed_over")
    to_member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="taken_over")


class Wait(Act):
    """The next move is the client's; ended when they moved."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="waits")
    ended_at = models.DateTimeField(null=True)

    class Meta(Act.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["commitment"],
                condition=models.Q(undone_at=None, ended_at=None),
                name="waiting_once",
            )
        ]
