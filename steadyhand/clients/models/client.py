"""Clients and the groups they belong to."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.core.actor import Actor
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability


class Stage(models.TextChoices):
    """Where a client stands. A prospect is outside planner and client lists."""

    PROSPECT = "prospect", "prospect"
    LIVE = "live", "live"
    ENDED = "ended", "ended"
    MERGED = "merged", "merged into another"


class Lift(models.TextChoices):
    """What, beside spend, may lift a client's cadence by one band (B2)."""

    NONE = "", "spend alone"
    ROOM_TO_GROW = "room_to_grow", "room to grow"
    LIFETIME_VALUE = "lifetime_value", "likely lifetime value"


class Propensity(models.TextChoices):
    """How likely a client is to spend more (B8)."""

    LOW = "low", "low"
    MEDIUM = "medium", "medium"
    HIGH = "high", "high"


class ClientGroup(models.Model):
    """The parent organisation of several clients."""

    name = models.CharField(max_length=200, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ClientQuerySet(models.QuerySet["Client"]):
    """Clients, in the words of the agency."""

    def visible_to(self, actor: Actor) -> Self:
        """Those whose account team the member is on; all of them for roles that see all.

        One EXISTS on the access table, none at all where the role sees everything.
        """
        if actor.may(Capability.SEE_ALL_CLIENTS):
            return self
        if actor.member_id is None:
            return self.none()
        return self.filter(
            models.Exists(Access.objects.filter(client=models.OuterRef("pk"), member=actor.member_id))
        )

    def in_full(self, actor: Actor) -> Self:
        """Those the actor may also change: all for roles that see all, else where the access is in full."""
        if actor.may(Capability.SEE_ALL_CLIENTS):
            return self
        if actor.member_id is None:
            return self.none()
        accesses = Access.objects.filter(
            client=models.OuterRef("pk"), member=actor.member_id, level=Level.FULL
        )
        return self.filter(models.Exists(accesses))

    def live(self) -> Self:
        """Clients we look after today."""
        return self.filter(stage=Stage.LIVE)

    def listed(self) -> Self:
        """What a client list shows: no prospects, and no husks of a merge."""
        return self.filter(stage__in=[Stage.LIVE, Stage.ENDED])


class Client(models.Model):
    """An organisation we look after. `ref` is its short name in addresses and never changes hands."""

    ref = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    domain = models.CharField(max_length=200, blank=True)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.LIVE)
    group = models.ForeignKey(ClientGroup, null=True, blank=True, on_delete=models.SET_NULL)
    industry = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    website = models.CharField(max_length=300, blank=True)
    country = models.CharField(max_length=2, default="GB")
    subdivision = models.CharField(max_length=10, blank=True)
    zone = models.CharField(max_length=60, default="Europe/London")
    since = models.DateField(null=True)
    lift = models.CharField(max_length=20, choices=Lift, default=Lift.NONE, blank=True)
    propensity = models.CharField(max_length=6, choices=Propensity, default=Propensity.MEDIUM)
    business = models.TextField(blank=True, help_text="What they do, for whom (O8).")
    goals = models.TextField(blank=True, help_text="What they want from us, in their words (O8).")
    plan_revision = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")

    objects = ClientQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        indexes = [
            models.Index(fields=["stage", "name", "id"], name="client_by_name"),
            models.Index(fields=["domain"], name="client_by_domain"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["domain"],
                condition=~models.Q(domain="") & ~models.Q(stage="merged"),
                name="one_client_a_domain",
            ),
            models.CheckConstraint(
                condition=models.Q(stage="merged", merged_into__isnull=False)
                | (~models.Q(stage="merged") & models.Q(merged_into=None)),
                name="merged_says_into_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The client's page."""
        return f"/clients/{self.ref}/"


class Level(models.IntegerChoices):
    """How much of a client somebody sees."""

    LOOK = 1, "to read"
    FULL = 2, "in full"


class Access(models.Model):
    """Who sees which client. Kept by the account team's verbs alone; read by `visible_to`."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="accesses")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="accesses")
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.FULL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "client"], name="one_access_a_pair")]

    def __str__(self) -> str:
        return f"{self.member_id} sees {self.client_id} {self.get_level_display()}"
