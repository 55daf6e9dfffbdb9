"""The team's own meetings that come back by themselves (S9)."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.comms.models.meeting import Meeting
from steadyhand.comms.models.minutes import AgendaItem
from steadyhand.core.actor import Actor
from steadyhand.core.recurrence import Cadence
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability

#: How often a series may come.
RHYTHMS = [
    (cadence.value, cadence.words)
    for cadence in (Cadence.WEEKLY, Cadence.FORTNIGHTLY, Cadence.MONTHLY, Cadence.QUARTERLY)
]


class SeriesQuerySet(models.QuerySet["Series"]):
    """Series, as far as one may see them."""

    def visible_to(self, actor: Actor) -> Self:
        """Those one leads or attends; all of them for roles that see every client."""
        if actor.may(Capability.SEE_ALL_CLIENTS):
            return self
        if actor.member_id is None:
            return self.none()
        attends = models.Exists(
            Series.members.through.objects.filter(series=models.OuterRef("pk"), member=actor.member_id)
        )
        return self.filter(models.Q(led_by=actor.member_id) | attends)

    def running(self) -> Self:
        """Those that still come."""
        return self.filter(ended_at=None)


class Series(models.Model):
    """Which meeting, how often, on which day and at what hour (local wall time in `zone`), who comes.

    `day` is written as `core.recurrence.Preference` reads it (“monday”, “first working day”).
    """

    title = models.CharField(max_length=200)
    agenda_key = models.CharField(max_length=60)
    cadence = models.CharField(max_length=12, choices=RHYTHMS)
    day = models.CharField(max_length=30)
    time = models.TimeField()
    zone = models.CharField(max_length=60)
    minutes = models.PositiveSmallIntegerField(default=60)
    place = models.CharField(max_length=300, blank=True)
    led_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="series_led")
    members = models.ManyToManyField(Member, related_name="series")
    from_day = models.DateField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return self.title


class Occurrence(models.Model):
    """One period of a series and the meeting that fills it; called off, it says why (it may not lapse)."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="occurrences")
    period = models.CharField(max_length=12)
    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="occurrence")

    class Meta:
        ordering = ["period", "id"]
        constraints = [
            models.UniqueConstraint(fields=["series", "period"], name="one_meeting_a_period"),
        ]

    def __str__(self) -> str:
        return f"{self.series_id} {self.period}"


class Filling(models.Model):
    """Which section of the agenda fills a point of a meeting by itself."""

    item = models.OneToOneField(AgendaItem, on_delete=models.CASCADE, related_name="filling")
    section = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.section


class Discussed(models.Model):
    """One thing on an agenda was talked about; `topic` names it by value (“care.flag:7”)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="discussed")
    topic = models.CharField(max_length=80)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "topic"], name="discussed_once")]

    def __str__(self) -> str:
        return self.topic
