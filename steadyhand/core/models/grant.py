"""Links that open one thing: stored hashed, expiring, revocable."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import Any, Self

from django.db import models

from steadyhand.core import clock


class GrantKind(models.TextChoices):
    """What a link opens."""

    SIGN_IN = "sign_in", "one sign-in"
    INVITATION = "invitation", "an invitation to join"
    FEED = "feed", "a calendar feed"
    API = "api", "the API"
    NEWS = "news", "the end of mails about what happened"
    MEETING = "meeting", "a page about one meeting"
    ITEM = "item", "one thing shared with a client"


class GrantQuerySet(models.QuerySet["Grant"]):
    """Grants, by what can still be done with them."""

    def alive(self, at: dt.datetime | Any = None) -> Self:
        """Neither revoked, used up nor expired, at a moment (or a `Slot` for one); now if none is given."""
        at = at or clock.now()
        return self.filter(
            models.Q(expires_at=None) | models.Q(expires_at__gt=at), revoked_at=None, used_at=None
        )


class Grant(models.Model):
    """A secret somebody holds, and the one thing it opens.

    Only the SHA-256 of the secret is stored: a stolen database opens nothing. The holder is named
    by value (“member” 7, “client” 12).
    """

    kind = models.CharField(max_length=12, choices=GrantKind)
    digest = models.CharField(max_length=64, unique=True)
    holder_type = models.CharField(max_length=20)
    holder_id = models.BigIntegerField()
    label = models.CharField(max_length=200, blank=True)
    scope = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["holder_type", "holder_id", "kind"], name="grant_of_holder")]

    def __str__(self) -> str:
        return f"{self.kind} for {self.holder_type} {self.holder_id}"


def digest_of(secret: str) -> str:
    """The stored form of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    """256 random bits, safe in an address."""
    return secrets.token_urlsafe(32)
