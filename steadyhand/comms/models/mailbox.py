"""Where mail reaches us: dropbox addresses and mailboxes."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.clients.models import Client
from steadyhand.core.actor import Actor
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability


class Dropbox(models.Model):
    """How often the dropbox address of a client or a member was made anew; without a row they have the first.

    The address itself is nowhere: it is signed with the installation's key (`comms.addresses`).
    """

    client = models.OneToOneField(Client, null=True, on_delete=models.CASCADE, related_name="dropbox")
    member = models.OneToOneField(Member, null=True, on_delete=models.CASCADE, related_name="dropbox")
    number = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(client=None, member__isnull=False)
                | models.Q(client__isnull=False, member=None),
                name="dropbox_of_one",
            )
        ]

    def __str__(self) -> str:
        return f"dropbox {self.number} of {self.client or self.member}"


class MailboxKind(models.TextChoices):
    """How we are let in."""

    PASSWORD = "password", "password"
    GOOGLE = "google", "Google"
    MICROSOFT = "microsoft", "Microsoft"


class Security(models.TextChoices):
    """How a connection is kept private."""

    TLS = "tls", "TLS"
    STARTTLS = "starttls", "STARTTLS"
    NONE = "none", "none"


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    """Connected mailboxes."""

    def connected(self) -> Self:
        """Those still read."""
        return self.filter(disconnected_at=None)

    def visible_to(self, actor: Actor) -> Self:
        """One's own; the agency's for those who look after the settings. Nobody sees a colleague's."""
        mine = models.Q(member=actor.member_id) if actor.member_id else models.Q(pk=None)
        shared = models.Q(member=None) if actor.may(Capability.MANAGE_SETTINGS) else models.Q(pk=None)
        return self.filter(mine | shared)


class Mailbox(models.Model):
    """A mailbox we read, and send as. `member` is whose it is; none: the agency's own.

    `secret` is encrypted (`core.secrets`): a password, or the tokens of a provider. `uid_seen` is the
    last message read in the folder while its UIDVALIDITY is `uid_validity` (RFC 3501 2.3.1.1).
    """

    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="mailboxes")
    kind = models.CharField(max_length=10, choices=MailboxKind, default=MailboxKind.PASSWORD)
    address = models.EmailField()
    login = models.CharField(max_length=320)
    imap_host = models.CharField(max_length=255, blank=True)
    imap_port = models.PositiveIntegerField(default=993)
    imap_security = models.CharField(max_length=10, choices=Security, default=Security.TLS)
    smtp_host = models.CharField(max_length=255, blank=True)
    smtp_port = models.PositiveIntegerField(default=587)
    smtp_security = models.CharField(max_length=10, choices=Security, default=Security.STARTTLS)
    folder = models.CharField(max_length=200, default="INBOX")
    secret = models.TextField()
    uid_validity = models.BigIntegerField(null=True)
    uid_seen = models.BigIntegerField(default=0)
    last_read_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)
    failing_since = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    disconnected_at = models.DateTimeField(null=True)

    objects = MailboxQuerySet.as_manager()

    class Meta:
        ordering = ["address", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["address"], condition=models.Q(disconnected_at=None), name="connected_once"
            )
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def route(self) -> str:
        """How the outbox names it."""
        return f"mailbox:{self.pk}"
