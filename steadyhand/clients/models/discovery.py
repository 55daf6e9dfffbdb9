"""What a client has told us in answer to the playbook's questions (B14, G1)."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.clients.models.client import Client
from steadyhand.clients.models.contact import Contact
from steadyhand.clients.models.kept import Kept
from steadyhand.clients.models.sight import SeenWithClient


class DiscoveryQuerySet(SeenWithClient["Discovery"]):
    """Answers, in the words of the agency."""

    def standing(self) -> Self:
        """The newest answer to each question."""
        return self.filter(until=None)


class Discovery(Kept):
    """An answer to a question of the bank; `contact` is who gave it. A newer answer supersedes it.

    `question_key` outlives versions of the playbook. `source_type` and `source_id` name where it was said
    (“comms.call”), by value.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="discovery")
    question_key = models.CharField(max_length=60)
    answer = models.TextField()
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="answers")
    source_type = models.CharField(max_length=60, blank=True)
    source_id = models.BigIntegerField(null=True)
    supersedes = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="superseding")

    objects = DiscoveryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["client", "question_key"], name="discovery_of_client")]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "question_key"],
                condition=models.Q(until=None),
                name="one_answer_a_question",
            ),
            models.CheckConstraint(condition=~models.Q(answer=""), name="answer_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.question_key}: {self.answer[:60]}"
