"""A call while it is held, and what is written in it."""

from __future__ import annotations

from django.db import models

from steadyhand.clients.models import Client, Contact
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.commitments.models import Commitment
from steadyhand.comms.models.interaction import Interaction
from steadyhand.people.models import Member


class Call(models.Model):
    """One call from the moment somebody opens its page until it is ended (S5).

    It holds no truth once it is over: the interaction it was logged as does. `commitment` is the promise
    the call keeps, where it keeps one. `recording` is where a recording lies, `recording_consent` who agreed
    to it; there is none without the other.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="calls")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="calls")
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="calls")
    commitment = models.ForeignKey(Commitment, null=True, on_delete=models.SET_NULL, related_name="calls")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    interaction = models.OneToOneField(
        Interaction, null=True, on_delete=models.SET_NULL, related_name="held_call"
    )
    recording = models.URLField(max_length=500, blank=True)
    recording_consent = models.CharField(max_length=200, blank=True)

    objects = SeenWithClient.as_manager()

    class Meta:
        ordering = ["-began_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment"],
                condition=models.Q(ended_at=None, dropped_at=None),
                name="one_open_call_a_promise",
            ),
            models.CheckConstraint(
                condition=models.Q(recording="", recording_consent="")
                | ~models.Q(recording="") & ~models.Q(recording_consent=""),
                name="recorded_with_consent",
            ),
        ]

    def __str__(self) -> str:
        return f"call with {self.contact or self.client} {self.began_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        """Whether it is still being held."""
        return self.ended_at is None and self.dropped_at is None

    @property
    def whom(self) -> str:
        """The contact, or the client where nobody in particular was rung. Needs both loaded."""
        return self.contact.name if self.contact else self.client.name


class CallNote(models.Model):
    """What is written under one part of the call; `part` is the key of the playbook's call structure.

    `revision` counts every save: whoever saves says which one they started from, so that two people who
    type at once are merged and never overwrite each other.
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="notes")
    part = models.CharField(max_length=60)
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "part"], name="one_note_a_part")]

    def __str__(self) -> str:
        return f"{self.part} of {self.call_id}"


class NoteTyping(models.Model):
    """What one open page last sent of one note, and the revision it had started from.

    A page whose answer was lost sends the same words again: this is how they are known and not doubled.
    """

    note = models.ForeignKey(CallNote, on_delete=models.CASCADE, related_name="typings")
    page = models.CharField(max_length=40)
    revision = models.PositiveIntegerField()
    text = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "page"], name="one_typing_a_page")]

    def __str__(self) -> str:
        return f"{self.page} in {self.note_id}"
