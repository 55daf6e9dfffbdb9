"""What must be ready before people meet: preparations, bookings, and reports asked of departments."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.clients.models import Access, Client
from steadyhand.commitments.models import Commitment
from steadyhand.comms.models.meeting import Meeting
from steadyhand.core.actor import Actor
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability


class Step(models.TextChoices):
    """The five preparations of a meeting with a client (S12), and what another department prepares (S9)."""

    ATTENDEES = "attendees", "attendees agreed"
    AGENDA = "agenda", "agenda sent"
    PRESENTATION = "presentation", "presentation ready"
    LOGISTICS = "logistics", "logistics arranged"
    MINUTES = "minutes", "minutes circulated"
    DEPARTMENT = "department", "prepared by a department"


class Preparation(models.Model):
    """One preparation of a meeting; when, by whom and whether it is done is its promise's to say."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="preparations")
    step = models.CharField(max_length=14, choices=Step)
    commitment = models.OneToOneField(
        Commitment, null=True, on_delete=models.SET_NULL, related_name="preparation"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "step"],
                condition=~models.Q(step="department"),
                name="each_preparation_once",
            )
        ]

    def __str__(self) -> str:
        return self.get_step_display()


class BookingKind(models.TextChoices):
    """What is booked."""

    TRAVEL = "travel", "travel"
    LODGING = "lodging", "lodging"
    ROOM = "room", "room"
    OTHER = "other", "something else"


class Booking(models.Model):
    """Something to be booked for a meeting, by a day; booked once its confirmation is noted (S9 D)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="bookings")
    kind = models.CharField(max_length=8, choices=BookingKind)
    note = models.CharField(max_length=200, blank=True)
    commitment = models.OneToOneField(
        Commitment, null=True, on_delete=models.SET_NULL, related_name="booking"
    )
    made_at = models.DateTimeField()
    booked_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=200, blank=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(booked_at=None) | ~models.Q(reference=""), name="booked_with_a_reference"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} for {self.meeting_id}"

    @property
    def number(self) -> str:
        """Its id, as an address has it."""
        return str(self.pk)


class ReportRequestQuerySet(models.QuerySet["ReportRequest"]):
    """Reports asked of departments, as far as one may see them."""

    def visible_to(self, actor: Actor) -> Self:
        """Those one asked for or owes, and those for clients one sees."""
        if actor.may(Capability.SEE_ALL_CLIENTS):
            return self
        if actor.member_id is None:
            return self.none()
        sees = models.Exists(Access.objects.filter(client=models.OuterRef("client"), member=actor.member_id))
        return self.filter(sees | models.Q(asked_by=actor.member_id) | models.Q(asked_of=actor.member_id))

    def preloaded(self) -> Self:
        """With everything a row on a page names."""
        return self.select_related("client", "meeting", "asked_by", "asked_of", "commitment")


class ReportRequest(models.Model):
    """A report wanted from the head of a department before a client is met: what, from whom; by when is
    its promise's to say (S11). It is kept by handing the report in."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="report_requests")
    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.SET_NULL, related_name="report_requests")
    wanted = models.CharField(max_length=300)
    asked_of = models.ForeignKey(
        Member, null=True, on_delete=models.SET_NULL, related_name="report_requests_owed"
    )
    asked_by = models.ForeignKey(
        Member, null=True, on_delete=models.SET_NULL, related_name="report_requests_made"
    )
    commitment = models.OneToOneField(
        Commitment, null=True, on_delete=models.SET_NULL, related_name="report_request"
    )
    asked_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True)
    found_at = models.CharField(max_length=500, blank=True)
    dropped_at = models.DateTimeField(null=True)

    objects = ReportRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "id"]

    def __str__(self) -> str:
        return self.wanted

    @property
    def address(self) -> str:
        """Where it is handed in."""
        return f"/requests/{self.pk}/"
