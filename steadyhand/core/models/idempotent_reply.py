"""What a script was answered, so that asking again does nothing twice."""

from __future__ import annotations

from django.db import models


class IdempotentReply(models.Model):
    """The answer to a write that carried a key; kept a day. Written in the act's own transaction.

    `digest` is of the request: the same key with another request is a mistake, not a repetition.
    """

    member_id = models.BigIntegerField()
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member_id", "key"], name="one_reply_a_key")]
        indexes = [models.Index(fields=["made_at"], name="idempotent_by_age")]

    def __str__(self) -> str:
        return f"{self.key}: {self.status}"
