"""A dip in a client's figures, from the night it was noticed to what it turned out to be (R2)."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models

from steadyhand.clients.models import Client
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.people.models import Member
from steadyhand.reporting.metrics.definitions import METRICS, Metric


class IncidentState(models.TextChoices):
    """Open until somebody says what it was; later figures may take it back by themselves."""

    OPEN = "open", "open"
    SETTLED = "settled", "settled"
    CLEARED = "cleared", "cleared by later figures"


class Cause(models.TextChoices):
    """What a dip turned out to be. The answer moves the thresholds of that client's view."""

    REAL = "real", "a real loss"
    SEASON = "season", "the season: it falls every year"
    TRACKING = "tracking", "counting broke; nothing was lost"
    KNOWN = "known", "a change we or they made on purpose"
    ELSEWHERE = "elsewhere", "a holiday, the weather, the news"
    FALSE_ALARM = "false_alarm", "nothing: a false alarm"


class IncidentQuerySet(SeenWithClient["Incident"]):
    """Incidents, in the words of their page."""

    def open(self) -> Self:
        """Nobody has said yet what it was."""
        return self.filter(state=IncidentState.OPEN)

    def settled(self) -> Self:
        """Closed by a person, or by later figures."""
        return self.exclude(state=IncidentState.OPEN)


class Incident(models.Model):
    """One dip. `expected` and `observed` are sums from `first_day` on; of a ratio or a rank they are means.

    `also` names other metrics of the client that fell with it, each with what was expected and observed.
    `drivers` are the slices that bear the loss, `picture` lines of day, value, expected, low and high.
    `score` is how many deviations it lies off, `p` how often as much comes by chance. `supersedes` is the
    incident that later figures had cleared before it was there after all. A dip that is over (`last_day`)
    stays open until somebody says what it was.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="incidents")
    metric = models.CharField(max_length=40)
    first_day = models.DateField()
    last_day = models.DateField(null=True)
    expected = models.FloatField()
    observed = models.FloatField()
    score = models.FloatField()
    p = models.FloatField()
    also = models.JSONField(default=list)
    drivers = models.JSONField(default=list)
    picture = models.JSONField(default=list)
    tracking_suspected = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=IncidentState, default=IncidentState.OPEN)
    supersedes = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="superseded_by", db_index=False
    )
    noticed_at = models.DateTimeField()
    explained_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    told_first = models.BooleanField(null=True)
    cause = models.CharField(max_length=12, choices=Cause, blank=True)
    explanation = models.CharField(max_length=1000, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="dips_closed")

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ["-first_day", "-id"]
        indexes = [models.Index(fields=["state", "-first_day"], name="incident_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "metric"], condition=models.Q(state="open"), name="one_open_dip_a_metric"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", closed_at=None)
                | (~models.Q(state="open") & models.Q(closed_at__isnull=False)),
                name="closed_dip_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="settled") | ~models.Q(cause=""), name="settled_dip_has_a_cause"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} of {self.client_id} from {self.first_day}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return f"/dips/{self.pk}/"

    @property
    def definition(self) -> Metric | None:
        """What is measured."""
        return METRICS.get(self.metric)

    @property
    def label(self) -> str:
        """The metric's name."""
        return self.definition.label if self.definition else self.metric

    @property
    def change(self) -> float:
        """How far off it is, as a share of what was expected: −0.4 is 40% less."""
        return self.observed / self.expected - 1 if self.expected else 0.0

    @property
    def lost(self) -> float:
        """What is missing, for a metric that adds up; for others 0."""
        return max(self.expected - self.observed, 0.0) if self.definition and self.definition.summed else 0.0

    @property
    def is_open(self) -> bool:
        """Whether it waits for an explanation."""
        return self.state == IncidentState.OPEN

    def days(self, today: dt.date) -> int:
        """How many days it has lasted."""
        return ((self.last_day or today) - self.first_day).days + 1

    def as_data(self) -> dict[str, Any]:
        """For the API and the command line; needs the client loaded."""
        return {
            "id": self.pk,
            "client": self.client.ref,
            "metric": self.metric,
            "first_day": self.first_day,
            "last_day": self.last_day,
            "expected": self.expected,
            "observed": self.observed,
            "lost": self.lost,
            "score": self.score,
            "p": self.p,
            "also": self.also,
            "drivers": self.drivers,
            "tracking_suspected": self.tracking_suspected,
            "state": self.state,
            "cause": self.cause,
            "explanation": self.explanation,
            "noticed_at": self.noticed_at,
            "explained_at": self.explained_at,
            "told_at": self.told_at,
            "closed_at": self.closed_at,
        }


class Shock(models.Model):
    """Days on which everybody's figures fell: one notice for the agency, no incident of any client.

    `change` is what the median client lost on the worst of them (−0.25 is a quarter); `series` is how many
    series could tell.
    """

    first_day = models.DateField(unique=True)
    last_day = models.DateField()
    change = models.FloatField()
    series = models.PositiveIntegerField()
    noticed_at = models.DateTimeField()

    class Meta:
        ordering = ["-first_day"]

    def __str__(self) -> str:
        return f"everybody {self.change:.0%} from {self.first_day}"

    @property
    def percent(self) -> str:
        """“25%”."""
        return f"{abs(self.change):.0%}"
