"""Mail to and from clients, as people read it; how it travels is the outbox's and the mailboxes' matter."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.clients.models import Access, Client, Contact
from steadyhand.comms.models.interaction import Direction, Interaction
from steadyhand.core.actor import Actor
from steadyhand.core.models import OutboxMessage
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability


class MessageState(models.TextChoices):
    """Where a message is. A received one is filed with a client, waits in the triage list, or was dropped."""

    DRAFT = "draft", "draft"
    IN_REVIEW = "in_review", "in review"
    QUEUED = "queued", "queued"
    SENDING = "sending", "being sent"
    SENT = "sent", "sent"
    FAILED = "failed", "failed"
    UNCERTAIN = "uncertain", "uncertain"
    CANCELLED = "cancelled", "cancelled"
    RECEIVED = "received", "received"
    TRIAGE = "triage", "to be filed"
    DISMISSED = "dismissed", "dismissed"


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages, as far as one may read them."""

    def visible_to(self, actor: Actor) -> Self:
        """Mail with clients one sees, and mail one is asked to review. Unfiled mail is its owner's."""
        if actor.is_system:
            return self
        if actor.may(Capability.SEE_ALL_CLIENTS):
            anothers = models.Q(client=None, member__isnull=False) & ~models.Q(member=actor.member_id)
            return self.exclude(anothers)
        if actor.member_id is None:
            return self.none()
        sees = models.Exists(Access.objects.filter(client=models.OuterRef("client"), member=actor.member_id))
        asked = models.Q(pk__in=self.model.objects.filter(reviews__reviewer=actor.member_id).values("pk"))
        return self.filter(sees | asked | models.Q(client=None, member=actor.member_id))


class Message(models.Model):
    """One e-mail. `member` is ours who sends it, or whose mailbox it reached; `contact` theirs.

    `thread` is the Message-ID of the first mail of its thread. `text` is what was written or received;
    `html` the rendered (ours) or sanitised (received) form. `template` is the key of the playbook's letter.
    """

    client = models.ForeignKey(Client, null=True, on_delete=models.CASCADE, related_name="messages")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="messages")
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction)
    state = models.CharField(max_length=10, choices=MessageState, default=MessageState.DRAFT)
    from_address = models.CharField(max_length=320, blank=True)
    to = models.JSONField(default=list)
    copies = models.JSONField(default=list)
    subject = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    template = models.CharField(max_length=60, blank=True)
    important = models.BooleanField(default=False)
    message_id = models.CharField(max_length=400, blank=True)
    in_reply_to = models.CharField(max_length=400, blank=True)
    thread = models.CharField(max_length=400, blank=True, db_index=True)
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True)
    send_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    at = models.DateTimeField(null=True)
    outbox = models.OneToOneField(OutboxMessage, null=True, on_delete=models.SET_NULL, related_name="message")
    interaction = models.OneToOneField(
        Interaction, null=True, on_delete=models.SET_NULL, related_name="message"
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(fields=["client", "-made_at"], name="message_of_client"),
            models.Index(fields=["state", "-made_at"], name="message_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["message_id"],
                condition=models.Q(direction="in") & ~models.Q(message_id=""),
                name="received_once",
            )
        ]

    def __str__(self) -> str:
        return self.subject or "(no subject)"
