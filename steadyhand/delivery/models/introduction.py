"""People in our network, and clients we introduced to them (S18)."""

from __future__ import annotations

from typing import Self

from django.db import models

from steadyhand.clients.models import Client, Contact
from steadyhand.clients.models.sight import SeenWithClient
from steadyhand.commitments.models import Commitment
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.people.models import Member


class PartnerQuerySet(models.QuerySet["Partner"]):
    """Partners, in the words of the agency."""

    def visible_to(self, actor: Actor) -> Self:
        """The network is the whole agency's; nobody outside sees it."""
        return self if actor.is_system or actor.kind is ActorKind.MEMBER else self.none()

    def standing(self) -> Self:
        """Those we still recommend."""
        return self.filter(retired_at=None)


class Partner(models.Model):
    """Somebody we trust with work that is not ours to do."""

    name = models.CharField(max_length=200)
    trade = models.CharField(max_length=100)
    contact_name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        ordering = ["trade", "name", "id"]

    def __str__(self) -> str:
        return self.name


class IntroductionOutcome(models.TextChoices):
    """What came of an introduction."""

    WORKING = "working", "they work together"
    TALKING = "talking", "they are talking"
    NOTHING = "nothing", "nothing came of it"


class IntroductionQuerySet(SeenWithClient["Introduction"]):
    """Introductions, in the words of a promise."""

    def standing(self) -> Self:
        """Not dropped."""
        return self.filter(dropped_at=None)

    def open(self) -> Self:
        """To be made, or made and not yet followed up."""
        return self.standing().filter(settled_at=None)


class Introduction(models.Model):
    """A need outside our scope, whom they were introduced to, and what came of it.

    `making` is the promise to introduce them, `following` the one to ask afterwards.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="introductions")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="introductions")
    need = models.CharField(max_length=300)
    partner = models.ForeignKey(Partner, null=True, on_delete=models.SET_NULL, related_name="introductions")
    owner = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="introductions")
    noted_at = models.DateTimeField()
    making = models.OneToOneField(
        Commitment, null=True, on_delete=models.SET_NULL, related_name="introduction_to_make"
    )
    introduced_at = models.DateTimeField(null=True)
    following = models.OneToOneField(
        Commitment, null=True, on_delete=models.SET_NULL, related_name="introduction_to_follow"
    )
    outcome = models.CharField(max_length=10, choices=IntroductionOutcome, blank=True)
    outcome_note = models.CharField(max_length=500, blank=True)
    settled_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    drop_reason = models.CharField(max_length=300, blank=True)

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        ordering = ["-noted_at", "-id"]

    def __str__(self) -> str:
        return self.need
