"""How far a purchased service is set up, and the tasks that set it up (O6, B10)."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models

from steadyhand.clients.models import Client, Service
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.people.models import Member


class ServiceSetupQuerySet(SeenWithClient["ServiceSetup"]):
    """Set-ups, in the words of the first week."""

    def standing(self, day: dt.date) -> Self:
        """Those of live clients whose engagement has not ended by this day."""
        running = models.Q(service__engagement__ends_on=None) | models.Q(
            service__engagement__ends_on__gte=day
        )
        return self.filter(running, client__stage="live")

    def unconfirmed(self) -> Self:
        """Those nobody has looked at and found complete."""
        return self.filter(confirmed_at=None)

    def preloaded(self) -> Self:
        """With everything a row on a page names. Two queries more."""
        return self.select_related("client", "manager", "service__engagement").prefetch_related(
            "service__tasks__owner", "contacts"
        )


class ServiceSetup(models.Model):
    """One service on its way from bought to running.

    `manager` delivers it, `starts_on` is the day the work begins. `confirmed_at` is when somebody looked at
    the project tool and found everything there; `reason` says why a start after the first week stands.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="setups")
    service = models.OneToOneField(Service, on_delete=models.CASCADE, related_name="setup")
    manager = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="setups")
    starts_on = models.DateField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=200, blank=True)

    objects = ServiceSetupQuerySet.as_manager()

    class Meta:
        ordering = ["service__engagement__starts_on", "client__name", "service__number", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confirmed_at=None) | models.Q(starts_on__isnull=False),
                name="confirmed_set_up_has_its_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.service} of {self.client}"


class SetupContact(models.Model):
    """One word with the deliverable manager while a service is not set up yet: spoken, or chased."""

    setup = models.ForeignKey(ServiceSetup, on_delete=models.CASCADE, related_name="contacts")
    manager = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="setup_contacts")
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    note = models.CharField(max_length=300)
    chased = models.BooleanField(default=False)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.note


class TaskQuerySet(SeenWithClient["Task"]):
    """Tasks, in the words of delivery."""

    def open(self) -> Self:
        """Not done yet."""
        return self.filter(done_at=None)


class Task(models.Model):
    """A piece of the work as the project tool has it; what we owe the client is a commitment instead."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="tasks")
    service = models.ForeignKey(Service, null=True, on_delete=models.CASCADE, related_name="tasks")
    title = models.CharField(max_length=200)
    owner = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="tasks")
    due_on = models.DateField(null=True)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return self.title
