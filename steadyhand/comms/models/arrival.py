"""What reached us by mail: every mail once, with its attachments, and what became of it."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.clients.models import Contact
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.comms.models.mailbox import Mailbox
from steadyhand.comms.models.message import Message
from steadyhand.core.actor import Actor
from steadyhand.people.models import Member


class Fate(models.TextChoices):
    """What became of a mail that reached us."""

    FILED = "filed", "filed with a client"
    TRIAGE = "triage", "waits to be filed"
    BOUNCE = "bounce", "told us that a mail did not arrive"
    ANSWER = "answer", "answered an invitation"
    DROPPED = "dropped", "dropped"
    LEFT = "left", "left alone in its mailbox"


class Reason(models.TextChoices):
    """Why a mail was dropped."""

    NONE = "", ""
    AUTOMATIC = "automatic", "an automatic answer"
    LIST = "list", "a mailing list or newsletter"
    OURS = "ours", "our own mail coming back"
    LOOP = "loop", "too many from one sender in an hour"
    UNWANTED = "unwanted", "a sender you do not want"
    BROKEN = "broken", "nobody in particular sent it"


class Arrival(models.Model):
    """One mail that reached us, by whichever way it came first. `key` is the digest of its Message-ID.

    Of a mail that concerns no client nothing but the key is kept. `pictures` counts the remote pictures
    that were taken out of it, `left_out` the attachments that were not kept.
    """

    key = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    fate = models.CharField(max_length=10, choices=Fate)
    reason = models.CharField(max_length=10, choices=Reason, blank=True, default=Reason.NONE)
    sender = models.CharField(max_length=320, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    pictures = models.PositiveIntegerField(default=0)
    left_out = models.JSONField(default=list)
    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.SET_NULL, related_name="arrivals")
    message = models.OneToOneField(Message, null=True, on_delete=models.CASCADE, related_name="arrival")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["sender", "-at"], name="arrival_of_sender"),
            models.Index(fields=["fate", "-at"], name="arrival_by_fate"),
        ]

    def __str__(self) -> str:
        return f"{self.get_fate_display()} {self.at:%Y-%m-%d %H:%M}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Files that came by mail."""

    def visible_to(self, actor: Actor) -> Self:
        """Whoever may read the mail."""
        return self.filter(message__in=Message.objects.visible_to(actor))


class Attachment(models.Model):
    """A file that came with a mail. Its bytes are kept by digest (`core.files`); `size` is in bytes."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    mime_type = models.CharField(max_length=100)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class BounceQuerySet(SeenWithClient["Bounce"]):
    """Mail that did not arrive."""

    def standing(self) -> Self:
        """Not cleared: mail to that address does not arrive."""
        return self.filter(cleared_at=None)


class Bounce(models.Model):
    """Mail to a contact did not arrive. Cleared by another address or by hand. `status` as in RFC 3463."""

    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="bounces")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="bounces")
    address = models.EmailField()
    status = models.CharField(max_length=12, blank=True)
    said = models.CharField(max_length=300, blank=True)
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="bounces")
    at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)

    objects = BounceQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "address"],
                condition=models.Q(cleared_at=None),
                name="one_standing_bounce_an_address",
            )
        ]

    def __str__(self) -> str:
        return f"{self.address} bounced"


class UnwantedSender(models.Model):
    """Somebody whose unfiled mail is dismissed at once: for one mailbox's owner, or for the agency."""

    address = models.CharField(max_length=320)
    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="unwanted_senders")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address", "member"], condition=models.Q(member__isnull=False), name="unwanted_by_one"
            ),
            models.UniqueConstraint(
                fields=["address"], condition=models.Q(member=None), name="unwanted_by_all"
            ),
        ]

    def __str__(self) -> str:
        return self.address
