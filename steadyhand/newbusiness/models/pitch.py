"""Whether to pitch: the test's answers, the decision, and whom of client services we asked (W1)."""

from __future__ import annotations

from django.db import models

from steadyhand.commitments.models import Commitment
from steadyhand.newbusiness.models.lead import Lead, SeenWithLead
from steadyhand.people.models import Member


class Verdict(models.TextChoices):
    """What was decided."""

    GO = "go", "go"
    NO_GO = "no_go", "no go"


class PitchTest(models.Model):
    """One sitting of the should-we-pitch test. `score` and `go_from` are percents.

    Where the verdict is not what the score says, `reason` says why. A later test replaces an earlier
    one (`until`); all stay readable.
    """

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="pitch_tests")
    verdict = models.CharField(max_length=5, choices=Verdict)
    score = models.PositiveSmallIntegerField()
    go_from = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="pitch_tests")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = SeenWithLead["PitchTest"].as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], condition=models.Q(until=None), name="one_standing_test_a_lead"
            ),
            models.CheckConstraint(
                condition=~models.Q(reason="")
                | models.Q(verdict="go", score__gte=models.F("go_from"))
                | models.Q(verdict="no_go", score__lt=models.F("go_from")),
                name="against_the_score_for_a_reason",
            ),
            models.CheckConstraint(condition=models.Q(score__lte=100), name="score_in_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}, {self.score}%"

    @property
    def is_against_score(self) -> bool:
        """Whether somebody decided otherwise than the score says."""
        return (self.verdict == Verdict.GO) != (self.score >= self.go_from)


class PitchAnswer(models.Model):
    """The answer to one question, from 0 to 4, with the words and the weight it had that day."""

    test = models.ForeignKey(PitchTest, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=60)
    text = models.CharField(max_length=500)
    weight = models.PositiveSmallIntegerField()
    points = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["test", "question"], name="one_answer_a_pitch_question"),
            models.CheckConstraint(condition=models.Q(points__lte=4), name="points_0_to_4"),
        ]

    def __str__(self) -> str:
        return f"{self.text} {self.points}"


class Consultation(models.Model):
    """Client services was asked about a pitch: who, when, and what they said (W1)."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="consultations")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="consultations")
    promise = models.OneToOneField(
        Commitment, null=True, on_delete=models.SET_NULL, related_name="consultation"
    )
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    said = models.TextField(blank=True)
    said_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = SeenWithLead["Consultation"].as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(said="", said_at=None)
                | (models.Q(said_at__isnull=False) & ~models.Q(said="")),
                name="consulted_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} about lead {self.lead_id}"

    @property
    def removal_path(self) -> str:
        """Where sparing them the answer is posted."""
        return f"/consultations/{self.pk}/removal/"
