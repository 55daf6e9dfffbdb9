"""What we hand over, by when we said so, and what moved the date (S17)."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models

from steadyhand.clients.models import Access, Client, Contact, Service
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.commitments.models import Commitment
from steadyhand.core.actor import Actor
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability


def visible_with[Rows: models.QuerySet[Any]](rows: Rows, actor: Actor, or_mine: models.Q) -> Rows:
    """Rows of clients one sees, or that are one's own though one does not see the client."""
    if actor.may(Capability.SEE_ALL_CLIENTS):
        return rows
    if actor.member_id is None:
        return rows.none()
    sees = models.Exists(Access.objects.filter(client=models.OuterRef("client"), member=actor.member_id))
    return rows.filter(or_mine | models.Q(sees))


class TimelineQuerySet(SeenWithClient["Timeline"]):
    """Timelines, in the words of the internal kickoff."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of clients one sees, and what one was asked oneself."""
        return visible_with(self, actor, models.Q(asked_of=actor.member_id))

    def awaited(self) -> Self:
        """Asked for, and not given yet."""
        return self.filter(given_at=None, dropped_at=None)

    def given(self) -> Self:
        """A channel lead has said when it can be ready."""
        return self.filter(given_at__isnull=False, dropped_at=None)


class Timeline(models.Model):
    """When a channel lead honestly expects something to be ready, before anybody promises it (O4).

    `asking` is the lead's promise to say so; `ready_on` the day they named.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="timelines")
    service = models.ForeignKey(Service, null=True, on_delete=models.SET_NULL, related_name="timelines")
    title = models.CharField(max_length=200)
    asked_of = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="timelines_asked")
    asked_by = models.CharField(max_length=200, blank=True)
    asking = models.OneToOneField(Commitment, null=True, on_delete=models.SET_NULL, related_name="timeline")
    made_at = models.DateTimeField()
    ready_on = models.DateField(null=True)
    given_by = models.ForeignKey(
        Member, null=True, on_delete=models.SET_NULL, related_name="timelines_honest"
    )
    given_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)
    dropped_at = models.DateTimeField(null=True)

    objects = TimelineQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(given_at=None, ready_on=None)
                | models.Q(given_at__isnull=False, ready_on__isnull=False),
                name="timeline_given_names_its_day",
            )
        ]

    def __str__(self) -> str:
        return self.title


class DeliverableQuerySet(SeenWithClient["Deliverable"]):
    """Deliverables, in the words of the client."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of clients one sees, and what one owes oneself."""
        return visible_with(self, actor, models.Q(commitment__owner=actor.member_id))

    def standing(self) -> Self:
        """Not dropped."""
        return self.filter(dropped_at=None)

    def owed(self) -> Self:
        """Promised and not handed over yet."""
        return self.filter(dropped_at=None, delivered_on=None)

    def overdue(self, day: dt.date) -> Self:
        """Owed past their promised date."""
        return self.owed().filter(due_on__lt=day)

    def shared_with(self, contact: Contact) -> Self:
        """What somebody at the client may see: theirs, shared, and standing."""
        return self.standing().filter(client=contact.client_id, shared_at__isnull=False)


class Deliverable(models.Model):
    """Something the client was promised. `first_due_on` never changes; `due_on` is the date that stands.

    `timeline` is the honest one it rests on; without it, or for an earlier day, `reason` says why it was
    promised all the same. Shared with the client only once `shared_at` says so.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="deliverables")
    service = models.ForeignKey(Service, null=True, on_delete=models.SET_NULL, related_name="deliverables")
    title = models.CharField(max_length=200)
    first_due_on = models.DateField()
    due_on = models.DateField()
    timeline = models.ForeignKey(Timeline, null=True, on_delete=models.RESTRICT, related_name="deliverables")
    reason = models.CharField(max_length=300, blank=True)
    promised_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="deliverables")
    promised_by_name = models.CharField(max_length=200)
    promised_at = models.DateTimeField()
    commitment = models.OneToOneField(
        Commitment, null=True, on_delete=models.SET_NULL, related_name="deliverable"
    )
    delivered_on = models.DateField(null=True)
    delivered_note = models.CharField(max_length=300, blank=True)
    shared_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    drop_reason = models.CharField(max_length=300, blank=True)

    objects = DeliverableQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["client", "due_on"], name="deliverable_of_client")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(timeline__isnull=False) | ~models.Q(reason=""),
                name="promise_rests_on_a_timeline_or_a_reason",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def was_moved(self) -> bool:
        """Whether the date that stands is not the one first promised."""
        return self.due_on != self.first_due_on

    @property
    def is_late(self) -> bool:
        """Whether it was handed over after the date that stood."""
        return self.delivered_on is not None and self.delivered_on > self.due_on

    @property
    def kept_first_date(self) -> bool:
        """Whether it was handed over by the date first promised."""
        return self.delivered_on is not None and self.delivered_on <= self.first_due_on


class DeliverableMove(models.Model):
    """The promised date changed: from when to when, who said so and what moved it."""

    deliverable = models.ForeignKey(Deliverable, on_delete=models.CASCADE, related_name="moves")
    from_day = models.DateField()
    to_day = models.DateField()
    reason = models.CharField(max_length=300)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="deliverable_move_has_a_reason")
        ]

    def __str__(self) -> str:
        return f"{self.from_day} to {self.to_day}: {self.reason}"
