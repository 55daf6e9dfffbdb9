"""Mail that must leave: a row written in the transaction of its cause."""

from __future__ import annotations

from django.db import models


class MailState(models.TextChoices):
    """Where a message is. An uncertain one may have been taken by the server when we were killed."""

    WAITING = "waiting", "waiting"
    SENDING = "sending", "being sent"
    SENT = "sent", "sent"
    FAILED = "failed", "failed"
    UNCERTAIN = "uncertain", "uncertain"


class OutboxMessage(models.Model):
    """One e-mail to leave. Claimed by conditional update with a lease; ends in one visible state."""

    kind = models.CharField(max_length=40)
    recipient = models.EmailField()
    subject = models.CharField(max_length=500)
    text = models.TextField()
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=MailState, default=MailState.WAITING)
    safe_to_repeat = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "next_at"], name="outbox_next")]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient} ({self.state})"
