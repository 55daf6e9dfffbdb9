"""Leads: work we may win, from the first word to won, lost or withdrawn (W1)."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.db import models

from steadyhand.clients.models import Client, EngagementKind
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability
from steadyhand.playbook.new_business import ClientSize


class LeadStage(models.TextChoices):
    """Where a lead stands."""

    OPEN = "open", "open"
    PITCHING = "pitching", "pitching"
    WON = "won", "won"
    LOST = "lost", "lost"
    WITHDRAWN = "withdrawn", "withdrawn"


#: Where something is still to be done.
RUNNING = (LeadStage.OPEN, LeadStage.PITCHING)
#: Where a reason is written down.
GIVEN_UP = (LeadStage.LOST, LeadStage.WITHDRAWN)

SIZES = [(size.value, size.value) for size in ClientSize if size is not ClientSize.ANY]


class SeenWithLead[Row: models.Model](models.QuerySet[Row]):
    """Rows with a `lead`, as far as that lead may be seen."""

    def visible_to(self, actor: Actor) -> Self:
        """One subquery, none at all for roles that see every lead."""
        if _sees_all(actor):
            return self
        return self.filter(lead__in=Lead.objects.visible_to(actor).values("pk"))


class LeadQuerySet(SeenWithClient["Lead"]):
    """Leads, in the words of new business."""

    def visible_to(self, actor: Actor) -> Self:
        """Every lead for roles that see all of them; else those of clients one is on the team of.

        Whoever is named on a lead is put on that team.
        """
        return self if _sees_all(actor) else super().visible_to(actor)

    def running(self) -> Self:
        """Those not decided yet."""
        return self.filter(stage__in=RUNNING)


def _sees_all(actor: Actor) -> bool:
    return actor.kind is not ActorKind.CONTACT and actor.may(Capability.SEE_ALL_LEADS)


class Lead(models.Model):
    """Work a prospect may give us. `value` is a month's fee for a retainer, the whole of a project.

    `services` are names, as an engagement will have them. `owner` brought it in and leads its kickoff.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="leads")
    owner = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="leads")
    source = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=EngagementKind)
    value = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    services = models.JSONField(default=list)
    size = models.CharField(max_length=6, choices=SIZES, blank=True)
    face_to_face = models.BooleanField(default=False)
    stage = models.CharField(max_length=10, choices=LeadStage, default=LeadStage.OPEN)
    expected_on = models.DateField(null=True)
    notes = models.TextField(blank=True)
    added_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_because = models.CharField(max_length=300, blank=True)

    objects = LeadQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-id"]
        indexes = [models.Index(fields=["stage", "-changed_at"], name="lead_by_stage")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage__in=["open", "pitching"], closed_at=None, closed_because="")
                | models.Q(stage="won", closed_at__isnull=False)
                | (
                    models.Q(stage__in=["lost", "withdrawn"], closed_at__isnull=False)
                    & ~models.Q(closed_because="")
                ),
                name="lead_closes_at_a_time_for_a_reason",
            ),
            models.CheckConstraint(condition=models.Q(value__gte=Decimal(0)), name="lead_not_below_zero"),
            models.UniqueConstraint(
                fields=["client"],
                condition=models.Q(stage__in=["open", "pitching"]),
                name="one_running_lead_a_client",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client.name}: {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        """The lead's page."""
        return f"/leads/{self.pk}/"

    @property
    def is_running(self) -> bool:
        """Whether it is not decided yet."""
        return self.stage in RUNNING

    @property
    def is_project(self) -> bool:
        """Whether `value` is a whole project's."""
        return self.kind == EngagementKind.PROJECT
