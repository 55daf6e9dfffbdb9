"""One thing to approve, its versions, what was said about each, and when it is posted (S16)."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.clients.models import Access, ClientFile, Contact
from steadyhand.commitments.models import Commitment
from steadyhand.core.actor import Actor
from steadyhand.delivery.models.bundle import Bundle
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability


class PieceKind(models.TextChoices):
    """What it is made of."""

    PICTURE = "picture", "picture"
    VIDEO = "video", "video"
    COPY = "copy", "copy"


class PieceQuerySet(models.QuerySet["Piece"]):
    """Pieces, by who may see their client."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of clients one sees."""
        if actor.may(Capability.SEE_ALL_CLIENTS):
            return self
        if actor.member_id is None:
            return self.none()
        sees = Access.objects.filter(client=models.OuterRef("bundle__client"), member=actor.member_id)
        return self.filter(models.Exists(sees))

    def kept(self) -> Self:
        """Still in their bundle."""
        return self.filter(removed_at=None)


class Piece(models.Model):
    """A video, a picture or copy, in the order in which it is shown."""

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="pieces")
    kind = models.CharField(max_length=8, choices=PieceKind)
    title = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects = PieceQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class PieceVersion(models.Model):
    """How a piece looked at one time; never changed.

    `carries` is the version that was approved with changes which this one puts in.
    """

    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    file = models.ForeignKey(ClientFile, null=True, on_delete=models.RESTRICT, related_name="+")
    text = models.TextField(blank=True)
    note = models.CharField(max_length=500, blank=True)
    carries = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="carried_by")
    made_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["piece", "number"], name="one_version_a_number_of_a_piece"),
            models.CheckConstraint(
                condition=models.Q(file__isnull=False) | ~models.Q(text=""), name="version_holds_something"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class Verdict(models.TextChoices):
    """What the client said to a version."""

    APPROVED = "approved", "approved"
    WITH_CHANGES = "with_changes", "approved with changes"
    CHANGE_WANTED = "change_wanted", "change wanted"


class Decision(models.Model):
    """What one level said to one version, and to no other."""

    version = models.ForeignKey(PieceVersion, on_delete=models.CASCADE, related_name="decisions")
    level = models.PositiveSmallIntegerField()
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="decisions")
    by_name = models.CharField(max_length=200)
    verdict = models.CharField(max_length=14, choices=Verdict)
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["level", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "level"],
                condition=models.Q(undone_at=None),
                name="one_decision_a_level",
            ),
            models.CheckConstraint(
                condition=models.Q(verdict="approved") | ~models.Q(words=""), name="changes_are_said_in_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} by {self.by_name}"


class Comment(models.Model):
    """A remark about a version: at a place of a picture (`x`, `y`: per cent from the left and top), at a time
    of a video (`seconds`), or about all of it. Ours are internal unless `shared`.
    """

    version = models.ForeignKey(PieceVersion, on_delete=models.CASCADE, related_name="comments")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)
    text = models.TextField()
    x = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    y = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    seconds = models.DecimalField(max_digits=7, decimal_places=1, null=True)
    shared = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(x=None, y=None)
                | models.Q(x__isnull=False, y__isnull=False, x__range=(0, 100), y__range=(0, 100)),
                name="comment_within_the_picture",
            ),
            models.CheckConstraint(
                condition=models.Q(seconds=None) | models.Q(seconds__gte=0), name="comment_within_the_video"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Posting(models.Model):
    """When a version goes out, and the promise to post it; ended when that is called off."""

    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="postings")
    version = models.ForeignKey(PieceVersion, on_delete=models.CASCADE, related_name="postings")
    commitment = models.OneToOneField(
        Commitment, null=True, on_delete=models.SET_NULL, related_name="posting"
    )
    at = models.DateTimeField()
    made_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["piece"], condition=models.Q(ended_at=None), name="posted_once")
        ]

    def __str__(self) -> str:
        return f"{self.piece_id} at {self.at:%Y-%m-%d %H:%M}"
