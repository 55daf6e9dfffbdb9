"""What a client is asked to approve, and whom there (S16)."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.clients.models import Client, Contact
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.commitments.models import Commitment
from steadyhand.comms.models import Message
from steadyhand.people.models import Member


class Mode(models.TextChoices):
    """How much approval a bundle needs before anything of it is posted."""

    NONE = "none", "no approval"
    OPTIONAL = "optional", "may be approved"
    ONE = "one", "one approval"
    SEVERAL = "several", "several approvals, in order"


#: Modes in which somebody at the client has to say yes.
BINDING = (Mode.ONE, Mode.SEVERAL)


class BundleQuerySet(SeenWithClient["Bundle"]):
    """Bundles, in the words of the list."""

    def standing(self) -> Self:
        """Not taken back."""
        return self.filter(withdrawn_at=None)

    def asked(self) -> Self:
        """The client was asked and has not approved everything yet."""
        return self.standing().filter(asked_at__isnull=False, settled_at=None)

    def waiting(self) -> Self:
        """The next move is the client's."""
        return self.asked().filter(commitment__waiting_since__isnull=False)

    def shared_with(self, contact: Contact) -> Self:
        """What somebody at the client may see: theirs, and they were asked."""
        return self.standing().filter(client=contact.client_id, asked_at__isnull=False)

    def preloaded(self) -> Self:
        """With everything a row names."""
        return self.select_related("client", "owner", "commitment")


class Bundle(models.Model):
    """Videos, pictures and copy that are approved together.

    `due_on` is the day (in the client's zone) by which we need the answer; `commitment` the promise that
    waits on it. `is_social`: never posted without the client's yes (S16). Internal until it is asked for.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="bundles")
    title = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    is_social = models.BooleanField(default=False)
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.ONE)
    levels = models.PositiveSmallIntegerField(default=0)
    due_on = models.DateField()
    owner = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="bundles")
    commitment = models.OneToOneField(Commitment, null=True, on_delete=models.SET_NULL, related_name="bundle")
    made_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)

    objects = BundleQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_social=False) | models.Q(mode__in=["one", "several"]),
                name="social_content_is_approved",
            ),
            models.CheckConstraint(
                condition=models.Q(asked_at=None) | models.Q(levels__gte=1), name="asked_of_somebody"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page for staff."""
        return f"/approvals/{self.pk}/"


class Approver(models.Model):
    """Somebody at the client who may decide at a level; at each level, one of those named is enough."""

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="approvers")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="approvals")
    level = models.PositiveSmallIntegerField()
    named_at = models.DateTimeField()
    handed_by = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = models.Manager()

    class Meta:
        ordering = ["level", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["bundle", "contact"], condition=models.Q(ended_at=None), name="asked_once_of_a_bundle"
            ),
            models.CheckConstraint(condition=models.Q(level__gte=1), name="levels_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} at level {self.level} of {self.bundle_id}"


class Step(models.TextChoices):
    """The rungs of the ladder of reminders."""

    BEFORE = "before", "before the deadline"
    ON = "on", "on the day"
    AFTER = "after", "after the deadline"
    BY_HAND = "by_hand", "when we chose"


class Reminder(models.Model):
    """They were reminded, or a draft that does so was made; each rung of a deadline once."""

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="reminders")
    step = models.CharField(max_length=8, choices=Step)
    due_on = models.DateField()
    at = models.DateTimeField()
    messages = models.ManyToManyField(Message, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["bundle", "step", "due_on"],
                condition=~models.Q(step="by_hand"),
                name="each_rung_once_a_deadline",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.due_on}"
