"""A report to a client: drafted with its figures frozen, commented, approved, sent, opened (R4)."""

from __future__ import annotations

from typing import Any, Self

from django.db import models

from steadyhand.clients.models import Client, Contact
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.commitments.models import Commitment
from steadyhand.core.models import OutboxMessage
from steadyhand.people.models import Member


class ReportKind(models.TextChoices):
    """What a report is about."""

    FIGURES = "figures", "report"
    PAID_SEARCH = "paid_search", "paid-search report"
    CLOSING = "closing", "closing report"
    ACTIVITY = "activity", "activity report"
    RENEWAL = "renewal", "renewal pack"


class ReportState(models.TextChoices):
    """How far a report is."""

    DRAFT = "draft", "draft"
    ASKED = "asked", "waiting for approval"
    APPROVED = "approved", "approved"
    SENT = "sent", "sent"


class Reading(models.TextChoices):
    """How somebody at the client reads a report (R5)."""

    DETAIL = "detail", "every figure, channel by channel"
    SHORT = "short", "two or three figures and one decision"
    NONE = "none", "no reports"


class ReportQuerySet(SeenWithClient["Report"]):
    """Reports, in the words of their page."""

    def unsent(self) -> Self:
        """Still with us."""
        return self.exclude(state=ReportState.SENT)

    def shared_with(self, contact: Contact) -> Self:
        """What somebody at the client may open: what was sent to anybody there."""
        return self.filter(client=contact.client_id, state=ReportState.SENT)

    def preloaded(self) -> Self:
        """With what a row on a page names."""
        return self.select_related("client", "owner", "commitment")


class Report(models.Model):
    """One report. `content` holds its figures as they were at `cut_off`: what page, PDF, mail and API read.

    `period` is the calendar period reported on (“2026-11”), from `first_day` to `last_day`, days of `zone`.
    `commentary` is for the client, `notes` stay inside, `decision` is the one wanted of whoever decides.
    `revision` counts what was written, so that nobody sends what somebody else has just changed.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="reports")
    commitment = models.OneToOneField(Commitment, null=True, on_delete=models.CASCADE, related_name="report")
    kind = models.CharField(max_length=12, choices=ReportKind, default=ReportKind.FIGURES)
    title = models.CharField(max_length=200)
    period = models.CharField(max_length=40)
    first_day = models.DateField()
    last_day = models.DateField()
    zone = models.CharField(max_length=60)
    cut_off = models.DateTimeField()
    content = models.JSONField(default=dict)
    commentary = models.TextField(blank=True)
    decision = models.CharField(max_length=500, blank=True)
    notes = models.TextField(blank=True)
    owner = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="reports")
    state = models.CharField(max_length=8, choices=ReportState, default=ReportState.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=200, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-last_day", "-id"]
        indexes = [
            models.Index(fields=["client", "-last_day"], name="report_of_client"),
            models.Index(fields=["state", "-last_day"], name="report_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at=None)),
                name="sent_report_says_when",
            ),
            models.CheckConstraint(
                condition=models.Q(first_day__lte=models.F("last_day")), name="report_begins_before_it_ends"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page, for staff."""
        return f"/reports/{self.pk}/"

    @property
    def is_sent(self) -> bool:
        return self.state == ReportState.SENT

    @property
    def figures(self) -> list[dict[str, Any]]:
        """The frozen figures, the most telling first."""
        return list(self.content.get("figures", []))


class Suggestion(models.Model):
    """A sentence made of the data: marked as such until somebody accepts it, then part of the commentary."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="suggestions")
    text = models.CharField(max_length=500)
    why = models.CharField(max_length=300, help_text="The rule and the numbers behind it.")
    place = models.PositiveSmallIntegerField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.CharField(max_length=200, blank=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["place", "id"]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.dropped_at is None


class ReportApproval(models.Model):
    """Somebody who leads the account has read a report and lets it go; `undone_at` once taken back."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="approvals")
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="report_approvals")
    name = models.CharField(max_length=200)
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report"], condition=models.Q(undone_at=None), name="report_approved_once"
            )
        ]

    def __str__(self) -> str:
        return f"approved by {self.name}"


class ReportRecipient(models.Model):
    """Whom a report was sent to, in which reading, with the mail it left in."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="recipients")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="reports_sent")
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254)
    reading = models.CharField(max_length=6, choices=Reading)
    pdf_digest = models.CharField(max_length=64, blank=True)
    mail = models.ForeignKey(OutboxMessage, null=True, on_delete=models.SET_NULL, related_name="reports")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "email"], name="report_sent_once_an_address")
        ]

    def __str__(self) -> str:
        return self.name


class ReportOpening(models.Model):
    """Somebody at the client opened a report's page for the first time."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="openings")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="report_openings")
    name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["report", "contact"], name="first_opening_once")]

    def __str__(self) -> str:
        return f"opened by {self.name}"
