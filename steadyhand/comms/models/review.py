"""Review before sending: who is under review, and what became of each mail that was looked at (S8, P5)."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.commitments.models import Commitment
from steadyhand.comms.models.message import Message
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability


class SupervisionQuerySet(models.QuerySet["Supervision"]):
    """Who is under review, in the words of the team."""

    def running(self) -> Self:
        """Nobody has released them yet."""
        return self.filter(released_at=None)

    def visible_to(self, actor: Actor) -> Self:
        """One's own, those one reviews or manages, and everybody's for who looks after people or the team."""
        if actor.is_system or actor.may(Capability.MANAGE_PEOPLE) or actor.may(Capability.SEE_TEAM):
            return self
        if actor.kind is not ActorKind.MEMBER:
            return self.none()
        own = (
            models.Q(member=actor.id) | models.Q(reviewer=actor.id) | models.Q(member__line_manager=actor.id)
        )
        return self.filter(own)


class Supervision(models.Model):
    """A time in which a member's important mail goes to a reviewer first; ended by a release, never deleted.

    Without a `reviewer` it is the member's line manager, else the client's executive sponsor.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="supervisions")
    reviewer = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="supervises")
    since = models.DateTimeField()
    put_by = models.CharField(max_length=200)
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=200, blank=True)

    objects = SupervisionQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=models.Q(released_at=None), name="one_running_review_a_member"
            ),
            models.CheckConstraint(
                condition=models.Q(reviewer=None) | ~models.Q(reviewer=models.F("member")),
                name="nobody_reviews_themselves",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} under review since {self.since:%Y-%m-%d}"


class Verdict(models.TextChoices):
    """What a reviewer said."""

    APPROVED = "approved", "approved"
    RETURNED = "returned", "returned"
    WITHDRAWN = "withdrawn", "taken back by its writer"


class ReviewQuerySet(models.QuerySet["Review"]):
    """Reviews, as far as one may read them."""

    def waiting(self) -> Self:
        """Not decided yet."""
        return self.filter(verdict="")

    def visible_to(self, actor: Actor) -> Self:
        """Those of mail one may read."""
        return self.filter(
            models.Exists(Message.objects.visible_to(actor).filter(pk=models.OuterRef("message")))
        )


class Review(models.Model):
    """One mail looked at before it leaves: by whom, what came of it, and whether the words were changed.

    `subject` and `text` are what was submitted; the message holds what became of them. `send_at` is when it
    shall leave; none: as soon as it is approved. `commitment` is the reviewer's promise to look at it.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="reviews")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="reviewed")
    reviewer = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="reviews")
    commitment = models.OneToOneField(
        Commitment, null=True, on_delete=models.SET_NULL, related_name="message_review"
    )
    subject = models.CharField(max_length=500)
    text = models.TextField()
    send_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    changed = models.BooleanField(default=False)
    comment = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "-id"]
        indexes = [models.Index(fields=["member", "verdict", "-decided_at"], name="review_of_member")]
        constraints = [
            models.UniqueConstraint(
                fields=["message"], condition=models.Q(verdict=""), name="one_open_review_a_message"
            ),
            models.CheckConstraint(
                condition=models.Q(verdict="", decided_at=None)
                | (~models.Q(verdict="") & models.Q(decided_at__isnull=False)),
                name="decided_review_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"review of “{self.subject}” ({self.verdict or 'waiting'})"


class MailRules(models.Model):
    """How the agency writes to clients: one row (id 1); without it the defaults hold.

    `own_domains` are those its members' own addresses may be the sender of, separated by spaces.
    """

    delay_seconds = models.PositiveSmallIntegerField(default=60)
    own_domains = models.CharField(max_length=1000, blank=True)
    review_newcomers = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_set_of_mail_rules"),
            models.CheckConstraint(condition=models.Q(delay_seconds__lte=3600), name="delay_up_to_an_hour"),
        ]

    def __str__(self) -> str:
        return "mail rules"

    @classmethod
    def current(cls) -> MailRules:
        """The rules in force."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    def allows(self, address: str) -> bool:
        """Whether mail may be sent from this address."""
        return address.rpartition("@")[2].lower() in self.own_domains.lower().split()
