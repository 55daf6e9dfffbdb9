"""What other systems call our things."""

from __future__ import annotations

from django.db import models


class ExternalRef(models.Model):
    """A thing of ours under the name a source gives it, and what the source last said of it (`seen`).

    `seen` is what makes a second import change only what the *source* changed: a value that
    somebody corrected here stays, until the source says something new.
    """

    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    external_id = models.CharField(max_length=300)
    subject_id = models.BigIntegerField()
    seen = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "external_id"], name="one_subject_a_reference")
        ]
        indexes = [models.Index(fields=["kind", "subject_id"], name="reference_of_subject")]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.external_id}"
