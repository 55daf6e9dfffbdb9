"""The people of the agency."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Self

from django.db import models

from steadyhand.core.actor import Actor, ActorKind
from steadyhand.people.models.user import User
from steadyhand.people.roles import Capability, Role, capabilities_of


class MemberState(models.TextChoices):
    """How far in somebody is. Importing an owner makes a member who is not invited yet."""

    NOT_INVITED = "not_invited", "not invited yet"
    INVITED = "invited", "invited"
    ACTIVE = "active", "active"
    LEFT = "left", "left"


class News(models.TextChoices):
    """How often somebody is mailed what happened. Urgent news pass at once, except for “never”."""

    NOW = "now", "As it happens"
    HOURLY = "hourly", "Every hour"
    DAILY = "daily", "Each working morning, with my day"
    WEEKLY = "weekly", "On Monday morning"
    NEVER = "never", "Never"


class MemberQuerySet(models.QuerySet["Member"]):
    """Members, in the words of the agency."""

    def here(self) -> Self:
        """Everybody who has not left, whether or not they have signed in yet."""
        return self.exclude(state=MemberState.LEFT)

    def visible_to(self, actor: Actor) -> Self:
        """Colleagues see one another; nobody else does."""
        return self if actor.is_system or actor.kind is ActorKind.MEMBER else self.none()


class Member(models.Model):
    """Somebody at the agency: owner of promises, with a role, a zone and a working week.

    The birthday has no year: colleagues congratulate, nobody counts. It is theirs to say or leave out.
    """

    user = models.OneToOneField(User, null=True, on_delete=models.SET_NULL, related_name="member")
    name = models.CharField(max_length=200)
    email = models.EmailField(unique=True)
    role = models.CharField(max_length=30, choices=Role, default=Role.MANAGER)
    state = models.CharField(max_length=12, choices=MemberState, default=MemberState.NOT_INVITED)
    phone = models.CharField(max_length=40, blank=True)
    line_manager = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL)
    country = models.CharField(max_length=2, default="GB")
    subdivision = models.CharField(max_length=10, blank=True)
    zone = models.CharField(max_length=60, default="Europe/London")
    language = models.CharField(max_length=10, default="en-gb")
    weekly_hours = models.DecimalField(max_digits=4, decimal_places=1, default=Decimal("37.5"))
    theme = models.CharField(max_length=6, default="system")
    density = models.CharField(max_length=12, default="comfortable")
    shortcuts = models.BooleanField(default=True)
    news = models.CharField(max_length=8, choices=News, default=News.DAILY)
    news_until = models.CharField(max_length=20, blank=True)
    birth_day = models.PositiveSmallIntegerField(null=True)
    birth_month = models.PositiveSmallIntegerField(null=True)
    joined_on = models.DateField(null=True)
    made_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(left_at=None) | models.Q(state="left"), name="left_means_left"
            ),
            models.CheckConstraint(
                condition=models.Q(birth_day=None, birth_month=None)
                | models.Q(birth_day__range=(1, 31), birth_month__range=(1, 12)),
                name="birthday_is_a_day_of_a_month",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> Actor:
        """This member as somebody who acts."""
        return Actor(ActorKind.MEMBER, self.pk, self.name, capabilities_of(self.role))

    def may(self, capability: Capability) -> bool:
        """Whether the member's role grants this."""
        return capability in capabilities_of(self.role)

    @property
    def initials(self) -> str:
        """Two letters for a face."""
        parts = self.name.split() or [self.email]
        return (parts[0][:1] + (parts[-1][:1] if len(parts) > 1 else "")).upper()


class Absence(models.Model):
    """A time somebody is away, and who keeps their promises meanwhile (S3: hand over for a period).

    A fact like any other: the planner gives untouched promises of that time to the cover, and gives
    them back when the absence is cancelled.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="absences")
    starts_on = models.DateField()
    ends_on = models.DateField()
    cover = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="covers")
    reason = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="absence_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~models.Q(member=models.F("cover")), name="nobody_covers_themselves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} away {self.starts_on} to {self.ends_on}"

    def spans(self, day: dt.date) -> bool:
        """Whether the member is away on this day."""
        return self.cancelled_at is None and self.starts_on <= day <= self.ends_on


class SavedView(models.Model):
    """Filters, columns and order of a list, kept under a name; the query string is the whole of it."""

    owner = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=2000, blank=True)
    shared = models.BooleanField(default=False)
    opens = models.BooleanField(default=False, help_text="What its owner sees first on the page.")

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "page", "name"], name="one_view_a_name_and_owner"),
            models.UniqueConstraint(
                fields=["owner", "page"], condition=models.Q(opens=True), name="one_view_opens_a_page"
            ),
        ]

    def __str__(self) -> str:
        return self.name
