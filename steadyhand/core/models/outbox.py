"""Mail that must leave: a row written with its cause, and a row for each attempt to send it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from steadyhand.core.actor import Actor


class MailState(models.TextChoices):
    """Where a message is. An uncertain one may have been taken by the server when we were cut off."""

    QUEUED = "queued", "queued"
    SENDING = "sending", "being sent"
    SENT = "sent", "sent"
    FAILED = "failed", "failed"
    CANCELLED = "cancelled", "cancelled"
    UNCERTAIN = "uncertain", "uncertain"


class OutboxMessages(models.QuerySet["OutboxMessage"]):
    """The mail of the house."""

    def visible_to(self, actor: Actor) -> OutboxMessages:
        """Who looks after the settings sees what leaves; a client's mail only who sees every client."""
        if not actor.may("manage_settings"):
            return self.none()
        return self if actor.may("see_all_clients") else self.filter(client_id=None)

    def stuck(self) -> OutboxMessages:
        """What somebody should look at: uncertain, or failed with its text still here to be sent."""
        return self.filter(state__in=(MailState.UNCERTAIN, MailState.FAILED)).exclude(mime=b"")

    def about(self, subject: models.Model) -> OutboxMessages:
        """What was posted because of this thing."""
        return self.filter(about_type=subject._meta.label_lower, about_id=subject.pk)


class OutboxMessage(models.Model):
    """One e-mail to leave. Claimed by conditional update with a lease; ends in one visible state.

    `untold`: how it ended is not an event yet; the sender tells many at a time.
    """

    kind = models.CharField(max_length=40)
    recipient = models.EmailField()
    copies = models.JSONField(default=list)
    sender = models.CharField(max_length=400, blank=True, default="")
    subject = models.CharField(max_length=500)
    # Text, HTML and MIME are forgotten when the message has left: codes and links must not outlive it here.
    text = models.TextField()
    html = models.TextField(blank=True)
    mime = models.BinaryField(default=bytes)
    message_id = models.CharField(max_length=200, unique=True)
    route = models.CharField(max_length=60, blank=True, default="")
    client_id = models.BigIntegerField(null=True)
    about_type = models.CharField(max_length=60, blank=True, default="")
    about_id = models.BigIntegerField(null=True)
    cause = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(max_length=10, choices=MailState, default=MailState.QUEUED)
    safe_to_repeat = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    claim = models.CharField(max_length=32, blank=True, default="")
    leased_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)
    untold = models.BooleanField(default=False)

    objects = OutboxMessages.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "next_at"], name="outbox_next"),
            models.Index(fields=["client_id", "-id"], name="outbox_of_client"),
            models.Index(fields=["about_type", "about_id"], name="outbox_about"),
            models.Index(fields=["sent_at", "recipient"], name="outbox_by_day"),
            models.Index(fields=["id"], name="outbox_untold", condition=Q(untold=True)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["cause"], condition=~Q(cause=""), name="one_mail_a_cause"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient} ({self.state})"

    @property
    def recipients(self) -> list[str]:
        """Every address the envelope names."""
        return [self.recipient, *self.copies]

    @property
    def tells(self) -> bool:
        """Whether its end is an event: it concerns a client, or something above asked to hear of it."""
        return self.client_id is not None or bool(self.about_type)


class AttemptOutcome(models.TextChoices):
    """How one attempt ended."""

    SENT = "sent", "taken by the server"
    LATER = "later", "to be tried again"
    REFUSED = "refused", "refused"
    CUT_OFF = "cut_off", "cut off before handing over"
    UNKNOWN = "unknown", "cut off while handing over"


class OutboxAttempt(models.Model):
    """One try at handing a message over, written before the connection is used.

    Before `handing_over_at` the server cannot have taken the message; after it, only its answer tells.
    """

    message = models.ForeignKey(OutboxMessage, models.CASCADE, related_name="attempt_log")
    number = models.PositiveSmallIntegerField()
    began_at = models.DateTimeField()
    handing_over_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=AttemptOutcome, blank=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="one_attempt_a_number"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} ({self.outcome or 'open'})"
