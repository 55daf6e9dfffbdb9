"""A serious worry about a client (C2)."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.clients.models import Client, Contact
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.comms.models import Call, Meeting, Message
from steadyhand.people.models import Member


class FlagSource(models.TextChoices):
    """Where a flag was raised from."""

    CALL = "call", "a call"
    MESSAGE = "message", "a message"
    MEETING = "meeting", "a meeting"
    SPONSOR = "sponsor", "the executive sponsor"
    TEAM = "team", "the team"


class FlagQuerySet(SeenWithClient["Flag"]):
    """Flags, in the words of the weekly meeting."""

    def open(self) -> Self:
        """Neither settled nor taken back."""
        return self.filter(settled_at=None, withdrawn_at=None)


class Flag(models.Model):
    """Only serious negatives; internal. Its agreed actions are commitments about it (`care.flag`, id)."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="flags")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="flags")
    text = models.CharField(max_length=500)
    source = models.CharField(max_length=10, choices=FlagSource)
    raised_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="flags")
    call = models.ForeignKey(Call, null=True, on_delete=models.SET_NULL, related_name="flags")
    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.SET_NULL, related_name="flags")
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="flags")
    raised_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_how = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at", "-id"]
        indexes = [
            models.Index(
                fields=["-raised_at"],
                name="flag_open",
                condition=models.Q(settled_at=None, withdrawn_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.text
