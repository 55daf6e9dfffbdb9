"""Who works in the background, and when each duty is due next."""

from __future__ import annotations

from django.db import models


class Worker(models.Model):
    """A worker process, by the time it was last seen. One not seen for a minute counts as dead."""

    name = models.CharField(max_length=64, primary_key=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class DutyRun(models.Model):
    """One periodic duty: when it is due, who holds it, how it went last.

    Claimed by conditional update; the lease is renewed while its worker lives, so that another
    takes over from one that was killed.
    """

    name = models.CharField(max_length=80, primary_key=True)
    due_at = models.DateTimeField()
    claimed_by = models.CharField(max_length=64, blank=True)
    leased_until = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    took = models.DurationField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="In a row, until one succeeds.")
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="duty_due")]

    def __str__(self) -> str:
        return f"{self.name} due {self.due_at:%Y-%m-%d %H:%M:%S}"
