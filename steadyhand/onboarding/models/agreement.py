"""Agreements with clients: their versions, clauses, and what was said about clauses (O3)."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Self

from django.db import models

from steadyhand.clients.models import Client, Contact, Engagement
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.people.models import Member


class AgreementKind(models.TextChoices):
    """What an agreement settles (MISSION O3)."""

    CONTRACT = "contract", "contract"
    SLA = "sla", "service level agreement"
    PROJECT = "project", "project agreement"


class AgreementState(models.TextChoices):
    """Where an agreement stands. Signed: by both sides, the sealed PDF is still to be made."""

    DRAFT = "draft", "draft"
    SHARED = "shared", "with the client"
    READY = "ready", "ready to sign"
    SIGNED = "signed", "signed"
    SEALED = "sealed", "signed and sealed"
    WITHDRAWN = "withdrawn", "withdrawn"
    DECLINED = "declined", "declined"
    REPLACED = "replaced", "replaced"


S = AgreementState
OPEN = (S.DRAFT, S.SHARED, S.READY)
IN_FORCE = (S.SIGNED, S.SEALED)
CLOSED = (S.WITHDRAWN, S.DECLINED, S.REPLACED)
TO_BE_SIGNED = (S.READY, *IN_FORCE)


class AgreementQuerySet(SeenWithClient["Agreement"]):
    """Agreements, in the words of both sides."""

    def shared_with(self, contact: Contact) -> Self:
        """What a client sees: their own, once shared."""
        return self.filter(client=contact.client_id, shared_at__isnull=False)

    def open(self) -> Self:
        """Still on the way to being signed."""
        return self.filter(state__in=OPEN)

    def preloaded(self) -> Self:
        """With everything a row on a page names."""
        return self.select_related("client", "engagement", "owner").prefetch_related("signatures")


class Agreement(models.Model):
    """One agreement. `owner` brings it to signature; since `shared_at` the client can read it."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="agreements")
    engagement = models.ForeignKey(
        Engagement, null=True, on_delete=models.SET_NULL, related_name="agreements"
    )
    owner = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="agreements")
    kind = models.CharField(max_length=10, choices=AgreementKind)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=AgreementState, default=AgreementState.DRAFT)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    shared_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True)
    closed_why = models.CharField(max_length=500, blank=True)
    replaced_by = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="replaces")

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["state", "made_at"], name="agreement_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[S.DRAFT, S.WITHDRAWN]) | models.Q(shared_at__isnull=False),
                name="agreement_is_shared_before_it_goes_on",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=TO_BE_SIGNED) | models.Q(ready_at__isnull=False),
                name="agreement_is_ready_before_it_is_signed",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[*IN_FORCE, S.REPLACED], signed_at__isnull=False)
                | (~models.Q(state__in=[*IN_FORCE, S.REPLACED]) & models.Q(signed_at=None)),
                name="agreement_in_force_was_signed",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=CLOSED, closed_at__isnull=False)
                | (~models.Q(state__in=CLOSED) & models.Q(closed_at=None)),
                name="agreement_closed_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether it may still change."""
        return self.state in OPEN

    @property
    def in_force(self) -> bool:
        """Whether both sides have signed and nothing took its place."""
        return self.state in IN_FORCE

    @cached_property
    def shared_version(self) -> AgreementVersion | None:
        """What the client reads, and what is signed: the newest version that was shared."""
        return self.versions.filter(shared_at__isnull=False).order_by("-number").first()

    @cached_property
    def working_version(self) -> AgreementVersion | None:
        """The version being written, if one is; there is never more than one."""
        return self.versions.filter(shared_at=None).first()


class AgreementVersion(models.Model):
    """The text at one point. Once shared it never changes, and `digest` is the SHA-256 of all it says.

    `ends_on` is empty where it runs on until notice; `notice_days` is how long before the end (or before
    stopping) either side says so. `agency_name` and `client_name` are the parties as they were called then.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    begins_on = models.DateField()
    ends_on = models.DateField(null=True)
    notice_days = models.PositiveSmallIntegerField(default=30)
    agency_name = models.CharField(max_length=200, blank=True)
    client_name = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    shared_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="one_agreement_version_a_number"),
            models.UniqueConstraint(
                fields=["agreement"],
                condition=models.Q(shared_at=None),
                name="one_agreement_version_in_work",
            ),
            models.CheckConstraint(
                condition=models.Q(shared_at=None, digest="")
                | (models.Q(shared_at__isnull=False) & ~models.Q(digest="")),
                name="shared_agreement_version_has_its_digest",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("begins_on")),
                name="agreement_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"

    @property
    def notice_by(self) -> dt.date | None:
        """The last day to give notice before it ends; None where it runs on."""
        return self.ends_on - dt.timedelta(days=self.notice_days) if self.ends_on else None


class AgreementClause(models.Model):
    """One clause of one version. `key` is the same clause in every version.

    `text` is what both sides read. Once shared, `wording` keeps it with the agreement's own fields still
    open, for the next version to be written from.
    """

    version = models.ForeignKey(AgreementVersion, on_delete=models.CASCADE, related_name="clauses")
    number = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    text = models.TextField()
    wording = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="one_clause_a_number"),
            models.UniqueConstraint(fields=["version", "key"], name="one_clause_a_key"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class ClauseComment(models.Model):
    """What one side says to the other about a clause, or about the whole. Both sides read all of them."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.CASCADE, related_name="comments")
    clause_key = models.CharField(max_length=60, blank=True)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)
    ours = models.BooleanField()
    text = models.TextField()
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="clause_comment_says_something")
        ]

    def __str__(self) -> str:
        return self.text[:60]
