"""What a meeting goes through, and what it leaves behind."""

from __future__ import annotations

from django.db import models

from steadyhand.comms.models.meeting import Attendee, Meeting


class AgendaItem(models.Model):
    """One point of a meeting. `notes` are for whoever leads: a client is shown titles and minutes only.

    `asked_by` is the attendee who asked for it.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    notes = models.TextField(blank=True)
    minutes = models.PositiveSmallIntegerField(default=0)
    asked_by = models.ForeignKey(Attendee, null=True, on_delete=models.SET_NULL, related_name="points")
    made_at = models.DateTimeField()
    discussed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class MinutesEntry(models.Model):
    """What was said under one point, or in general (`item` None); `internal` is never circulated.

    `revision` counts every save: whoever saves says which one they started from.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="entries")
    item = models.ForeignKey(AgendaItem, null=True, on_delete=models.CASCADE, related_name="entries")
    internal = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["item__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "item", "internal"], name="one_entry_a_point"),
            models.UniqueConstraint(
                fields=["meeting", "internal"], condition=models.Q(item=None), name="one_general_entry"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Decision(models.Model):
    """What was decided, in a line."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    item = models.ForeignKey(AgendaItem, null=True, on_delete=models.SET_NULL, related_name="decisions")
    text = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["made_at", "id"]

    def __str__(self) -> str:
        return self.text


class Circulation(models.Model):
    """The minutes left to those who were there; each of its mails is about this row."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="circulations")
    at = models.DateTimeField()
    by_kind = models.CharField(max_length=10)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    recipients = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"minutes of {self.meeting_id} to {len(self.recipients)}"
