"""The ledger: what we owe, to whom, by when, who owns it, and why it is there."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models

from steadyhand.clients.models import Access, Client, Engagement
from steadyhand.commitments.kinds import OWED, TIMED, Kind, State
from steadyhand.core.actor import Actor
from steadyhand.core.clock import zone_info
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability
from steadyhand.playbook.models import Version

#: Stands in a key for the engagement of a promise that has none (no engagement's ref looks like it).
NO_ENGAGEMENT = "agency"


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    """Commitments, in the words of Today."""

    def visible_to(self, actor: Actor) -> Self:
        """What one owns, and everything owed to clients one sees."""
        if actor.may(Capability.SEE_ALL_CLIENTS):
            return self
        if actor.member_id is None:
            return self.none()
        sees = models.Exists(Access.objects.filter(client=models.OuterRef("client"), member=actor.member_id))
        return self.filter(models.Q(owner=actor.member_id) | sees)

    def owned_by(self, member: Member | int) -> Self:
        """One person's promises."""
        return self.filter(owner=member)

    def owed(self) -> Self:
        """Still to be done: open, or missed and not yet made good."""
        return self.filter(state__in=OWED)

    def open(self) -> Self:
        """Open promises only."""
        return self.filter(state=State.OPEN)

    def overdue(self, at: dt.datetime) -> Self:
        """Open past their due time."""
        return self.filter(state=State.OPEN, due_at__lt=at)

    def waiting(self) -> Self:
        """Open, but the next move is the client's."""
        return self.filter(state=State.OPEN, waiting_since__isnull=False)

    def for_client_eyes(self) -> Self:
        """What the client may see: nothing internal, nothing that is not theirs."""
        return self.filter(internal=False, client__isnull=False)

    def preloaded(self) -> Self:
        """With everything a row on a page names; a version's long texts only when they are asked for."""
        related = self.select_related("client", "owner", "engagement", "version")
        return related.defer("version__document", "version__content")

    def by_key(self, key: str) -> Self:
        """The commitment of an outside key (see `Commitment.key`)."""
        parts = key.split(".")
        if len(parts) != 4 or not parts[3].isdigit():
            return self.none()
        ref, rule, period, slot = parts
        found = self.filter(rule=rule, period=period, slot=int(slot))
        return found.filter(engagement=None) if ref == NO_ENGAGEMENT else found.filter(engagement__ref=ref)


class Commitment(models.Model):
    """One promise. Its key is (engagement, rule, period, slot) and is unique in the database.

    The planner owns a row until somebody touches it; from then on it fills its period and only
    people change it. `due_on`, `due_time` and `zone` are what was agreed (local wall time); `due_at`
    is the instant in UTC from which the promise is overdue, `starts_at` the instant a timed one
    begins. `sequence` counts every change a calendar must hear of. `about` names by value what the
    promise serves (“comms.openquestion”, 7); `closes_with` the evidence without which it is not kept.
    """

    client = models.ForeignKey(
        Client, null=True, on_delete=models.CASCADE, related_name="commitments", db_index=False
    )
    engagement = models.ForeignKey(
        Engagement, null=True, on_delete=models.CASCADE, related_name="commitments", db_index=False
    )
    kind = models.CharField(max_length=16, choices=Kind)
    title = models.CharField(max_length=200)
    rule = models.CharField(max_length=60)
    period = models.CharField(max_length=40)
    slot = models.PositiveSmallIntegerField(default=1)
    period_ends = models.DateField(null=True)
    version = models.ForeignKey(
        Version, null=True, on_delete=models.PROTECT, related_name="commitments", db_index=False
    )
    owner = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="commitments", db_index=False
    )
    due_on = models.DateField()
    due_time = models.TimeField(null=True)
    zone = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    starts_at = models.DateTimeField(null=True)
    minutes = models.PositiveSmallIntegerField(default=0)
    internal = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True)
    closes_with = models.CharField(max_length=60, blank=True)
    moved_from = models.DateField(null=True)
    touched_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    waiting_since = models.DateTimeField(null=True)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["owner", "state", "due_at"], name="commitment_of_owner"),
            models.Index(fields=["client", "due_at"], name="commitment_of_client"),
            models.Index(fields=["state", "due_at"], name="commitment_by_due"),
            models.Index(
                fields=["due_at"],
                name="commitment_waiting",
                condition=models.Q(waiting_since__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "rule", "period", "slot"], name="one_commitment_a_period"
            ),
            models.UniqueConstraint(
                fields=["rule", "period", "slot"],
                condition=models.Q(engagement=None),
                name="one_internal_commitment_a_period",
            ),
            models.CheckConstraint(
                condition=models.Q(state="missed", missed_at__isnull=False) | ~models.Q(state="missed"),
                name="missed_has_its_stamp",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} by {self.due_on}"

    @property
    def key(self) -> str:
        """The name by which the world outside knows this promise; the same after every run.

        Needs the engagement loaded (`preloaded()`).
        """
        ref = self.engagement.ref if self.engagement is not None else NO_ENGAGEMENT
        return f"{ref}.{self.rule}.{self.period}.{self.slot}"

    @property
    def is_timed(self) -> bool:
        """Whether it takes place at an agreed hour."""
        return self.due_time is not None and self.kind in TIMED

    @property
    def starts_local(self) -> dt.datetime | None:
        """When a timed one begins, on its own clock."""
        return self.starts_at.astimezone(zone_info(self.zone)) if self.starts_at else None

    def is_overdue(self, at: dt.datetime) -> bool:
        """Open past its due time."""
        return self.state == State.OPEN and self.due_at < at
